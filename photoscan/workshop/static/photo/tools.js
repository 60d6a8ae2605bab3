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

/** Prints what is shown. `small`: a sign alone. */
export function print(small = false) {
  return h('button', {
    type: 'button', class: `button small print ${small ? 'round' : ''}`, 'data-key': 'print', title: t('workshop.print'), 'aria-label': t('workshop.print'), onclick: () => window.print(),
  }, icon('print'), small ? null : t('workshop.print'));
}
