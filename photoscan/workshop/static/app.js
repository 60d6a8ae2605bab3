// The page: what happens when. Views are drawn anew from the state whenever it changes.

import { fresh } from './cards.js';
import { levelWords } from './dial.js';
import { fill, h, icon } from './dom.js';
import { lookView } from './look.js';
import { prepare } from './map.js';
import { safeView, title } from './safe.js';
import * as server from './server.js';
import { problemWords, startView } from './start.js';
import { clear, numbered, state } from './state.js';
import { NAMES, capital, has, language, speak, t } from './texts.js';

const at = (id) => document.getElementById(id);
const STEPS = ['start', 'look', 'safe'];
let running = null; // the look that is going on

const act = {
  toggle(id) {
    if (state.scanning || state.making) return;
    if (!state.hide.delete(id)) state.hide.add(id);
    draw();
  },
  all() {
    if (state.making) return;
    state.hide = new Set(numbered().filter((finding) => finding.cover).map((finding) => finding.id));
    draw();
  },
  none() {
    if (state.making) return;
    state.hide.clear();
    draw();
  },
  only(place) {
    if (state.making) return;
    state.only = place;
    draw();
  },
  async reveal() {
    state.revealed = !state.revealed;
    await readValues();
    draw();
  },
  show() {
    state.guessing = false;
    draw();
    at('main').focus();
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
      turnTo('safe');
      say(title());
    });
    if (state.id !== id) return; // another photo lies here now
    state.making = false;
    draw();
  },
  back() {
    turnTo('look');
  },
  forget() {
    begin();
    say(t('workshop.forgotten'));
  },
};

async function open(source) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  drop();
  fresh();
  state.scanning = true;
  state.guessing = state.guess;
  turnTo('look');
  try {
    for await (const event of server.look(source, mine.signal)) {
      if (running !== mine) return;
      take(event);
      draw();
    }
    if (!state.guessing) announceEnd();
    else say(t('workshop.guess_ask'));
  } catch (error) {
    if (running !== mine || error.name === 'AbortError') return;
    const code = codeOf(error);
    drop();
    state.problem = spoken(code);
    turnTo('start');
  } finally {
    if (running === mine) running = null;
  }
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
  state.turn += 1;
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
  if (event.event === 'picture') Object.assign(state, { shown: event.shown, ahead: 0 });
  if (event.event === 'detector') {
    state.ended.set(event.name, event.status);
    state.findings.push(...event.findings);
    for (const finding of event.findings) if (finding.hide && finding.cover) state.hide.add(finding.id);
    const [first] = [...event.findings].sort((a, b) => b.rank - a.rank);
    if (first && !state.guessing) say(t('workshop.found_live', { title: t(`kind.${first.kind}.title`), severity: t(`severity.${first.severity}`) }));
  }
  if (event.event === 'report') Object.assign(state, { report: event, scanning: false });
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
    state.problem = error.said ?? spoken(codeOf(error));
    say(problemWords());
  }
}

function codeOf(error) {
  if (error instanceof server.Problem) return error.code;
  console.error(error); // a fault of the page itself
  return 'error';
}

function spoken(code) {
  return [`workshop.error.${code}`, `error.${code}`].find(has) ?? 'error.error';
}

/** Empty the desk, on this page and in the program. */
function drop() {
  if (state.id) server.forget(state.id);
  clear();
}

function begin() {
  running?.abort();
  running = null;
  drop();
  turnTo('start');
}

function turnTo(view) {
  state.view = view;
  draw();
  window.scrollTo(0, 0);
  at('main').focus({ preventScroll: true });
}

function say(words) {
  at('live').textContent = words;
}

function draw() {
  const views = { start: () => startView(open), look: () => lookView(act), safe: () => safeView(act) };
  document.body.dataset.view = state.view;
  drawTop();
  fill(at('main'), views[state.view]);
}

function drawTop() {
  const step = STEPS.indexOf(state.view);
  const dark = isDark();
  fill(at('top'), () => [
    h('button', { type: 'button', class: 'brand', 'data-key': 'brand', onclick: act.forget, title: t('workshop.another') },
      icon('eye'), h('span', {}, 'photoscan')),
    h('ol', { class: 'steps', 'aria-label': t('workshop.steps') }, ['photo', 'look', 'safe'].map((name, index) =>
      h('li', { class: index < step ? 'past' : '', 'aria-current': index === step ? 'step' : null },
        h('span', { class: 'count', 'aria-hidden': 'true' }, String(index + 1)), h('span', { class: 'name' }, t(`workshop.step.${name}`))))),
    h('div', { class: 'settings' },
      state.view === 'start' ? null : h('button', { type: 'button', class: 'button small', 'data-key': 'another', onclick: act.forget }, icon('photo'), h('span', { class: 'wide' }, t('workshop.another')), h('span', { class: 'vh narrow' }, t('workshop.another'))),
      h('label', {}, h('span', { class: 'vh' }, t('workshop.language')),
        h('select', { 'data-key': 'language', onchange: (event) => change(event.target.value) },
          state.start.languages.map((name) => h('option', { value: name, lang: name, selected: name === language }, NAMES[name])))),
      h('button', { type: 'button', class: 'button small round', 'data-key': 'theme', 'aria-label': t(dark ? 'workshop.theme.light' : 'workshop.theme.dark'), onclick: () => {
        document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
        drawTop();
      } }, icon(dark ? 'sun' : 'moon'))),
  ]);
}

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

async function change(wanted) {
  try {
    await speak(wanted);
  } catch (error) {
    say(t(spoken(codeOf(error))));
  }
  drawAll();
}

function drawAll() {
  const { version, policy } = state.start;
  at('skip').textContent = t('workshop.skip');
  document.title = `${t('html.title')} · photoscan`;
  fill(at('foot'), () => [h('p', {}, icon('lock'), t('workshop.local')), h('p', {}, t('workshop.footer', { version, policy: policy.name }))]);
  draw();
}

/** A photo that is dropped or pasted anywhere on the page. */
function takeIn(files) {
  const file = [...(files ?? [])].find((one) => one.type.startsWith('image/') || state.start.suffixes.some((suffix) => one.name.toLowerCase().endsWith(suffix)));
  if (file) open(file);
  else if (files?.length) {
    if (state.view === 'safe') turnTo('look');
    state.problem = 'workshop.error.not_image';
    draw();
    say(problemWords());
  }
}

let over = 0;
addEventListener('dragenter', (event) => { event.preventDefault(); over += 1; document.body.classList.add('dragging'); });
addEventListener('dragleave', () => { over -= 1; if (over <= 0) document.body.classList.remove('dragging'); });
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  over = 0;
  document.body.classList.remove('dragging');
  takeIn(event.dataTransfer?.files);
});
addEventListener('paste', (event) => takeIn(event.clipboardData?.files));

// What belongs together lights up together: boxes, rows and numbers of one finding.
for (const [name, lit] of [['pointerover', true], ['pointerout', false], ['focusin', true], ['focusout', false]]) {
  addEventListener(name, (event) => {
    const id = event.target.closest?.('[data-for]')?.dataset.for;
    if (id) for (const one of document.querySelectorAll(`[data-for="${CSS.escape(id)}"]`)) one.classList.toggle('lit', lit);
  });
}

state.start = await server.json('/api/start');
await speak(state.start.language);
prepare().then(draw, () => {});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawTop);
drawAll();
