// The keys, in a dialog.

import { h, icon } from '../dom.js';
import { t } from '../texts.js';

const ROWS = [
  ['P', 'present'], ['Page ↓ · Space · →', 'next'], ['Page ↑ · ←', 'previous'], ['Esc', 'end'], ['N', 'notes'], ['T', 'timer'], ['F', 'full'], ['Ctrl Z · Ctrl Y', 'undo'], ['?', 'keys'],
];

/** Show the keys. */
export function help() {
  const close = () => dialog.close();
  const dialog = h('dialog', { class: 'key-sheet', 'aria-labelledby': 'keys-h', onclose: () => dialog.remove(), onclick: (event) => event.target === dialog && close() },
    h('div', { class: 'sheet' },
      h('header', {}, h('h2', { id: 'keys-h' }, t('workshop.present.keys')),
        h('button', { type: 'button', class: 'button small round', 'aria-label': t('workshop.close'), title: t('workshop.close'), 'data-key': 'keys-close', onclick: close }, icon('close'))),
      h('dl', {}, ROWS.map(([keys, name]) => h('div', {}, h('dt', {}, keys.split(' · ').map((one) => h('kbd', {}, one))), h('dd', {}, t(`workshop.key.${name}`)))))));
  document.body.append(dialog);
  dialog.showModal();
}
