// The top of the page: the way back to the start, the steps, the settings, and what presenting needs.

import { act } from './desk.js';
import { fill, h, icon } from './dom.js';
import { themeButton } from './everywhere.js';
import { tools } from './present/mode.js';
import { current, go } from './router.js';
import { state } from './state.js';
import { language, t } from './texts.js';

const STEPS = ['photo', 'look', 'safe'];

/** Draw it into its element. `speak` is called with the language that somebody chose. */
export function drawTop(element, speak) {
  const { step } = current();
  fill(element, () => [
    h('button', { type: 'button', class: 'brand', 'data-key': 'brand', onclick: act.another, title: t('workshop.start') },
      icon('eye'), h('span', {}, 'photoscan')),
    step === null || state.view === 'start' || state.presenting ? null : steps(step),
    h('div', { class: 'settings' },
      back(),
      step === null || state.view === 'start' || state.presenting ? null : h('button', { type: 'button', class: 'button small another', 'data-key': 'another', onclick: act.another, title: t('workshop.another') }, icon('photo'), h('span', { class: 'wide', 'aria-hidden': 'true' }, t('workshop.another')), h('span', { class: 'vh' }, t('workshop.another'))),
      tools(),
      h('label', {}, h('span', { class: 'vh' }, t('workshop.language')),
        h('select', { 'data-key': 'language', onchange: (event) => speak(event.target.value) },
          state.start.languages.map(({ code, name }) => h('option', { value: code, lang: code, selected: code === language }, name)))),
      themeButton(() => drawTop(element, speak))),
  ]);
}

/** The way back to a game that goes on. */
function back() {
  if (!state.game?.lesson || state.view === 'game') return null;
  return h('button', { type: 'button', class: 'button small another', 'data-key': 'game', onclick: () => go('game'), title: t('workshop.game.back') }, icon('target'),
    h('span', { class: 'wide', 'aria-hidden': 'true' }, t('workshop.game.back')), h('span', { class: 'vh' }, t('workshop.game.back')));
}

function steps(step) {
  return h('ol', { class: 'steps', 'aria-label': t('workshop.steps') }, STEPS.map((name, index) =>
    h('li', { class: index < step ? 'past' : '', 'aria-current': index === step ? 'step' : null },
      h('span', { class: 'count', 'aria-hidden': 'true' }, String(index + 1)), h('span', { class: 'name' }, t(`workshop.step.${name}`)))));
}
