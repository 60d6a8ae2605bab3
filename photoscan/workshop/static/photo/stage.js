// The photo with numbered boxes. Each box is a button: pressed means that it will be covered.

import { h, icon } from '../dom.js';
import { shot } from './shot.js';
import { covered, numbered, state } from '../state.js';
import { t } from '../texts.js';

const picture = shot();
const layer = h('div', { class: 'boxes' });
const frame = h('div', { class: 'frame' }, picture.canvas, layer);
new ResizeObserver(() => place(layer)).observe(frame);

/** The stage. `toggle` is called with the id of a finding. */
export function stage(toggle) {
  if (!state.shown) {
    const waiting = state.scanning && state.id === null;
    return h('div', { class: `stage empty ${waiting ? 'busy' : ''}` }, icon('photo', 'huge'),
      h('p', {}, state.scanning ? t('workshop.scanning') : t('workshop.no_picture')));
  }
  frame.style.setProperty('--ratio', `${state.photo.width / state.photo.height}`);
  // While the class guesses, the photo is what it is asked about; nothing is called covered then.
  picture.show(`/api/photos/${state.id}/picture`, t('html.photo'), state.guessing ? [] : covered());
  layer.replaceChildren(...(state.guessing ? [] : boxes(toggle)));
  requestAnimationFrame(() => place(layer));
  return h('div', { class: `stage ${state.scanning ? 'scanning' : ''} ${state.revealed ? 'revealed' : ''}` }, frame);
}

function boxes(toggle) {
  return inOrder(numbered()).map((finding) => {
    const hidden = state.hide.has(finding.id);
    const title = t(`kind.${finding.kind}.title`);
    return h('button', {
      type: 'button', class: `box sev-${finding.severity} ${finding.likely ? '' : 'unsure'}`, 'aria-pressed': String(hidden),
      'aria-label': t('workshop.cover_named', { number: finding.number, title }), title, 'data-for': finding.id,
      'data-key': `box-${finding.id}`, disabled: state.scanning, onclick: () => toggle(finding.id), css: where(finding, hidden),
    }, badge(finding));
  });
}

/** Those in the shown picture, the small ones last, so that they lie on top. */
export function inOrder(findings) {
  return findings.filter((finding) => finding.box).sort((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3]);
}

/** The place of a box in its layer: where it is covered, all that the cover takes. */
export function where(finding, hidden) {
  const [x, y, w, h_] = hidden ? finding.patch : finding.box;
  const { width, height } = state.photo;
  return {
    left: `${(100 * x) / width}%`, top: `${(100 * y) / height}%`, width: `${(100 * w) / width}%`, height: `${(100 * h_) / height}%`,
  };
}

export function badge(finding) {
  return h('span', { class: 'badge' }, String(finding.number));
}

/** Put each badge at a corner of its box where it covers no other badge and no edge cuts it off. */
export function place(boxes_) {
  const { clientWidth: width, clientHeight: height } = boxes_;
  const taken = [];
  for (const box of [...boxes_.children].reverse()) {
    const sign = box.firstElementChild;
    const [w, h_] = [sign.offsetWidth, sign.offsetHeight];
    const { offsetLeft: left, offsetTop: top, offsetWidth: across, offsetHeight: down } = box;
    const corners = [[0, 0], [across, 0], [0, down], [across, down], [across / 2, 0], [across / 2, down]];
    const free = ([x, y]) => taken.every(([a, b]) => Math.abs(a - x) >= w || Math.abs(b - y) >= h_);
    const spots = corners.map(([x, y]) => [
      Math.min(Math.max(left + x - w / 2, 0), width - w), Math.min(Math.max(top + y - h_ / 2, 0), height - h_),
    ]);
    const [x, y] = spots.find(free) ?? spots[0];
    taken.push([x, y]);
    sign.style.left = `${x - left - box.clientLeft}px`;
    sign.style.top = `${y - top - box.clientTop}px`;
  }
}
