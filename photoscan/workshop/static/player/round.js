// A round: the photo, and what the pupil thinks gives something away in it.

import { h, icon } from '../dom.js';
import { marker } from '../game/marker.js';
import { sign } from '../game/teams.js';
import { draw } from '../router.js';
import { say } from '../said.js';
import { number, t } from '../texts.js';
import { play } from './state.js';
import { mark } from './talk.js';

let pad = null;

export function round() {
  const { round: asked, mine } = play.lesson;
  pad ??= marker({ changed: mark, say });
  pad.show({
    src: `/api/rounds/${asked.name}`, title: t(`workshop.round.${asked.name}.title`), width: asked.width, height: asked.height,
    owner: `${mine.team}-${asked.index}`, marks: play.marks, sign: (look) => sign(mine.team, look),
  });
  pad.pad.inert = play.done;
  return h('div', { class: `question ${play.done ? 'done' : ''}` },
    h('div', { class: 'asked' },
      h('p', { class: 'quiet' }, t('workshop.player.round', { number: asked.index + 1, count: asked.count }), clock()),
      h('h1', {}, t(play.done ? 'workshop.player.thanks' : 'workshop.player.ask'))),
    pad.pad,
    h('div', { class: 'answer' }, play.done ? waiting() : [pad.tools, done()]));
}

/** Whether the teacher's computer has the answer. */
function state() {
  if (!play.marks.length && play.sent) return h('p', { class: 'sent' }, '\u00a0');
  const name = play.sent ? 'saved' : play.linked ? 'saving' : 'unsaved';
  return h('p', { class: `sent ${name}`, 'data-sent': name }, icon(play.sent ? 'check' : 'clock'), t(`workshop.player.sent.${name}`));
}

function done() {
  return h('div', { class: 'closing' }, state(),
    h('button', { type: 'button', class: 'button primary', 'data-key': 'done', disabled: !play.marks.length, onclick: () => turn(true) }, t('workshop.player.done'), icon('check')));
}

function waiting() {
  return [
    h('p', { class: 'lead' }, t('workshop.player.wait')),
    state(),
    h('button', { type: 'button', class: 'button', 'data-key': 'change', onclick: () => turn(false) }, icon('undo'), t('workshop.player.change')),
  ];
}

function turn(done_) {
  play.done = done_;
  draw();
  document.getElementById('main').focus({ preventScroll: true });
  if (done_) say(`${t('workshop.player.thanks')} ${t('workshop.player.wait')}`);
}

function clock() {
  return play.until === null ? null : h('span', { class: 'clock', 'data-clock': '' }, icon('clock'), h('span', {}, left()));
}

function left() {
  const seconds = Math.max(0, Math.round((play.until - performance.now()) / 1000));
  return `${number(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The clock goes on without anything else being drawn. */
export function clockTicks() {
  const words = play.until === null ? null : document.querySelector('[data-clock] > span');
  if (words && words.textContent !== left()) words.textContent = left();
}
