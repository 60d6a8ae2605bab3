// The end of a lesson with phones: asked once more, then everything is wiped, and what that was is told.

import { h, icon } from '../dom.js';
import { game, play } from '../game/play.js';
import { go } from '../router.js';
import { problem } from '../said.js';
import { t } from '../texts.js';
import { deaf } from './live.js';

/** The button that ends the lesson. */
export function endButton() {
  return h('button', { type: 'button', class: 'button', 'data-key': 'end-lesson', onclick: ask }, icon('bin'), t('workshop.class.end'));
}

function ask() {
  const dialog = h('dialog', { class: 'class-ask', 'aria-labelledby': 'end-h', 'aria-describedby': 'end-note', onclose: () => dialog.remove() },
    h('h2', { id: 'end-h' }, t('workshop.class.end_ask')),
    h('p', { id: 'end-note' }, t('workshop.class.end_note')),
    h('div', { class: 'choices' },
      h('button', { type: 'button', class: 'button', 'data-key': 'end-no', onclick: () => dialog.close() }, t('workshop.class.end_no')),
      h('button', { type: 'button', class: 'button primary', 'data-key': 'end-yes', onclick: () => { dialog.close(); end(); } }, icon('bin'), t('workshop.class.end_yes'))));
  document.body.append(dialog);
  dialog.showModal();
}

function end() {
  deaf(); // there is nobody left to hear of
  return play.wipe();
}

/** What was wiped: {pupils, photos}. */
export function wiped() {
  const { pupils, photos } = game.wiped;
  return [h('div', { class: 'class-wiped' },
    icon('none', 'huge'),
    h('h1', {}, t('workshop.class.wiped')),
    problem(),
    h('p', { class: 'lead' }, t('workshop.lan.wiped', { pupils, photos })),
    h('ul', { class: 'class-gone' }, [t('workshop.class.wiped_names'), t('workshop.class.wiped_photos'), t('workshop.class.wiped_code'), t('workshop.class.wiped_how')].map((words) =>
      h('li', {}, icon('check'), h('span', {}, words)))),
    h('p', { class: 'quiet' }, t('workshop.class.wiped_phones')),
    h('button', { type: 'button', class: 'button primary', 'data-key': 'wiped-on', onclick: on }, t('workshop.class.again'), icon('next')))];
}

function on() {
  game.wiped = null;
  go('start');
}
