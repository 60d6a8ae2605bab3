// The page begins here: the views, the top, and what holds everywhere.

import { act } from './desk.js';
import { fill, h, icon } from './dom.js';
import { prepare } from './photo/map.js';
import { current, draw, onDraw, register, start } from './router.js';
import { key, problemWords, say } from './said.js';
import * as server from './server.js';
import { state } from './state.js';
import { language, speak, t } from './texts.js';
import { look } from './views/look.js';
import { safe } from './views/safe.js';
import { start as first } from './views/start.js';

const at = (id) => document.getElementById(id);
const STEPS = ['photo', 'look', 'safe'];

function drawTop() {
  const { step } = current();
  const dark = isDark();
  fill(at('top'), () => [
    h('button', { type: 'button', class: 'brand', 'data-key': 'brand', onclick: act.forget, title: t('workshop.another') },
      icon('eye'), h('span', {}, 'photoscan')),
    step === null ? null : h('ol', { class: 'steps', 'aria-label': t('workshop.steps') }, STEPS.map((name, index) =>
      h('li', { class: index < step ? 'past' : '', 'aria-current': index === step ? 'step' : null },
        h('span', { class: 'count', 'aria-hidden': 'true' }, String(index + 1)), h('span', { class: 'name' }, t(`workshop.step.${name}`))))),
    h('div', { class: 'settings' },
      state.view === 'start' ? null : h('button', { type: 'button', class: 'button small', 'data-key': 'another', onclick: act.forget }, icon('photo'), h('span', { class: 'wide' }, t('workshop.another')), h('span', { class: 'vh narrow' }, t('workshop.another'))),
      h('label', {}, h('span', { class: 'vh' }, t('workshop.language')),
        h('select', { 'data-key': 'language', onchange: (event) => change(event.target.value) },
          state.start.languages.map(({ code, name }) => h('option', { value: code, lang: code, selected: code === language }, name)))),
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
    say(t(key(error.code)));
  }
  drawFrame();
  draw();
}

/** What stands around the views. */
function drawFrame() {
  const { version, policy } = state.start;
  at('skip').textContent = t('workshop.skip');
  document.title = `${t('html.title')} · photoscan`;
  fill(at('foot'), () => [
    state.start.languages.find(({ code }) => code === language).machine_made ? h('p', { class: 'machine' }, t('html.machine_made')) : null,
    h('p', {}, icon('lock'), t('workshop.local')), h('p', {}, t('workshop.footer', { version, policy: policy.name }))]);
}

/** A photo that is dropped or pasted anywhere on the page. */
function takeIn(files) {
  const file = [...(files ?? [])].find((one) => one.type.startsWith('image/') || state.start.suffixes.some((suffix) => one.name.toLowerCase().endsWith(suffix)));
  if (file) act.open(file);
  else if (files?.length) {
    if (state.view === 'safe') act.back();
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

register(first, look, safe);
state.start = await server.json('/api/start');
await speak(state.start.language);
prepare().then(draw, () => {});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawTop);
onDraw(drawTop);
drawFrame();
start(at('main'));
