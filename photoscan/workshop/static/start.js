// The first view: a place for a photo, and our samples.

import { h, icon } from './dom.js';
import { state } from './state.js';
import { T, language, t } from './texts.js';

/** `open` is called with a File or the name of a sample. */
export function startView(open) {
  return [
    h('section', { class: 'hero' },
      h('div', { class: 'pitch' },
        h('h1', {}, t('workshop.title')),
        h('p', { class: 'lead' }, t('workshop.lead')),
        h('p', { class: 'local' }, icon('lock'), t('workshop.local')),
        state.problem ? problem() : null),
      place(open)),
    h('section', { class: 'samples', 'aria-labelledby': 'samples-h' },
      h('div', { class: 'samples-head' },
        h('h2', { id: 'samples-h' }, t('workshop.samples')),
        h('p', { class: 'quiet' }, t('workshop.samples_note'))),
      h('ul', { class: 'sample-grid' }, state.start.samples.map((name) => sample(name, open)))),
  ];
}

/** What went wrong, in words. */
export function problemWords() {
  return typeof state.problem === 'string' ? T(state.problem) : state.problem[language];
}

export function problem() {
  return h('div', { class: 'problem', role: 'alert' },
    icon('high'),
    h('div', {},
      h('h2', {}, t('workshop.problem')),
      h('p', {}, problemWords()),
      state.view === 'start' ? h('p', { class: 'quiet' }, t('workshop.problem_again')) : null));
}

function place(open) {
  const input = h('input', {
    type: 'file', id: 'file', class: 'vh', accept: ['image/*', ...state.start.suffixes].join(), 'data-key': 'file',
    onchange: () => input.files[0] && open(input.files[0]),
  });
  return h('div', { class: 'place' },
    h('div', { class: 'drop' },
      icon('photo', 'huge'),
      h('p', { class: 'drop-here' }, t('workshop.drop')),
      h('p', { class: 'drop-now' }, t('workshop.drop_now')),
      input,
      h('label', { for: 'file', class: 'button primary' }, t('workshop.choose')),
      h('p', { class: 'quiet' }, t('workshop.paste'))),
    h('label', { class: 'switch guess' },
      h('input', {
        type: 'checkbox', role: 'switch', checked: state.guess, 'data-key': 'guess',
        onchange: (event) => { state.guess = event.target.checked; },
      }),
      h('span', { class: 'track', 'aria-hidden': 'true' }),
      h('span', {}, h('strong', {}, t('workshop.guess')), ' ', h('span', { class: 'quiet' }, t('workshop.guess_note')))));
}

function sample(name, open) {
  return h('li', {},
    h('button', { type: 'button', class: 'sample', 'data-key': `sample-${name}`, onclick: () => open(name) },
      h('img', { src: `/api/samples/${name}`, alt: '', width: 1280, height: 853, loading: 'lazy' }),
      h('span', {}, t(`workshop.sample.${name}`))));
}
