// The board: clues cut out of the photos, and four questions. By drag, by tap, or by keyboard: pick up, choose, put down.

import { h, icon } from '../dom.js';
import { draw } from '../router.js';
import { say } from '../said.js';
import { state } from '../state.js';
import { t } from '../texts.js';
import { crop } from './crop.js';
import { draggable } from './drag.js';
import { solved } from './state.js';

export function board() {
  const { data, placed, picked, hint } = state.story;
  const left = data.clues.filter(({ id }) => !placed.has(id));
  return h('div', { class: `board ${picked ? 'holding' : ''}`, onkeydown: (event) => event.key === 'Escape' && putBack() },
    h('p', { class: `hint ${hint ? hint.sort : ''}` }, hint ? [icon(hint.sort === 'right' ? 'check' : 'eye'), h('span', {}, hint.words)] : t('workshop.story.board.lead')),
    left.length ? h('ul', { class: 'tray', 'aria-label': t('workshop.story.clues') }, left.map((clue) => h('li', {}, card(clue)))) : null,
    h('ul', { class: 'questions' }, data.questions.map(question)));
}

function card(clue) {
  const { picked } = state.story;
  const button = h('button', {
    type: 'button', class: 'clue', 'data-key': `clue-${clue.id}`, 'data-clue': clue.id, 'aria-pressed': String(picked === clue.id),
    onclick: () => (picked === clue.id ? putBack() : pick(clue.id)),
  }, crop(clue), h('span', { class: 'clue-name' }, words(clue.id)));
  draggable(button, (found) => found?.closest?.('[data-question]') ?? null, {
    over: (target) => {
      for (const one of document.querySelectorAll('[data-question]')) one.classList.toggle('over', one === target);
    },
    drop: (target) => target && put(clue.id, target.dataset.question),
  });
  return button;
}

function question(id) {
  const { data, placed, picked } = state.story;
  const here = data.clues.filter((clue) => placed.get(clue.id) === id);
  return h('li', {
    class: `question ${here.length ? 'answered' : ''}`, 'data-question': id,
    onclick: (event) => state.story.picked && !event.target.closest('button') && put(state.story.picked, id),
  },
    h('h2', {}, t(`workshop.story.question.${id}`)),
    here.length ? h('ul', { class: 'answers' }, here.map((clue) => h('li', { class: 'clue placed' }, crop(clue), h('span', { class: 'clue-name' }, icon('check'), words(clue.id))))) : null,
    h('button', {
      type: 'button', class: 'button small put', 'data-key': `put-${id}`, disabled: !picked, 'aria-label': `${t(`workshop.story.question.${id}`)} ${t('workshop.story.put_here')}`,
      onclick: () => put(state.story.picked, id),
    }, icon('down'), t('workshop.story.put_here')));
}

function words(id) {
  return t(`workshop.story.clue.${id}`);
}

function pick(id) {
  Object.assign(state.story, { picked: id, hint: { sort: 'held', words: t('workshop.story.picked', { clue: words(id) }) } });
  tell(`put-${state.story.data.questions[0]}`);
}

function putBack() {
  const { picked } = state.story;
  if (!picked) return;
  Object.assign(state.story, { picked: null, hint: { sort: 'held', words: t('workshop.story.put_back', { clue: words(picked) }) } });
  tell(`clue-${picked}`);
}

/** Put a clue on a question: right is what the story says, and every other one gets a kind word. */
function put(id, on) {
  const { data, placed } = state.story;
  const clue = data.clues.find((one) => one.id === id);
  state.story.picked = null;
  if (clue.question !== on) {
    const key = clue.nearly === on ? `workshop.story.nearly.${id}` : 'workshop.story.not_here';
    state.story.hint = { sort: 'wrong', words: t(key) };
    tell(`clue-${id}`);
    return;
  }
  placed.set(id, on);
  const key = solved() ? 'workshop.story.solved' : 'workshop.story.right';
  state.story.hint = { sort: 'right', words: t(key, { count: placed.size, all: data.clues.length }) };
  const next = data.clues.find((one) => !placed.has(one.id));
  tell(next ? `clue-${next.id}` : 'story-next');
}

/** Put the next clue where it belongs: for whoever goes on by clicker, or is stuck. False where none is left. */
export function place() {
  const { data, placed } = state.story;
  const next = data.clues.find(({ id }) => !placed.has(id));
  if (next) put(next.id, next.question);
  return Boolean(next);
}

/** Take back the clue that was placed last. False where there is none. */
export function take() {
  const { placed } = state.story;
  const [last] = [...placed.keys()].reverse();
  if (last) placed.delete(last);
  Object.assign(state.story, { picked: null, hint: null });
  draw();
  return Boolean(last);
}

function tell(focus) {
  draw();
  say(state.story.hint.words);
  document.querySelector(`[data-key="${focus}"]`)?.focus();
}
