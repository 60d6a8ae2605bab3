// How a team looks: a shape and a colour, so that nobody has to tell colours apart. Used on phones as well.

import { h, s } from '../dom.js';
import { t } from '../texts.js';

export const MOST = 8;
const LOOKS = [
  ['#1767c2', 'M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20z'],
  ['#b65700', 'M3 3h18v18H3z'],
  ['#137a45', 'M12 2 23 21.500H1z'],
  ['#b01c73', 'M12 .800 23.200 12 12 23.200.800 12z'],
  ['#6244c9', 'M12 1.500 22.500 9.300 18.500 21.800h-13L1.500 9.300z'],
  ['#0b7480', 'M6.500 2.500h11L23 12l-5.500 9.500h-11L1 12z'],
  ['#bf2626', 'M12 .800l3.200 7.300 7.900.700-6 5.200 1.800 7.800L12 17.700l-6.900 4.100 1.800-7.800-6-5.200 7.900-.700z'],
  ['#705800', 'M8 1.500h8V8h6.500v8H16v6.500H8V16H1.500V8H8z'],
];

/** The place of a team in the row, from its id ('t1', 't2' ...). */
export function order(id) {
  return Number(id.slice(1)) - 1;
}

/** Its colour, as a custom property. */
export function colour(id) {
  return { '--team': LOOKS[order(id) % LOOKS.length][0] };
}

/** Its sign. `text`: what stands in it; `unsure`: hollow. It says nothing to those who have the page read to them. */
export function sign(id, { text = '', unsure = false, extra = '' } = {}) {
  const [, path] = LOOKS[order(id) % LOOKS.length];
  return s('svg', { class: `team-sign ${unsure ? 'unsure' : ''} ${extra}`, viewBox: '-1.500 -1.500 27 27', css: colour(id), 'aria-hidden': 'true', focusable: 'false' },
    s('path', { class: 'rim', d: path }), s('path', { class: 'body', d: path }),
    text ? s('text', { x: 12, y: order(id) === 2 ? 17.8 : 16.4, 'text-anchor': 'middle' }, text) : null);
}

/** A team by its sign and name, with what else is to be told. */
export function chip(team, ...more) {
  return h('span', { class: 'team-chip', css: colour(team.id) }, sign(team.id), h('span', { class: 'team-name' }, team.name), ...more);
}

/** Names to begin with. */
export function names(count) {
  return Array.from({ length: count }, (_, index) => t(`workshop.game.team.${index + 1}`));
}
