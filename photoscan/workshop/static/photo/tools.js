// Switches and buttons that belong to a photo wherever it is shown.

import { act } from '../desk.js';
import { h, icon } from '../dom.js';
import { state } from '../state.js';
import { t } from '../texts.js';

/** Shows values, and what lies below the covers of this page. */
export function reveal() {
  return h('label', { class: 'switch' },
    h('input', { type: 'checkbox', role: 'switch', checked: state.revealed, 'data-key': 'reveal', onchange: act.reveal }),
    h('span', { class: 'track', 'aria-hidden': 'true' }), h('span', {}, t('workshop.reveal')));
}

export function print() {
  return h('button', { type: 'button', class: 'button small', 'data-key': 'print', onclick: () => window.print() }, icon('print'), t('workshop.print'));
}
