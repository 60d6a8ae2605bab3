// An offline map: outlines of countries, a mark, and a flight from the whole world over its region to its surroundings.

import { h, s } from '../dom.js';
import { words } from '../server.js';
import { state, value } from '../state.js';
import { capital, language, t } from '../texts.js';
import { RATIO, around, reach, scale } from './around.js';

const REGION = 520; // width of the map of a region, in tenths of a degree
const WORLD = [0, 30, 3600, 1420];
const KM_A_DEGREE = 111.2;
const FLIGHT = 2200; // milliseconds
let outlines = null;
const drawn = new Map(); // a cache: maps stay as they are while the view around them is drawn anew

/** Have the outlines here before they are needed. */
export async function prepare() {
  outlines ??= await words('/api/world');
}

/** Latitude and longitude in a value such as '6.32, 99.84'. */
export function place(text) {
  const [latitude, longitude] = (text.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [latitude, longitude] : null;
}

export function map(finding) {
  const at = place(value(finding));
  if (!at || !outlines) return null;
  const key = [finding.id, at, language].join();
  if (!drawn.has(key)) drawn.set(key, draw(finding, at));
  return drawn.get(key);
}

/** Forget the maps of a photo. */
export function forget() {
  drawn.clear();
}

/** What each map shows: [left, top, width, height] in tenths of a degree, and how many kilometres that is wide. */
function windows(at, places) {
  const [x, y] = [10 * (at[1] + 180), 10 * (90 - at[0])];
  const high = REGION / RATIO;
  const region = [Math.min(Math.max(0, x - REGION / 2), 3600 - REGION), Math.min(Math.max(0, y - high / 2), 1800 - high), REGION, high];
  const found = { world: { view: WORLD }, region: { view: region, km: REGION / 10 * KM_A_DEGREE * Math.cos((at[0] * Math.PI) / 180) } };
  const up = reach(at, places);
  if (up) {
    const down = (2 * up * 10) / KM_A_DEGREE;
    found.around = { view: [x - (down * RATIO) / 2, y - down / 2, down * RATIO, down], km: 2 * up * RATIO };
  }
  return found;
}

function draw(finding, at) {
  const [x, y] = [10 * (at[1] + 180), 10 * (90 - at[0])];
  const { town, within, places = [] } = finding.near ?? {};
  const shown = windows(at, places);
  const exact = value(finding) !== finding.value;
  const pin = s('g', { class: 'pin' }, s('circle', { class: 'halo', r: 15 }), s('circle', { class: 'mark', r: 6.5 }));
  const big = s('svg', { class: 'close', 'aria-hidden': 'true' }, s('path', { class: 'land', d: outlines }), pin);
  const small = s('svg', { class: 'whole', 'aria-hidden': 'true' }, s('path', { class: 'land', d: outlines }),
    s('rect', { class: 'window' }), s('circle', { class: 'mark', cx: x.toFixed(1), cy: y.toFixed(1) }));
  const bar = h('div', { class: 'scales' });
  const label = town ? t('workshop.map.within', { count: within, town }) : t('html.map_somewhere');
  const maps = h('div', { class: 'maps', role: 'img', 'aria-label': [t('html.map_alt', { place: label }), places.map(({ name }) => name).join(', ')].filter(Boolean).join(' ') },
    big, shown.around ? around(at, places, exact) : null, small, bar);
  const settle = (view) => {
    big.setAttribute('viewBox', view.map((n) => n.toFixed(4)).join(' '));
    pin.setAttribute('transform', `translate(${x.toFixed(4)} ${y.toFixed(4)}) scale(${(view[2] / REGION).toFixed(5)})`);
  };
  const buttons = Object.keys(shown).map((name) => h('button', { type: 'button', class: 'button small', 'data-key': `near-${name}-${finding.id}`, onclick: () => {
    state.near.set(finding.id, name);
    show(name);
  } }, t(`workshop.map.${name}`)));
  const show = (name) => {
    maps.dataset.near = name;
    settle(shown[name].view);
    bar.replaceChildren(...(shown[name].km ? [scale(shown[name].km)] : []));
    inset(small, shown, name);
    buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(Object.keys(shown)[index] === name)));
  };
  const last = state.near.get(finding.id) ?? (shown.around ? 'around' : 'region');
  show(last);
  if (!state.flown.has(finding.id) && !matchMedia('(prefers-reduced-motion: reduce)').matches) fly(maps, settle, shown[last].view, () => show(state.near.get(finding.id) ?? last));
  state.flown.add(finding.id);
  return h('figure', { class: 'map' }, maps,
    h('div', { class: 'under' }, town ? h('figcaption', { class: 'quiet' }, capital(label)) : null,
      h('div', { class: 'nears', role: 'group', 'aria-label': t('workshop.map') }, buttons)));
}

/** The little map in the corner shows where the large one is: the region in the world, the surroundings in their region. */
function inset(small, { world, region }, name) {
  const [outer, inner] = name === 'around' ? [region, null] : [world, region];
  small.classList.toggle('none', name === 'world');
  small.setAttribute('viewBox', outer.view.join(' '));
  const [rect, mark] = small.querySelectorAll('rect, circle');
  rect.classList.toggle('none', inner === null);
  for (const [key, n] of Object.entries({ x: region.view[0], y: region.view[1], width: region.view[2], height: region.view[3] })) rect.setAttribute(key, n);
  mark.setAttribute('r', String(outer.view[2] * 0.012));
}

function fly(maps, settle, [left, top, width, height], done) {
  const begun = performance.now();
  maps.dataset.near = 'flight';
  const frame = (now) => {
    const part = Math.min(1, Math.max(0, now - begun) / FLIGHT);
    if (part === 1 || maps.dataset.near !== 'flight') {
      if (part === 1 && maps.dataset.near === 'flight') done();
      return;
    }
    const eased = 1 - (1 - part) ** 3;
    // Widths shrink by equal shares, so that the flight seems even; the middle moves as the widths do.
    const wide = WORLD[2] * (width / WORLD[2]) ** eased;
    const rest = (wide - width) / (WORLD[2] - width);
    const middle = [left + width / 2 + (1800 - left - width / 2) * rest, top + height / 2 + (740 - top - height / 2) * rest];
    const high = wide * (height / width);
    settle([middle[0] - wide / 2, middle[1] - high / 2, wide, high]);
    requestAnimationFrame(frame);
  };
  frame(begun);
}
