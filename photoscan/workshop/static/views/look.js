// The second view: findings come in, then the judgement; choose what will be covered.

import { act } from '../desk.js';
import { h, icon } from '../dom.js';
import { cards, coverage, file, laws, together } from '../photo/cards.js';
import { judgement } from '../photo/dial.js';
import { stage } from '../photo/stage.js';
import { print, reveal } from '../photo/tools.js';
import { problem } from '../said.js';
import { covered, numbered, state } from '../state.js';
import { T, language, t } from '../texts.js';

export const look = { name: 'look', step: 1, can: () => state.scanning || state.id !== null, draw };

function draw() {
  const findings = numbered();
  const report = state.report;
  if (state.guessing) return guess(findings.length);
  return [
    h('div', { class: `look ${state.making ? 'making' : ''}` },
      h('h1', { class: 'vh' }, t('html.title')),
      h('div', { class: 'left' },
        stage(act.toggle),
        h('p', { class: 'caption' }, h('span', {}, fileName()),
          findings.some((finding) => finding.box) ? h('span', { class: 'quiet' }, t('workshop.tap')) : null),
        report ? tools() : null),
      h('div', { class: 'right' },
        problem(),
        report?.error ? h('p', { class: 'problem' }, icon('high'), h('strong', {}, T(`error.${report.error}`))) : null,
        report ? judgement(report) : progress(),
        findings.length ? h('h2', { class: 'found-h' }, t('html.findings')) : null,
        findings.length ? h('div', { class: 'cards' }, cards(act.toggle)) : null,
        together(), file(), report ? [laws(), coverage()] : null)),
    report && !report.error ? bar(findings) : null,
  ];
}

function progress() {
  const names = state.start.detectors;
  const done = state.ended.size;
  const current = names.find((name) => !state.ended.has(name));
  return h('section', { class: 'progress', 'aria-labelledby': 'progress-h' },
    h('h2', { id: 'progress-h' }, t('workshop.scanning'), h('span', { class: 'dots', 'aria-hidden': 'true' })),
    state.ahead ? h('p', {}, t('workshop.waiting', { count: state.ahead })) : null,
    h('progress', { max: names.length, value: done, 'aria-labelledby': 'progress-h' }),
    h('ul', { class: 'looks' }, names.map((name) => h('li', { class: state.ended.has(name) ? 'done' : name === current ? 'now' : '' },
      state.ended.has(name) ? icon('check') : null, t(`detector.${name}`)))));
}

function guess(count) {
  return [h('div', { class: 'look guessing' },
    h('div', { class: 'left' }, stage(act.toggle)),
    h('div', { class: 'right ask' },
      h('h1', {}, t('workshop.guess_ask')),
      problem(),
      state.report ? told(state.report, count) : progress(),
      state.report ? h('button', { type: 'button', class: 'button primary', 'data-key': 'show', onclick: act.show }, icon('eye'), t('workshop.guess_show')) : null))];
}

function told(report, count) {
  if (report.error) return h('p', { class: 'problem' }, icon('high'), h('strong', {}, T(`error.${report.error}`)));
  return [
    h('p', { class: 'lead' }, t('workshop.guess_count', { count })),
    report.unseen ? h('p', { class: 'problem' }, icon('high'), h('strong', {}, T('verdict.incomplete'))) : null,
  ];
}

function tools() {
  return h('div', { class: 'tools' },
    choices('phone'),
    reveal(),
    h('a', { class: 'button small', href: `/api/photos/${state.id}/report?lang=${language}`, download: '', 'data-key': 'report' }, icon('down'), t('workshop.download_report')),
    print());
}

/** The file's name, unless it tells something and values are masked. */
function fileName() {
  const { report, revealed, photo } = state;
  const harmless = report && !report.unseen && !state.findings.some((finding) => finding.outside);
  return (harmless || revealed) && photo ? photo.name : '';
}

/** All or none: in the bar where there is room for it, else below the photo. */
function choices(where) {
  const all = numbered().filter((finding) => finding.cover).length;
  const count = covered().length;
  if (!all) return null;
  const one = (name, disabled) => h('button', {
    type: 'button', class: 'button small', 'data-key': `${name}-${where}`, disabled, onclick: act[name],
  }, t(`workshop.cover_${name}`));
  return h('div', { class: `choices on-${where}` }, one('all', count === all), one('none', count === 0));
}

/** What goes from the file: all that it says, or only the place. */
function strips() {
  const one = (name, place) => h('label', {},
    h('input', { type: 'radio', name: 'strips', checked: state.only === place, 'data-key': `strips-${name}`, onchange: () => act.only(place) }),
    h('span', {}, t(`workshop.strips_${name}`)));
  return h('fieldset', { class: 'strips' }, h('legend', {}, t('workshop.strips')), one('all', false), one('place', true));
}

function bar(findings) {
  const places = findings.filter((finding) => finding.cover);
  const count = covered().length;
  return h('div', { class: 'bar' },
    h('div', { class: 'sum' },
      h('p', {}, h('strong', {}, places.length ? t('workshop.covers', { count, all: places.length }) : t(state.report.unseen ? 'workshop.covers_unseen' : 'workshop.covers_nothing'))),
      places.length && state.report.unseen ? h('p', { class: 'quiet' }, t('workshop.covers_unseen')) : null,
      strips()),
    choices('desk'),
    h('button', { type: 'button', class: `button primary ${state.making ? 'busy' : ''}`, 'data-key': 'make', 'aria-disabled': String(state.making), onclick: act.make },
      state.making ? t('workshop.making') : t('workshop.make'), state.making ? h('span', { class: 'dots', 'aria-hidden': 'true' }) : icon('next')));
}
