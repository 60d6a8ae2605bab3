// The first view: what there is to do. A photo, something to play, and our samples.

import { act, open } from '../desk.js';
import { h, icon } from '../dom.js';
import { entries, go } from '../router.js';
import { problem } from '../said.js';
import { state } from '../state.js';
import { t } from '../texts.js';

const steps = { next: () => Boolean(state.id) && (go('look'), true), previous: () => false };
export const start = { name: 'start', step: 0, draw, steps };

function draw() {
  return [
    h('section', { class: 'hero' },
      h('div', { class: 'pitch' },
        h('h1', {}, t('workshop.title')),
        h('p', { class: 'lead' }, t('workshop.lead')),
        h('p', { class: 'local' }, icon('lock'), t('workshop.local')),
        state.notice ? h('p', { class: 'notice', role: 'status' }, t(state.notice)) : null,
        problem()),
      h('div', { class: 'place' }, lying(), place(), guess())),
    ways(),
    h('section', { class: 'samples', 'aria-labelledby': 'samples-h' },
      h('div', { class: 'samples-head' },
        h('h2', { id: 'samples-h' }, t('workshop.samples')),
        h('p', { class: 'quiet' }, t('workshop.samples_note'))),
      h('ul', { class: 'sample-grid' }, state.start.samples.map(sample))),
  ];
}

/** The photo that still lies on the desk, to go on with. */
function lying() {
  if (!state.id) return null;
  return h('section', { class: 'lying', 'aria-labelledby': 'lying-h' },
    // Its picture is not shown: whoever comes back may not want the class to see it.
    icon('photo'), h('h2', { id: 'lying-h' }, t(state.scanning ? 'workshop.lying_looking' : 'workshop.lying')),
    h('div', { class: 'choices' },
      h('button', { type: 'button', class: 'button small primary', 'data-key': 'go-on', onclick: () => go('look') }, t('workshop.go_on'), icon('next')),
      h('button', { type: 'button', class: 'button small', 'data-key': 'forget', onclick: act.forget }, icon('bin'), t('workshop.forget'))));
}

/** What else there is to do: a tile for each view that can begin here. */
function ways() {
  const tiles = entries().map(({ name, entry }) => h('li', {},
    h('button', { type: 'button', class: 'way', 'data-key': `way-${name}`, onclick: () => go(name) },
      h('span', { class: 'sign' }, icon(entry.icon)), h('span', { class: 'words' }, h('strong', {}, t(entry.title)), h('span', { class: 'quiet' }, t(entry.note))), icon('next'))));
  return tiles.length ? h('section', { class: 'begin', 'aria-labelledby': 'ways-h' }, h('h2', { id: 'ways-h' }, t('workshop.ways')), h('ul', { class: 'ways' }, tiles)) : null;
}

function place() {
  return h('div', { class: 'drop' },
    icon('photo', 'huge'),
    h('p', { class: 'drop-here' }, t('workshop.drop')),
    h('p', { class: 'drop-now' }, t('workshop.drop_now')),
    h('div', { class: 'givers' },
      giver('file', 'workshop.choose', { accept: ['image/*', ...state.start.suffixes].join() }, 'primary'),
      hasCamera() ? giver('camera', 'workshop.camera', { accept: 'image/*', capture: 'environment' }) : null),
    h('p', { class: 'quiet paste' }, t('workshop.paste')));
}

/** A way to give a photo: a field that is not seen, and its label as a button. */
function giver(id, text, rows, extra = '') {
  const input = h('input', { type: 'file', id, class: 'vh', 'data-key': id, ...rows, onchange: () => input.files[0] && open(input.files[0]) });
  return [input, h('label', { for: id, class: `button ${extra}` }, id === 'camera' ? icon('photo') : null, t(text))];
}

/** Whether the system's own camera is likely to open: phones and tablets do, by the attribute `capture`. */
function hasCamera() {
  return matchMedia('(pointer: coarse)').matches;
}

function guess() {
  return h('label', { class: 'switch guess' },
    h('input', {
      type: 'checkbox', role: 'switch', checked: state.guess, 'data-key': 'guess',
      onchange: (event) => { state.guess = event.target.checked; },
    }),
    h('span', { class: 'track', 'aria-hidden': 'true' }),
    h('span', {}, h('strong', {}, t('workshop.guess')), ' ', h('span', { class: 'quiet' }, t('workshop.guess_note'))));
}

function sample(name) {
  return h('li', {},
    h('button', { type: 'button', class: 'sample', 'data-key': `sample-${name}`, onclick: () => open(name) },
      h('img', { src: `/api/samples/${name}`, alt: '', width: 1280, height: 853, loading: 'lazy' }),
      h('span', {}, t(`workshop.sample.${name}`))));
}
