// The second view: findings come in, then the judgement; choose what will be covered.

import { act } from '../desk.js';
import { h, icon } from '../dom.js';
import { cards, coverage, file, laws, together } from '../photo/cards.js';
import { judgement } from '../photo/dial.js';
import { map } from '../photo/map.js';
import { portrait } from '../photo/portrait.js';
import { slide, slides, words } from '../photo/slides.js';
import { stage } from '../photo/stage.js';
import { print, reveal } from '../photo/tools.js';
import { draw as again, go } from '../router.js';
import { problem } from '../said.js';
import { covered, numbered, state } from '../state.js';
import { T, language, t } from '../texts.js';

const steps = { next, previous: () => slid(-1) };
export const look = { name: 'look', step: 1, can: () => state.scanning || state.id !== null, draw, steps };

function draw() {
  const findings = numbered();
  const report = state.report;
  if (state.guessing) return guess(findings.length);
  if (state.presenting && report) return present();
  return [
    h('div', { class: `look ${state.making ? 'making' : ''}` },
      h('h1', { class: 'vh' }, t('html.title')),
      h('div', { class: 'left' },
        stage(act.toggle),
        h('p', { class: 'caption' }, h('span', {}, fileName()),
          findings.some((finding) => finding.box) ? h('span', { class: 'quiet' }, t('workshop.tap')) : null),
        report ? covering() : null),
      h('div', { class: 'right' },
        problem(),
        report?.error ? h('p', { class: 'problem' }, icon('high'), h('strong', {}, T(`error.${report.error}`))) : null,
        report ? [judgement(report), portrait(report)] : progress(),
        findings.length ? h('h2', {}, t('html.findings')) : null,
        findings.length ? h('div', { class: 'cards' }, cards(act.toggle)) : null,
        together(), file(), report ? [laws(), coverage()] : null)),
    report && !report.error ? bar(findings) : null,
  ];
}

/** A step of the clicker: what the class guesses is shown first, and behind the last part the copy is made. */
function next() {
  if (!state.report) return false;
  if (state.guessing) act.show();
  else if (slid(1)) return true;
  else if (state.copy) go('safe');
  else if (!state.report.error) act.make();
  return true;
}

function slid(by) {
  const to = state.slide + by;
  if (to < 0 || to >= slides().length) return false;
  state.slide = to;
  again();
  return true;
}

/** For those who look at a screen: one thing at a time, the photo beside it. */
function present() {
  const { name, findings } = slide();
  const lit = new Set(findings.map((finding) => finding.id));
  const right = h('div', { class: 'right' }, problem(), words(act.toggle, name === 'copy' ? maker() : null));
  const placed = findings.find((finding) => finding.near);
  return h('div', { class: `look presented ${state.making ? 'making' : ''}` },
    h('h1', { class: 'vh' }, t('html.title')),
    // What only the file says is not in the photo: its map stands in the photo's place, taken out of the card.
    h('div', { class: 'left' }, (placed && map(placed)) ?? stage(act.toggle, lit), h('div', { class: 'tools' }, reveal())), right);
}

export function progress() {
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

/** The report as a page to take home. */
function saver() {
  return h('a', {
    class: 'button small round', href: `/api/photos/${state.id}/report?lang=${language}`, download: '', 'data-key': 'report',
    'aria-label': t('workshop.download_report'), title: t('workshop.download_report'),
  }, icon('down'));
}

/** The file's name, unless it tells something and values are masked. */
function fileName() {
  const { report, revealed, photo } = state;
  const harmless = report && !report.unseen && !state.findings.some((finding) => finding.outside);
  return (harmless || revealed) && photo ? photo.name : '';
}

/** What is covered in the picture, and what goes from the file. */
function covering() {
  if (state.report.error) return h('div', { class: 'tools' }, saver(), print(true));
  const all = numbered().filter((finding) => finding.cover).length;
  const count = covered().length;
  const one = (name, disabled) => h('button', { type: 'button', class: 'button small', 'data-key': name, disabled, onclick: act[name] }, t(`workshop.cover_${name}`));
  return h('div', { class: 'covering' },
    h('div', { class: 'tools' },
      all ? [one('all', count === all), one('none', count === 0)] : reveal(), h('span', { class: 'gap' }),
      saver(), print(true)),
    strips(), all ? reveal() : null);
}

/** What goes from the file: all that it says, or only the place. */
function strips() {
  const one = (name, place) => h('label', {},
    h('input', { type: 'radio', name: 'strips', checked: state.only === place, 'data-key': `strips-${name}`, onchange: () => act.only(place) }),
    h('span', {}, t(`workshop.strips_${name}`)));
  return h('fieldset', { class: 'strips' }, h('legend', {}, t('workshop.strips')), one('all', false), one('place', true));
}

/** The bar at the bottom: what will be covered, and the way on. It takes no more than a tenth of a screen. */
function bar(findings) {
  const places = findings.filter((finding) => finding.cover);
  const count = covered().length;
  const unseen = state.report.unseen && t('workshop.covers_unseen');
  return h('div', { class: 'bar' },
    h('div', { class: 'sum' },
      h('p', {}, h('strong', {}, places.length ? t('workshop.covers', { count, all: places.length }) : unseen || t('workshop.covers_nothing'))),
      places.length && unseen ? h('p', { class: 'quiet' }, unseen) : null),
    state.past.length ? h('button', { type: 'button', class: 'button small undo', 'data-key': 'undo', onclick: act.undo }, icon('undo'), h('span', { class: 'wide', 'aria-hidden': 'true' }, t('workshop.undo')), h('span', { class: 'vh' }, t('workshop.undo'))) : null,
    maker());
}

function maker() {
  return h('button', { type: 'button', class: `button primary ${state.making ? 'busy' : ''}`, 'data-key': 'make', 'aria-disabled': String(state.making), onclick: act.make },
    state.making ? t('workshop.making') : t('workshop.make'), state.making ? h('span', { class: 'dots', 'aria-hidden': 'true' }) : icon('next'));
}
