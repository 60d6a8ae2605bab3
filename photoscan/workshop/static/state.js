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
  share: 50, // how much of the comparison shows what was before, in percent
  arrived: new Map(), // kind -> when its card came
  flown: new Set(), // findings whose map has been flown to
  near: new Map(), // finding -> how near its map looks, where somebody chose: world, region, around
  past: [], // choices that can be had back: [{hide, only}]
  undone: [], // and those that were taken back
  slide: 0, // which part of the view is shown while presenting
  spoken: null, // the language that somebody chose here
  presenting: false,
  notes: null, // {views, plans} by language, once they are here
  noted: false, // whether the teacher's notes are shown
  timer: { minutes: 5, plan: '10-12/45', left: null, ends: null, over: false, sound: false }, // left: milliseconds while it stands still
  notice: null, // the key of what is said kindly at the start
  game: null, // the lesson and where the page is in it (game/play.js)
  story: null, // how far the class is in the story: story/state.js
  problem: null, // the key of what to say, or the words by language
};

/** Back to an empty desk. */
export function clear() {
  Object.assign(state, {
    id: null, photo: null, shown: false, scanning: false, ahead: 0, ended: new Map(), findings: [], report: null,
    hide: new Set(), only: false, revealed: false, values: {}, guessing: false, making: false, copy: null, problem: null,
    share: 50, arrived: new Map(), flown: new Set(), near: new Map(), past: [], undone: [], slide: 0, notice: null,
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
