// What the page knows. One object; views read it, app.js changes it.

export const state = {
  start: null, // what the program said of itself
  view: 'start', // start, look, safe
  id: null, // the photo's name on the desk
  photo: null, // {name, format, bytes, width, height}
  shown: false, // whether the program can show the photo
  scanning: false,
  ahead: 0,
  ended: new Map(), // detector -> status
  findings: [],
  report: null,
  hide: new Set(), // ids of what will be covered
  only: false, // whether only the place goes from the file
  revealed: false,
  values: {},
  opened: new Set(), // which details are
  guess: false, // let the class guess first
  guessing: false,
  making: false,
  copy: null,
  turn: 0, // of copies: a new picture needs a new address
  game: null, // the lesson and where the page is in it (game/play.js)
  problem: null, // the key of what to say, or the words by language
};

/** Back to an empty desk. */
export function clear() {
  Object.assign(state, {
    id: null, photo: null, shown: false, scanning: false, ahead: 0, ended: new Map(), findings: [], report: null,
    hide: new Set(), only: false, revealed: false, values: {}, guessing: false, making: false, copy: null, problem: null,
  });
}

/** What counts, with its numbers: kind by kind, by the harm that is to be expected. [{number, ...finding}] */
export function numbered() {
  const exempt = new Set(state.report?.exempt ?? []);
  const worst = new Map();
  for (const { kind, harm } of state.findings) worst.set(kind, Math.max(harm, worst.get(kind) ?? 0));
  return state.findings
    .filter((finding) => !exempt.has(finding.id))
    .sort((a, b) => worst.get(b.kind) - worst.get(a.kind) || a.kind.localeCompare(b.kind) || b.harm - a.harm)
    .map((finding, index) => ({ ...finding, number: index + 1 }));
}

export function covered() {
  return numbered().filter((finding) => state.hide.has(finding.id));
}

/** A value as it is to be shown now. */
export function value(finding) {
  return (state.revealed && state.values[finding.id]) || finding.value;
}
