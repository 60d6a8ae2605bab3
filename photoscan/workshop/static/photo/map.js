// An offline map: outlines of countries, a mark, and a flight from the whole world to the place.

import { h, s } from '../dom.js';
import { words } from '../server.js';
import { value } from '../state.js';
import { language, t } from '../texts.js';

const CLOSE = [520, 260]; // width and height of the close-up, in tenths of a degree
const WORLD = [0, 30, 3600, 1420];
const STEPS = 70;
let outlines = null;
const drawn = new Map(); // maps stay as they are while the view around them is drawn anew

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
  if (!drawn.has(key)) drawn.set(key, draw(finding, at, drawn.size > 0 && [...drawn.keys()].some((other) => other.startsWith(finding.id))));
  return drawn.get(key);
}

/** Forget the maps of a photo. */
export function forget() {
  drawn.clear();
}

function draw(finding, at, seen) {
  const [x, y] = [10 * (at[1] + 180), 10 * (90 - at[0])];
  const [width, height] = CLOSE;
  const close = [Math.min(Math.max(0, x - width / 2), 3600 - width), Math.min(Math.max(0, y - height / 2), 1800 - height), width, height];
  const pin = s('g', { class: 'pin' }, s('circle', { class: 'halo', r: 15 }), s('circle', { class: 'mark', r: 6.5 }));
  const big = s('svg', { class: 'close', 'aria-hidden': 'true' }, s('path', { class: 'land', d: outlines }), pin);
  const settle = (view) => {
    big.setAttribute('viewBox', view.map((n) => n.toFixed(1)).join(' '));
    pin.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${(view[2] / width).toFixed(3)})`);
  };
  settle(close);
  if (!seen && !matchMedia('(prefers-reduced-motion: reduce)').matches) fly(settle, close);
  const { town, within } = finding.near ?? {};
  const place = town ? t('metadata.within', { km: within, district: town }) : t('html.map_somewhere');
  const label = t('html.map_alt', { place });
  return h('figure', { class: 'map' },
    h('div', { class: 'maps', role: 'img', 'aria-label': label }, big,
      s('svg', { class: 'whole', viewBox: WORLD.join(' '), 'aria-hidden': 'true' },
        s('path', { class: 'land', d: outlines }),
        s('rect', { class: 'window', x: close[0], y: close[1], width, height }),
        s('circle', { class: 'mark', cx: x.toFixed(1), cy: y.toFixed(1), r: 34 }))),
    town ? h('figcaption', { class: 'quiet' }, place) : null);
}

function fly(settle, close) {
  let step = 0;
  const frame = () => {
    const done = (step += 1) / STEPS;
    const eased = 1 - (1 - done) ** 3;
    // Widths shrink by equal shares, so that the flight seems even.
    const share = (WORLD[2] / close[2]) ** (1 - eased);
    const view = [close[2] * share, close[3] * share];
    const centre = [close[0] + close[2] / 2, close[1] + close[3] / 2];
    const middle = [1800 + (centre[0] - 1800) * eased, 740 + (centre[1] - 740) * eased];
    settle(step >= STEPS ? close : [middle[0] - view[0] / 2, middle[1] - view[1] / 2, ...view]);
    if (step < STEPS) requestAnimationFrame(frame);
  };
  frame();
}
