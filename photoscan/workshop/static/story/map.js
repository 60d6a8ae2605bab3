// A small map of the invented town, of our own shapes. Each part belongs to a statement; it is drawn in stroke by stroke.

import { s } from '../dom.js';
import { language, t } from '../texts.js';

const SIZE = [720, 440];
const kept = { language: null, node: null }; // stays as it is while the view around it is drawn anew

/** The map. `gone`: ids of statements whose parts fade. */
export function map(gone) {
  if (kept.language !== language || !kept.node) Object.assign(kept, { language, node: town() });
  for (const part of kept.node.querySelectorAll('[data-part]')) part.classList.toggle('gone', gone.has(part.dataset.part));
  return kept.node;
}

/** Have it drawn in anew. */
export function redraw() {
  kept.node = null;
}

function town() {
  return s('svg', { class: 'town', viewBox: `0 0 ${SIZE.join(' ')}`, role: 'img', 'aria-label': t('workshop.story.map.alt') },
    ground(), parts().map(([name, ...shapes], index) =>
      s('g', { class: 'part', 'data-part': name, 'data-for': `part-${name}`, css: { '--n': String(index) } }, shapes)));
}

const path = (d, name, more = {}) => s('path', { d, class: name, ...more });
const line = (d, name) => path(d, `stroke ${name}`, { pathLength: '1' });
const label = (x, y, words, name = '', anchor = 'middle') => s('text', { x, y, class: `label ${name}`, 'text-anchor': anchor }, words);

/** What is there whoever lives here: hills, a river, streets, other people's houses. */
function ground() {
  const houses = [[40, 42], [196, 60], [250, 60], [196, 150], [250, 196], [318, 60], [318, 150], [372, 196], [40, 330], [84, 376], [340, 348], [476, 208], [530, 208], [668, 208], [668, 338], [668, 396], [668, 60]];
  return s('g', { class: 'ground' },
    s('rect', { class: 'grass', width: SIZE[0], height: SIZE[1] }),
    path('M-10 452C90 380 130 452 230 420S420 372 520 424S700 400 740 380V460H-10Z', 'meadow'),
    path('M742 250C640 236 640 300 560 262S460 232 380 268S250 244 150 262S50 232-20 250', 'river'),
    path('M140-10V460 M-10 300H740 M430-10V460 M140 112H740 M620 112V460', 'street'),
    path('M140-10V460 M-10 300H740 M430-10V460 M140 112H740 M620 112V460', 'lane'),
    houses.map(([x, y], index) => s('g', { transform: `translate(${x} ${y})` },
      s('rect', { class: `wall w${index % 3}`, x: -16, y: -8, width: 32, height: 22, rx: 3 }), path('M-20-6 0-22 20-6Z', `roof r${index % 3}`))),
    [[40, 244], [96, 52], [272, 132], [396, 352], [464, 344], [690, 270], [500, 60], [300, 268], [30, 140], [232, 360]].map(([x, y]) =>
      s('g', {}, s('circle', { class: 'tree', cx: x, cy: y, r: 15 }), s('circle', { class: 'leaf', cx: x - 4, cy: y - 5, r: 7 }))));
}

/** The parts, in the order in which they are drawn in: the statement's id, then its shapes. */
function parts() {
  return [
    ['town', s('rect', { class: 'plate', x: 206, y: 392, width: 166, height: 36, rx: 18 }), label(289, 416, 'Taman Melur', 'on-plate')],
    ['home',
      s('g', { transform: 'translate(134 36) rotate(90)' }, label(0, 0, 'Jalan Kenari', 'street-name', 'start')),
      s('g', { transform: 'translate(76 186)' },
        s('rect', { class: 'home-wall', x: -30, y: -14, width: 60, height: 42, rx: 4 }), path('M-38-12 0-46 38-12Z', 'home-roof'),
        s('rect', { class: 'home-door', x: -9, y: 2, width: 18, height: 26, rx: 2 }), label(0, -16, '12', 'number-12')),
      label(76, 236, t('workshop.story.map.home')), line('M116 200H140', 'walk')],
    ['face', s('g', { transform: 'translate(76 104)' },
      s('circle', { class: 'halo-aina', r: 29 }),
      s('circle', { class: 'hair', cx: -21, cy: 5, r: 9 }), s('circle', { class: 'hair', cx: 21, cy: 5, r: 9 }),
      s('circle', { class: 'hair', cy: -3, r: 19 }), s('ellipse', { class: 'skin', cy: 4, rx: 15, ry: 15.5 }), path('M-15-1C-10-10 10-10 15-1C8-5-8-5-15-1Z', 'hair'),
      s('circle', { class: 'bow', cx: -18, cy: -8, r: 4.5 }), s('circle', { class: 'bow', cx: 18, cy: -8, r: 4.5 }),
      s('circle', { class: 'hair', cx: -5, cy: 4, r: 1.8 }), s('circle', { class: 'hair', cx: 5, cy: 4, r: 1.8 }), path('M-5 11Q0 15 5 11', 'smile'))],
    ['way', line('M140 200V300H430V112H548', 'bus-line'),
      s('g', { transform: 'translate(140 300)' }, s('circle', { class: 'stop', r: 13 }), label(0, 5, '7', 'on-stop')),
      label(164, 334, `${t('workshop.story.map.stop')} · 07:10`, '', 'start')],
    ['school', s('g', { transform: 'translate(590 84)' },
      s('rect', { class: 'school-wall', x: -44, y: -20, width: 88, height: 48, rx: 4 }), path('M-52-18-34-42H34L52-18Z', 'school-roof'),
      [-34, -12, 10].map((x) => s('rect', { class: 'window', x, y: -10, width: 14, height: 14, rx: 2 })), s('rect', { class: 'home-door', x: 28, y: 4, width: 12, height: 24, rx: 2 }),
      path('M0-42V-64', 'pole'), path('M0-64H24L18-57 24-50H0Z', 'flag')),
      label(590, 136, t('workshop.story.map.school'))],
    ['now', s('circle', { class: 'ping', cx: 140, cy: 300, r: 24 }), s('circle', { class: 'ping second', cx: 140, cy: 300, r: 24 })],
    ['when', line('M620 146V344H586', 'swim-line'),
      s('g', { transform: 'translate(540 340)' }, s('rect', { class: 'pool', x: -40, y: -24, width: 80, height: 44, rx: 8 }), path('M-28-8q7-6 14 0t14 0t14 0t14 0 M-28 6q7-6 14 0t14 0t14 0t14 0', 'waves')),
      label(540, 388, `${t('workshop.story.map.pool')} · ${t('workshop.story.map.tuesday')}`)],
  ];
}
