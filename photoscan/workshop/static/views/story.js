// The story of one invented child: four photos that are harmless alone, and what they tell together.

import { h, icon } from '../dom.js';
import { draw as redrawPage, go } from '../router.js';
import { problem, say, wrong } from '../said.js';
import { state } from '../state.js';
import { board, place, take } from '../story/board.js';
import { redraw } from '../story/map.js';
import { posts } from '../story/posts.js';
import { acts, profile } from '../story/profile.js';
import { PARTS, fresh, last, load, part, solved } from '../story/state.js';
import { t } from '../texts.js';

export const story = {
  name: 'story', step: null, title: 'workshop.story.title',
  entry: { icon: 'book', title: 'workshop.story.title', note: 'workshop.story.note' },
  draw, enter, leave, steps: { next, previous },
};

function enter() {
  addEventListener('popstate', popped);
  load().then(() => {
    state.story.step = reached(history.state?.step);
    redrawPage();
  }, (error) => {
    wrong(error);
    redrawPage();
  });
}

function leave() {
  removeEventListener('popstate', popped);
}

/** Back and forward within the story. */
function popped(event) {
  if (state.view !== 'story' || !state.story.data) return;
  state.story.step = reached(event.state?.step);
  show();
}

/** What is only there when all clues are placed is not shown before. */
function reached(step) {
  const wanted = Number.isInteger(step) ? Math.min(Math.max(0, step), last()) : 0;
  return solved() ? wanted : Math.min(wanted, state.story.data.posts.length);
}

function to(step) {
  state.story.step = step;
  history.pushState({ view: 'story', step }, '', '#story');
  show();
}

function show() {
  if (part() === 'profile') redraw();
  redrawPage();
  scrollTo(0, 0);
  document.getElementById('main').focus({ preventScroll: true });
  const { data, step } = state.story;
  say(part() === 'posts' ? t(`workshop.story.day.${data.posts[step].name}`) : t(`workshop.story.${part()}.title`));
}

/** One step on: a photo, the next clue, the next part. */
function next() {
  if (!state.story?.data) return false;
  if (part() === 'board' && !solved()) return place();
  if (state.story.step >= last()) return false;
  to(state.story.step + 1);
  return true;
}

function previous() {
  if (!state.story?.data) return false;
  if (part() === 'board' && state.story.placed.size) return take();
  if (!state.story.step) return false;
  history.back();
  return true;
}

function draw() {
  if (!state.story?.data) return h('section', { class: 'story' }, h('h1', {}, t('workshop.story.title')), problem());
  const name = part();
  return h('section', { class: `story at-${name}` },
    trail(name),
    h('h1', {}, t(`workshop.story.${name}.title`)),
    name === 'board' || name === 'rule' ? null : h('p', { class: 'lead' }, t(`workshop.story.${name}.lead`)),
    { posts, board, profile, acts, rule }[name](),
    buttons(name));
}

/** Where in the story this is. */
function trail(name) {
  const at = PARTS.indexOf(name);
  return h('ol', { class: 'trail', 'aria-label': t('workshop.story.steps') }, PARTS.map((one, index) =>
    h('li', { class: index < at ? 'past' : '', 'aria-current': index === at ? 'step' : null }, t(`workshop.story.step.${one}`))));
}

function buttons(name) {
  const { data, step } = state.story;
  const more = step + 1 < data.posts.length ? 'next_photo' : { posts: 'to_board', board: 'to_profile', profile: 'to_acts', acts: 'to_rule' }[name];
  const stuck = name === 'board' && !solved();
  return h('div', { class: 'story-buttons' },
    step ? h('button', { type: 'button', class: 'button', 'data-key': 'story-back', onclick: () => history.back() }, icon('back'), t('workshop.story.previous')) : null,
    stuck ? h('button', { type: 'button', class: 'button', 'data-key': 'story-solve', onclick: place }, t('workshop.story.solve')) : null,
    name === 'rule' ? [
      h('button', { type: 'button', class: 'button', 'data-key': 'story-print', onclick: () => window.print() }, icon('print'), t('workshop.print')),
      h('button', { type: 'button', class: 'button', 'data-key': 'story-again', onclick: again }, icon('again'), t('workshop.story.again')),
      h('button', { type: 'button', class: 'button primary', 'data-key': 'story-done', onclick: () => go('start') }, icon('check'), t('workshop.story.done')),
    ] : h('button', { type: 'button', class: 'button primary', 'data-key': 'story-next', disabled: stuck, onclick: next }, t(`workshop.story.${more}`), icon('next')));
}

function again() {
  fresh(state.story.data);
  to(0);
}

/** The end: a rule, three questions, and what the class saw, for the printer too. */
function rule() {
  return h('div', { class: 'rule' },
    h('p', { class: 'maxim' }, t('workshop.story.rule')),
    h('div', { class: 'print-only' }, profile()),
    h('ul', { class: 'asks' }, ['1', '2', '3'].map((one) => h('li', {}, t(`workshop.story.ask.${one}`)))));
}
