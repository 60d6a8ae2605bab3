// A photo for a class that looks at a screen: first the whole, then what was found one by one, then together, then what a
// stranger would write, then the copy.

import { cards, together } from './cards.js';
import { judgement } from './dial.js';
import { h, icon } from '../dom.js';
import { portrait } from './portrait.js';
import { numbered, state } from '../state.js';
import { t } from '../texts.js';

const ALONE = 3; // so many of one kind are shown each by itself; of more a class learns nothing new

/** What is shown after one another: [{name, findings}]. */
export function slides() {
  const rows = numbered().filter((finding) => !finding.folded && (finding.rank > 1 || !finding.field));
  const kinds = new Map();
  for (const finding of rows) kinds.set(finding.kind, [...(kinds.get(finding.kind) ?? []), finding]);
  const found = [...kinds.values()].flatMap((group) => (group.length > ALONE ? [group] : group.map((finding) => [finding])));
  return [
    { name: 'whole', findings: [] },
    ...found.map((findings) => ({ name: 'finding', findings })),
    ...(state.report?.rules.length ? [{ name: 'together', findings: [] }] : []),
    ...(state.report?.error ? [] : [{ name: 'stranger', findings: [] }, { name: 'copy', findings: [] }]),
  ];
}

/** The slide that is shown. */
export function slide() {
  const all = slides();
  return all[Math.min(state.slide, all.length - 1)];
}

/** One slide's part beside the photo. `make`: the button that makes the copy. */
export function words(toggle, make) {
  const { name, findings } = slide();
  const all = slides();
  return h('div', { class: `part part-${name}` },
    name === 'whole' ? judgement(state.report) : null,
    name === 'finding' ? h('div', { class: 'cards' }, cards(toggle, findings)) : null,
    name === 'together' ? together() : null,
    name === 'stranger' ? portrait(state.report) : null,
    name === 'copy' ? h('section', { class: 'copying' }, h('h2', {}, t('workshop.step.safe')), h('p', { class: 'lead' }, t('workshop.present.copy')), make) : null,
    h('p', { class: 'progress-dots' },
      h('span', { class: 'vh' }, t('workshop.present.at', { count: state.slide + 1, all: all.length })),
      all.map((one, index) => h('span', { class: `progress-dot ${index === state.slide ? 'on' : ''}`, 'aria-hidden': 'true' })), name === 'copy' ? null : icon('next')));
}
