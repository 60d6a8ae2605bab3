// A photo of one's own: chosen, looked at when its turn comes, copied safely, forgotten. Nobody else sees it.

import { act, open } from '../desk.js';
import { h, icon } from '../dom.js';
import { cards, details, file as fileSays, together } from '../photo/cards.js';
import { judgement } from '../photo/dial.js';
import { stage } from '../photo/stage.js';
import { reveal } from '../photo/tools.js';
import { remaining, title } from '../photo/verdict.js';
import { problemWords } from '../said.js';
import * as server from '../server.js';
import { covered, numbered, state } from '../state.js';
import { T, size, t } from '../texts.js';
import { progress } from '../views/look.js';
import { compare, more, receipt, risk, sign } from '../views/safe.js';
import { play } from './state.js';

const here = () => play.lesson !== null;
export const mine = { name: 'start', step: null, can: here, draw: drawMine };
export const look = { name: 'look', step: null, can: () => here() && (state.scanning || state.id !== null), draw: drawLook };
export const safe = { name: 'safe', step: null, can: () => here() && state.copy !== null, leave: dropCopy, draw: drawSafe };

/** The view in which the own photo is now. */
export function photoView() {
  return state.copy ? 'safe' : state.id || state.scanning ? 'look' : 'start';
}

function problem() {
  return state.problem ? h('p', { class: 'problem', role: 'alert' }, icon('high'), h('span', {}, problemWords())) : null;
}

function drawMine() {
  return h('div', { class: 'own' },
    h('h1', {}, t('workshop.player.own')),
    h('p', { class: 'lead' }, t('workshop.player.own_lead')),
    problem(),
    h('div', { class: 'pick' }, pick('choose', 'picture', false), pick('camera', 'camera', true)),
    h('ul', { class: 'notes' },
      h('li', {}, icon('lock'), h('span', {}, t('workshop.player.own_private'))),
      h('li', {}, icon('people'), h('span', {}, t('workshop.lan.plain_phone'))),
      location.protocol === 'https:' ? null : h('li', {}, icon('eye'), h('span', {}, t('workshop.lan.plain')))));
}

function pick(name, sign_, camera) {
  const input = h('input', {
    type: 'file', id: `own-${name}`, class: 'vh', accept: 'image/*', capture: camera ? 'environment' : null, 'data-key': `own-${name}`,
    onchange: () => input.files[0] && open(input.files[0]),
  });
  return h('div', {}, input, h('label', { for: `own-${name}`, class: `button ${camera ? '' : 'primary'}` }, icon(sign_), t(`workshop.player.pick.${name}`)));
}

function drawLook() {
  const { report, problem: wrong } = state;
  const findings = numbered();
  const place = findings.some((finding) => finding.near);
  return [
    h('div', { class: 'look own-look' },
      h('h1', { class: 'vh' }, t('workshop.player.own')),
      h('div', { class: 'left' }, stage(act.toggle), report && findings.length ? h('div', { class: 'tools' }, reveal()) : null),
      h('div', { class: 'right' },
        wrong ? problem() : null,
        report?.error ? h('p', { class: 'problem' }, icon('high'), h('strong', {}, T(`error.${report.error}`))) : null,
        report ? judgement(report) : queue(),
        findings.length ? h('h2', {}, t('html.findings')) : null,
        findings.length ? h('div', { class: 'cards' }, cards(act.toggle)) : null,
        together(), fileSays(),
        report && !report.error && !place ? h('p', { class: 'quiet' }, t('workshop.player.own_place')) : null,
        h('button', { type: 'button', class: 'button', 'data-key': 'forget', onclick: act.forget }, icon('bin'), t('workshop.forget')))),
    report && !report.error ? bar(findings) : null,
  ];
}

function bar(findings) {
  const places = findings.filter((finding) => finding.cover).length;
  return h('div', { class: 'bar' },
    places ? h('p', { class: 'sum' }, h('strong', {}, t('workshop.covers', { count: covered().length, all: places }))) : null,
    h('button', { type: 'button', class: `button primary ${state.making ? 'busy' : ''}`, 'data-key': 'make', 'aria-disabled': String(state.making), onclick: act.make },
      state.making ? [t('workshop.making'), h('span', { class: 'dots', 'aria-hidden': 'true' })] : [t('workshop.make'), icon('next')]));
}

/** How many are before this photo; what is being looked for, once it is its turn. */
function queue() {
  if (state.id === null) return h('section', { class: 'progress waiting' }, h('h2', {}, t('workshop.player.sending'), h('span', { class: 'dots', 'aria-hidden': 'true' })));
  if (!state.ahead) return progress();
  return h('section', { class: 'progress waiting', role: 'status' },
    h('p', { class: 'ahead', 'aria-hidden': 'true' }, String(state.ahead)),
    h('h2', {}, t('workshop.lan.ahead', { count: state.ahead })),
    h('p', { class: 'quiet' }, t('workshop.player.queue')));
}

// The copy, as a file of this page: a link to the program could not say who asks.
let copied = null;
let fetched = null; // the turn of the copy that was asked for

async function fetchCopy() {
  const { id, turn } = state;
  if (fetched === turn) return;
  fetched = turn;
  try {
    const { blob, name } = await server.file(`/api/photos/${id}/copy`);
    if (state.id !== id || state.turn !== turn || state.view !== 'safe') return;
    if (copied) URL.revokeObjectURL(copied.url);
    copied = { turn, name, url: URL.createObjectURL(blob) };
    const link = document.querySelector('[data-key=copy]');
    if (link) link.replaceWith(download());
  } catch {
    fetched = null; // the next drawing asks again
  }
}

function dropCopy() {
  if (copied) URL.revokeObjectURL(copied.url);
  [copied, fetched] = [null, null];
}

function download() {
  const { copy } = state;
  const fine = !remaining().length && !copy.after.unseen;
  const there = copied?.turn === state.turn;
  return h('a', {
    class: `button ${fine ? 'primary' : ''}`, href: there ? copied.url : null, download: there ? copied.name : null, 'data-key': 'copy', 'aria-disabled': there ? null : 'true',
  }, icon('down'), `${t(fine ? 'workshop.download' : 'workshop.download_anyway')} · ${size(copy.bytes)}`);
}

function drawSafe() {
  const { copy } = state;
  const left = remaining();
  fetchCopy();
  const again = left.some((finding) => state.hide.has(finding.id));
  return h('div', { class: 'safe' },
    h('h1', { class: `sev-${sign(copy, left)}` }, icon(sign(copy, left)), title(copy, left)),
    h('p', { class: 'lead' }, t(left.length ? 'workshop.still_lead' : 'workshop.safe_lead')),
    problem(),
    state.shown ? compare(left) : null,
    h('div', { class: 'risks' }, risk('workshop.risk_before', copy.before), icon('next', 'between'), risk('workshop.risk_after', copy.after)),
    left.length ? more(left, again) : null,
    download(),
    details('on-receipt', h('summary', { 'data-key': 'receipt' }, t('workshop.receipt')), receipt(copy, left)),
    h('div', { class: 'choices' },
      h('button', { type: 'button', class: 'button', 'data-key': 'back', onclick: act.back }, icon('back'), t('workshop.back')),
      h('button', { type: 'button', class: 'button', 'data-key': 'forget', onclick: act.forget }, icon('bin'), t('workshop.forget'))));
}
