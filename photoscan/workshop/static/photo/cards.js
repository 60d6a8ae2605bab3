// What was found: a card for each kind, gravest first, and what only the file says as a list.

import { skipped } from './dial.js';
import { drawn, h, icon } from '../dom.js';
import { forget, map } from './map.js';
import { numbered, state, value } from '../state.js';
import { language, t } from '../texts.js';

const ARRIVAL = 450; // milliseconds, as in views.css
const shown = new Map(); // kind -> when its card came

/** Details that stay open or closed while the view around them is drawn anew. */
export function details(name, ...children) {
  const element = h('details', { class: name, ontoggle: () => (element.open ? state.opened.add(name) : state.opened.delete(name)) }, children);
  element.open = state.opened.has(name);
  return element;
}

/** Cards for everything but harmless words of the file; what is uncertain lies folded below the others. */
export function cards(toggle) {
  const rows = numbered().filter((finding) => finding.rank > 1 || !finding.field);
  const unsure = rows.filter((finding) => finding.folded);
  return [
    ...stacked(rows.filter((finding) => !finding.folded), toggle),
    unsure.length ? details('uncertain', h('summary', {}, `${t('html.uncertain')} (${unsure.length})`), stacked(unsure, toggle)) : null,
  ];
}

function stacked(findings, toggle) {
  const groups = new Map();
  for (const finding of findings) groups.set(finding.kind, [...(groups.get(finding.kind) ?? []), finding]);
  return [...groups].map(([kind, group]) => card(kind, group, toggle));
}

/** Forget which cards were seen: the next photo's come in anew. */
export function fresh() {
  shown.clear();
  forget();
}

/** The sign of a family of kinds, in its colour; both come from the family's card. */
function sign(family) {
  const { colour, icon: line } = state.start.families[family];
  return drawn([line], 'family', { '--family': colour });
}

function card(kind, group, toggle) {
  const { severity } = group[0];
  const title = t(`kind.${kind}.title`);
  if (!shown.has(kind)) shown.set(kind, performance.now());
  const age = performance.now() - shown.get(kind);
  const notes = [...new Set(group.map((finding) => finding.said[language].note).filter(Boolean))];
  const position = group.find((finding) => finding.near);
  return h('article', { class: `card sev-${severity} ${age < ARRIVAL ? 'new' : ''}`, css: { '--age': `-${Math.round(age)}ms` } },
    h('header', {},
      h('span', { class: 'shape' }, icon(severity)),
      sign(group[0].family),
      h('h3', {}, title, group.length > 1 ? h('span', { class: 'times' }, ` × ${group.length}`) : null),
      h('span', { class: 'tag' }, t(`severity.${severity}`))),
    h('p', { class: 'why' }, h('span', { class: 'vh' }, `${t('html.stranger')}: `), t(`kind.${kind}.why`)),
    h('ul', { class: 'items' }, group.map((finding) => item(finding, toggle))),
    position ? map(position) : null,
    notes.map((note) => h('p', { class: 'note' }, note)),
    h('div', { class: 'do' }, h('strong', {}, t('html.do')),
      [...new Set(group.map((finding) => finding.said[language].do))].map((words) => h('p', {}, words))));
}

/** One finding of a card: its value, place, how sure it is, and whether it is covered. `title` where no card says it. */
export function item(finding, toggle, title = null) {
  const percent = Math.round(100 * finding.confidence);
  const sure = `${t(finding.likely ? 'report.likely' : 'report.possible')}, ${t('html.sure', { percent })}`;
  const words = value(finding);
  return h('li', { 'data-for': finding.id },
    h('span', { class: 'number' }, String(finding.number)),
    h('div', { class: 'what' },
      title ? h('span', { class: 'title' }, title) : null,
      words ? h('span', { class: 'value' }, words) : null,
      h('span', { class: 'where' }, finding.cover ? finding.said[language].where : (finding.field?.name ?? finding.said[language].where)),
      h('span', { class: `sure ${finding.likely ? '' : 'unsure'}` },
        h('span', { class: 'meter', 'aria-hidden': 'true', css: { '--p': `${percent}%` } }), sure)),
    finding.cover ? cover(finding, toggle) : goes(finding));
}

/** What becomes of a finding that lies in the file. */
function goes(finding) {
  const stays = state.only && state.start.stay.includes(finding.kind);
  if (stays) return h('span', { class: 'goes stays' }, icon('eye'), t('workshop.stays'));
  return h('span', { class: 'goes' }, icon('check'), t(finding.outside ? 'html.do' : 'workshop.goes'));
}

function cover(finding, toggle) {
  const label = t('workshop.cover_named', { number: finding.number, title: t(`kind.${finding.kind}.title`) });
  return h('label', { class: 'switch' },
    h('input', {
      type: 'checkbox', role: 'switch', checked: state.hide.has(finding.id), 'aria-label': label, disabled: state.scanning,
      'data-key': `switch-${finding.id}`, onchange: () => toggle(finding.id),
    }),
    h('span', { class: 'track', 'aria-hidden': 'true' }),
    h('span', { 'aria-hidden': 'true' }, t('workshop.cover')));
}

/** Combinations that tell more than their parts. */
export function together() {
  const rules = state.report?.rules ?? [];
  if (!rules.length) return null;
  const numbers = new Map(numbered().map((finding) => [finding.id, finding]));
  return h('section', { class: 'together', 'aria-labelledby': 'together-h' },
    h('h2', { id: 'together-h' }, t('html.together')),
    h('ul', {}, rules.map((rule) => h('li', { class: `sev-${rule.severity}` },
      icon(rule.severity),
      h('div', {},
        h('p', {}, t(`rule.${rule.id}`)),
        h('p', { class: 'because' }, t('html.fired_by'), ' ',
          rule.findings.map((id) => numbers.get(id)).filter(Boolean).sort((a, b) => a.number - b.number).slice(0, 12)
            .map((finding) => h('span', { class: 'number', 'data-for': finding.id, title: t(`kind.${finding.kind}.title`) }, String(finding.number)))))))));
}

/** What the file says: everything with a place in it, harmless or not. */
export function file() {
  const rows = numbered().filter((finding) => finding.field);
  if (!rows.length) return null;
  return h('section', { class: 'file', 'aria-labelledby': 'file-h' },
    h('h2', { id: 'file-h' }, t('html.metadata')),
    h('p', { class: 'quiet' }, t('html.metadata_note')),
    h('dl', {}, rows.map((finding) => h('div', {},
      h('dt', {}, h('span', { class: 'number' }, String(finding.number)), t(`kind.${finding.kind}.title`)),
      h('dd', {}, value(finding) ? h('span', { class: 'value' }, value(finding)) : null, h('code', {}, finding.field.name))))));
}

export function laws() {
  const rows = state.report?.laws ?? [];
  if (!rows.length) return null;
  return details('laws',
    h('summary', { 'data-key': 'laws' }, t('html.laws')),
    h('p', { class: 'quiet' }, t('html.laws_note')),
    h('ul', {}, rows.map((law) => h('li', {},
      h('strong', {}, `${t(`country.${law.country}`)}: ${law.name}`),
      h('p', {}, t(`law.${law.id}`)),
      h('p', { class: 'quiet' }, t('html.law_since', { date: law.since }), ' · ', h('span', { lang: 'en' }, law.source))))));
}

/** What was looked at; what nobody could look at stands beside the dial. */
export function coverage() {
  const rows = state.report?.detectors ?? [];
  const done = rows.filter((row) => row.status === 'ok').map((row) => t(`detector.${row.name}`));
  const left = skipped(rows, (row) => row.status !== 'ok');
  return done.length || left ? details('coverage',
    h('summary', { 'data-key': 'coverage' }, t('html.coverage')),
    done.length ? h('p', {}, t('report.checked', { what: done.join(', ') })) : null,
    left ? h('p', {}, t('report.not_checked', { what: left })) : null) : null;
}
