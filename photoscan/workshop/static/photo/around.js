// The surroundings of a mark: towns and districts with their names, at their distance and in their direction. No outlines:
// those of countries are too coarse for it.

import { h, s } from '../dom.js';
import { number, t } from '../texts.js';

export const RATIO = 1.6; // width of a map by its height
const KM_A_DEGREE = 111.2;
const LEAST = 2.5; // kilometres from the mark to the upper edge, at least
const CUT = 1.6; // kilometres within which a position lies whose degrees were cut behind the second digit
const SHOWN = 7; // so many places decide how far the map reaches

/** Where places lie from a point [latitude, longitude]: [{name, town, east, north}] in kilometres. */
function offsets([latitude, longitude], places) {
  return places.map(({ name, town, at }) => ({
    name, town,
    north: (at[0] - latitude) * KM_A_DEGREE,
    east: ((((at[1] - longitude + 540) % 360) - 180) * KM_A_DEGREE) * Math.cos((latitude * Math.PI) / 180),
  }));
}

/** How many kilometres it is from the mark to the upper edge, so that most places are seen; null without any. */
export function reach(at, places) {
  const needed = offsets(at, places).map(({ east, north }) => Math.max(Math.abs(north) / 0.84, Math.abs(east) / RATIO / 0.8)).sort((a, b) => a - b);
  return needed.length ? Math.max(LEAST, needed[Math.min(SHOWN, needed.length) - 1]) : null;
}

/** The layer of names over a map whose middle is the mark. `exact`: whether the mark stands where the file says. */
export function around(at, places, exact) {
  const up = reach(at, places);
  const half = up * RATIO;
  const near = [nice(up / 2.2), nice(up / 2.2) * 2];
  const seen = ({ east, north }) => Math.abs(east) < half * 0.97 && Math.abs(north) < up * 0.95;
  const names = offsets(at, places).filter(seen).map(({ name, town, east, north }) => h('span', {
    class: `settlement ${town ? 'town' : ''}`, css: { left: `${50 + (50 * east) / half}%`, top: `${50 - (50 * north) / up}%` },
  }, h('span', {}, name)));
  const layer = h('div', { class: 'around', 'aria-hidden': 'true' },
    s('svg', { viewBox: [-half, -up, 2 * half, 2 * up].join(' '), preserveAspectRatio: 'none' },
      near.map((r) => s('circle', { class: 'ring', r })),
      exact ? null : s('circle', { class: 'rounded', r: CUT })),
    names);
  new ResizeObserver(() => part(layer)).observe(layer);
  return layer;
}

/** A bar of a round number of kilometres, for a map that is so many wide. */
export function scale(wide) {
  const km = nice(wide / 4);
  return h('div', { class: 'scale', css: { '--part': `${(100 * km) / wide}%` }, 'aria-hidden': 'true' }, h('span', {}, t('workshop.map.km', { count: number(km, km < 1 ? 1 : 0) })));
}

/** The largest of 1, 2 and 5 by a power of ten that is no more. */
function nice(most) {
  const ten = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((digit) => digit * ten).find((one) => one <= most);
}

/** Put each name beside its point where it covers no other, nor the mark; where there is no room it is left out. */
function part(layer) {
  const { clientWidth: width, clientHeight: height } = layer;
  if (!width) return;
  const spots = [...layer.querySelectorAll('.settlement')];
  // The mark, every point, the scale below on the left and the little map on the right are there already.
  const taken = [[0, height - 36, width * 0.3, height], [width * 0.72, height * 0.7, width, height], [width / 2 - 12, height / 2 - 12, width / 2 + 12, height / 2 + 12],
    ...spots.map(({ offsetLeft: x, offsetTop: y }) => [x - 5, y - 5, x + 5, y + 5])];
  for (const spot of spots) {
    const name = spot.firstElementChild;
    spot.classList.remove('full');
    const [x, y, w, h_] = [spot.offsetLeft, spot.offsetTop, name.offsetWidth, name.offsetHeight];
    const free = ([left, top]) => left >= 2 && top >= 2 && left + w <= width - 2 && top + h_ <= height - 2
      && taken.every(([a, b, c, d]) => left >= c || left + w <= a || top >= d || top + h_ <= b);
    const place = [[x + 9, y - h_ / 2], [x - 9 - w, y - h_ / 2], [x - w / 2, y - h_ - 8], [x - w / 2, y + 8], [x + 6, y - h_ - 3], [x + 6, y + 3], [x - w - 6, y - h_ - 3], [x - w - 6, y + 3]].find(free);
    spot.classList.toggle('full', !place);
    if (!place) continue;
    const [left, top] = place;
    taken.push([left, top, left + w, top + h_]);
    name.style.left = `${left - x}px`;
    name.style.top = `${top - y}px`;
  }
}
