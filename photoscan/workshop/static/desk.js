// What is done with the photo on the desk: have it looked at, choose what is covered, make the copy, forget it.

import { levelWords } from './photo/dial.js';
import { forget as forgetMaps } from './photo/map.js';
import { draw, go } from './router.js';
import { problemWords, say, wrong } from './said.js';
import * as server from './server.js';
import { take as takeUp, tell } from './session.js';
import { clear, numbered, state } from './state.js';
import { capital, language, t } from './texts.js';
import { title } from './photo/verdict.js';

const [AGAIN, TRIES] = [2000, 15]; // milliseconds between questions for a look that went on; how many may be in vain

let running = null; // the look that is going on

/** What the buttons of the views do. */
export const act = {
  open,
  toggle(id) {
    if (state.scanning || state.making) return;
    remember();
    if (!state.hide.delete(id)) state.hide.add(id);
    draw();
  },
  all() {
    if (state.making) return;
    remember();
    state.hide = new Set(numbered().filter((finding) => finding.cover).map((finding) => finding.id));
    draw();
  },
  none() {
    if (state.making) return;
    remember();
    state.hide.clear();
    draw();
  },
  only(place) {
    if (state.making) return;
    remember();
    state.only = place;
    draw();
  },
  /** Take the last choice back, or make it again; whether there was one. */
  undo: () => turn(state.past, state.undone, 'workshop.undone'),
  redo: () => turn(state.undone, state.past, 'workshop.redone'),
  async reveal() {
    state.revealed = !state.revealed;
    await readValues();
    draw();
  },
  show() {
    state.guessing = false;
    draw();
    document.getElementById('main').focus();
    announceEnd();
  },
  async make() {
    if (state.making) return;
    const { id } = state;
    const hidden = new Set(state.hide);
    state.making = true;
    state.problem = null;
    draw();
    say(t('workshop.making'));
    await tried(async () => {
      const copy = await server.copy(id, [...hidden], state.only ? ['gps'] : []);
      if (state.id !== id) return;
      takeCopy(copy, hidden);
      await readValues();
      // Whoever went elsewhere meanwhile is not fetched back.
      if (['look', 'safe'].includes(state.view)) go('safe');
      say(title());
    });
    if (state.id !== id) return; // another photo lies here now
    state.making = false;
    draw();
  },
  back() {
    go('look');
  },
  /** To the start. The photo stays on the desk until it is forgotten or another one comes. */
  another() {
    go('start');
  },
  forget() {
    running?.abort();
    running = null;
    drop();
    go('start');
    say(t('workshop.forgotten'));
  },
};

/** Choices as they are now can be had back. */
function remember() {
  state.past.push({ hide: new Set(state.hide), only: state.only });
  state.undone = [];
}

function turn(from, to, said) {
  if (state.scanning || state.making || !from.length) return false;
  to.push({ hide: new Set(state.hide), only: state.only });
  Object.assign(state, from.pop());
  draw();
  say(t(said));
  return true;
}

/** The photo is no longer on the program's desk: forgotten elsewhere, too old, or the program began anew. */
export function gone() {
  running?.abort();
  running = null;
  clear();
  state.notice = 'workshop.session_gone';
  go('start', { replace: true });
  say(t(state.notice));
}

/** Have a photo looked at: a File, or the name of a sample. */
export async function open(source) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  drop();
  forgetMaps();
  state.scanning = true;
  state.guessing = state.guess;
  go('look');
  try {
    await lookAt(source, mine);
    if (running !== mine) return;
    if (!state.guessing) announceEnd();
    else say(t('workshop.guess_ask'));
  } catch (error) {
    if (running !== mine || error.name === 'AbortError') return;
    drop();
    wrong(error);
    if (['look', 'safe'].includes(state.view)) go('start', { replace: true });
    else draw();
  } finally {
    if (running === mine) running = null;
  }
}

/** Take each event of a look. A phone that slept lost its line: what the program told meanwhile is asked for. */
async function lookAt(source, mine) {
  try {
    for await (const event of server.look(source, mine.signal)) {
      if (running !== mine) return;
      take(event);
      draw();
    }
  } catch (error) {
    if (error.code !== 'offline' || !server.isPupil() || !state.id) throw error;
    await lookedMeanwhile(mine, error);
  }
}

async function lookedMeanwhile(mine, lost) {
  const { id } = state;
  for (let vain = 0; vain < TRIES;) {
    let told = null;
    try {
      told = await server.news(`/api/photos/${id}`, mine.signal);
      vain = 0;
    } catch (error) {
      if (error.code !== 'offline') throw error;
      vain += 1;
    }
    if (running !== mine) return;
    if (told) {
      const hide = told.findings.filter((finding) => finding.hide && finding.cover).map((finding) => finding.id);
      takeUp({ id, hide }, told);
      Object.assign(state, { scanning: false, ahead: 0 });
      draw();
      return;
    }
    await new Promise((resolve) => { setTimeout(resolve, AGAIN); });
  }
  throw lost;
}

/** Have the values here where they are to be shown. */
async function readValues() {
  const { id } = state;
  if (!state.revealed || Object.keys(state.values).length) return;
  await tried(async () => {
    const values = await server.json(`/api/photos/${id}/values`);
    if (state.id === id) state.values = values;
  });
}

/** A copy is there: what its second look was the first to see joins what was found, and is proposed to be covered. */
function takeCopy(copy, made) {
  const visible = numbered().filter((finding) => finding.cover && !made.has(finding.id));
  state.copy = { ...copy, made, visible, left: copy.left.map((finding) => finding.id) };
  Object.assign(state, { turn: state.turn + 1, past: [], undone: [], share: 50 });
  const known = new Map(state.findings.map((finding) => [finding.id, finding]));
  for (const finding of copy.left) {
    if (known.has(finding.id)) known.get(finding.id).new = finding.new;
    else {
      state.findings.push(finding);
      if (finding.hide && finding.cover) state.hide.add(finding.id);
      state.values = {}; // its own is still to come
    }
  }
}

function take(event) {
  if (event.event === 'opened') Object.assign(state, { id: event.id, photo: event.photo, ahead: event.ahead });
  if (event.event === 'waiting') state.ahead = event.ahead;
  if (event.event === 'picture') Object.assign(state, { shown: event.shown, ahead: 0 });
  if (event.event === 'detector') {
    state.ended.set(event.name, event.status);
    state.findings.push(...event.findings);
    for (const finding of event.findings) if (finding.hide && finding.cover) state.hide.add(finding.id);
    const [first] = [...event.findings].sort((a, b) => b.rank - a.rank);
    if (first && !state.guessing) say(t('workshop.found_live', { title: t(`kind.${first.kind}.title`), severity: t(`severity.${first.severity}`) }));
  }
  if (event.event === 'report') {
    for (const finding of state.findings) finding.said = event.said[finding.id] ?? finding.said;
    Object.assign(state, { report: event, scanning: false });
  }
}

function announceEnd() {
  const { score, error, unseen } = state.report;
  const { advice, caveat } = state.report.decision[language];
  const count = numbered().length;
  if (error) say(t(`error.${error}`));
  else if (unseen && !count) say(`${levelWords(state.report)}: ${advice}`);
  else if (count) say([t('workshop.done_live', { level: levelWords(state.report), score, count }), unseen ? capital(advice) : ''].join(' ').trim());
  else say(`${t('workshop.nothing')}. ${caveat ?? ''}`.trim());
}

/** Try something; a failure is told in words, unless its photo has left the desk. */
async function tried(what) {
  const { id } = state;
  try {
    await what();
  } catch (error) {
    if (state.id !== id) return;
    if (error.code === 'gone') {
      gone();
      return;
    }
    wrong(error);
    say(problemWords());
  }
}

/** Empty the desk, on this page and in the program. */
function drop() {
  if (state.id) {
    server.forget(state.id);
    tell(state.id);
  }
  clear();
}
