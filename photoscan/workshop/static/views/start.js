// The first view: a place for a photo, and our samples.

import { open } from '../desk.js';
import { h, icon } from '../dom.js';
import { entries, go } from '../router.js';
import { problem } from '../said.js';
import { state } from '../state.js';
import { t } from '../texts.js';

export const start = { name: 'start', step: 0, draw };

function draw() {
  return [
    h('section', { class: 'hero' },
      h('div', { class: 'pitch' },
        h('h1', {}, t('workshop.title')),
        h('p', { class: 'lead' }, t('workshop.lead')),
        h('p', { class: 'local' }, icon('lock'), t('workshop.local')),
        problem()),
      place()),
    ways(),
    h('section', { class: 'samples', 'aria-labelledby': 'samples-h' },
      h('div', { class: 'samples-head' },
        h('h2', { id: 'samples-h' }, t('workshop.samples')),
        h('p', { class: 'quiet' }, t('workshop.samples_note'))),
      h('ul', { class: 'sample-grid' }, state.start.samples.map(sample))),
  ];
}

/** What else there is to do: a tile for each view that can begin here. */
function ways() {
  const tiles = entries().map(({ name, entry }) => h('li', {},
    h('button', { type: 'button', class: 'way', 'data-key': `way-${name}`, onclick: () => go(name) },
      icon(entry.icon), h('span', {}, h('strong', {}, t(entry.title)), h('span', { class: 'quiet' }, t(entry.note))))));
  return tiles.length ? h('ul', { class: 'ways' }, tiles) : null;
}

function place() {
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

function sample(name) {
  return h('li', {},
    h('button', { type: 'button', class: 'sample', 'data-key': `sample-${name}`, onclick: () => open(name) },
      h('img', { src: `/api/samples/${name}`, alt: '', width: 1280, height: 853, loading: 'lazy' }),
      h('span', {}, t(`workshop.sample.${name}`))));
}
