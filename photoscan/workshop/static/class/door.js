// How phones come in: a code in letters for the last row, a QR code, the address, and what is to be known of the network.

import { h, icon, s } from '../dom.js';
import { t } from '../texts.js';

const MARGIN = 4; // modules of white that readers of QR codes need around them

/** The door of a lesson, as `/api/lesson/door` tells it; null while it is shut. */
export function door({ open, secure, code, ways }) {
  if (!open) return null;
  const [first, ...others] = ways;
  return h('section', { class: 'class-door', 'aria-labelledby': 'door-h' },
    square(first),
    h('div', { class: 'class-ways' },
      h('h1', { id: 'door-h' }, t('workshop.class.join')),
      h('p', { class: 'lead' }, icon('camera'), t('workshop.class.scan')),
      h('div', {},
        h('p', { class: 'quiet' }, t('workshop.class.type')),
        h('p', { class: 'class-address', translate: 'no' }, short(first.address))),
      h('div', {},
        h('p', { class: 'quiet' }, t('workshop.class.code')),
        h('p', { class: 'class-code', translate: 'no' }, spaced(code))),
      others.length ? h('p', { class: 'quiet' }, t('workshop.class.others', { addresses: others.map((way) => short(way.address)).join(', ') })) : null),
    h('ul', { class: 'class-notes' },
      h('li', {}, icon('people'), h('span', {}, t('workshop.class.network'))),
      secure ? null : h('li', {}, icon('eye'), h('span', {}, `${t('workshop.lan.plain')} ${t('workshop.lan.plain_teacher')}`))));
}

/** The door in one line, for those who come late. */
export function doorLine({ open, code, ways }) {
  return open ? h('p', { class: 'class-line', translate: 'no' }, icon('people'), h('span', {}, short(ways[0].address)), h('strong', {}, spaced(code))) : null;
}

function square({ address, qr }) {
  const side = qr.size + 2 * MARGIN;
  return h('div', { class: 'class-qr' },
    s('svg', { viewBox: `${-MARGIN} ${-MARGIN} ${side} ${side}`, role: 'img', 'aria-label': t('workshop.class.qr', { address }), 'shape-rendering': 'crispEdges' },
      s('path', { d: qr.d })));
}

/** An address as people type it. */
function short(address) {
  return address.replace(/^http:\/\//, '').replace(/\/$/, '');
}

/** In two halves, which are easier to remember. */
function spaced(code) {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`;
}
