// The photo with numbered boxes. Each box is a button: pressed means that it will be covered.

import { h, icon } from './dom.js';
import { numbered, state } from './state.js';
import { t } from './texts.js';

const picture = h('img', { class: 'shot' });
const layer = h('div', { class: 'boxes' });
const frame = h('div', { class: 'frame' }, picture, layer);
new ResizeObserver(place).observe(frame);

/** The stage. `toggle` is called with the id of a finding. */
export function stage(toggle) {
  if (!state.shown) {
    const waiting = state.scanning && state.id === null;
    return h('div', { class: `stage empty ${waiting ? 'busy' : ''}` }, icon('photo', 'huge'),
      h('p', {}, state.scanning ? t('workshop.scanning') : t('workshop.no_picture')));
  }
  const address = `/api/photos/${state.id}/picture`;
  if (picture.getAttribute('src') !== address) {
    picture.setAttribute('src', address);
    picture.width = state.photo.width;
    picture.height = state.photo.height;
    frame.style.setProperty('--ratio', `${state.photo.width / state.photo.height}`);
  }
  picture.alt = t('html.photo');
  layer.replaceChildren(...(state.guessing ? [] : boxes(toggle)));
  requestAnimationFrame(place);
  return h('div', { class: `stage ${state.scanning ? 'scanning' : ''}` }, frame);
}

function boxes(toggle) {
  const { width, height } = state.photo;
  // The small ones last, so that they lie on top.
  return numbered()
    .filter((finding) => finding.box)
    .sort((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3])
    .map((finding) => {
      const [x, y, w, h_] = finding.box;
      const hidden = state.hide.has(finding.id);
      const label = t('workshop.cover_named', { number: finding.number, title: t(`kind.${finding.kind}.title`) });
      return h('button', {
        type: 'button', class: `box sev-${finding.severity} ${finding.likely ? '' : 'unsure'}`, 'aria-pressed': String(hidden),
        'aria-label': label, title: t(`kind.${finding.kind}.title`), 'data-for': finding.id, 'data-key': `box-${finding.id}`,
        disabled: state.scanning, onclick: () => toggle(finding.id),
        css: {
          left: `${(100 * x) / width}%`, top: `${(100 * y) / height}%`, width: `${(100 * w) / width}%`,
          height: `${(100 * h_) / height}%`,
        },
      }, h('span', { class: 'badge' }, String(finding.number)));
    });
}

/** Put each badge at a corner of its box where it covers no other badge and no edge cuts it off. */
function place() {
  const { clientWidth: width, clientHeight: height } = layer;
  const taken = [];
  for (const box of [...layer.children].reverse()) {
    const badge = box.firstElementChild;
    const [w, h_] = [badge.offsetWidth, badge.offsetHeight];
    const { offsetLeft: left, offsetTop: top, offsetWidth: across, offsetHeight: down } = box;
    const corners = [[0, 0], [across, 0], [0, down], [across, down], [across / 2, 0], [across / 2, down]];
    const free = ([x, y]) => taken.every(([a, b]) => Math.abs(a - x) >= w || Math.abs(b - y) >= h_);
    const spots = corners.map(([x, y]) => [
      Math.min(Math.max(left + x - w / 2, 0), width - w), Math.min(Math.max(top + y - h_ / 2, 0), height - h_),
    ]);
    const [x, y] = spots.find(free) ?? spots[0];
    taken.push([x, y]);
    badge.style.left = `${x - left - box.clientLeft}px`;
    badge.style.top = `${y - top - box.clientTop}px`;
  }
}
