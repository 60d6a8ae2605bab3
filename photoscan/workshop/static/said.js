// Words that stand beside everything else: what is spoken to those who have the page read to them, and what went wrong.

import { h, icon } from './dom.js';
import { Problem } from './server.js';
import { state } from './state.js';
import { T, has, language, t } from './texts.js';

/** Speak: a screen reader says it, nobody sees it. */
export function say(words) {
  document.getElementById('live').textContent = words;
}

/** Note what went wrong, to be shown by `problem`. An error that is no Problem is a fault of the page itself. */
export function wrong(error) {
  if (!(error instanceof Problem)) console.error(error);
  state.problem = error.said ?? key(error.code);
}

/** The key of the words for a code. */
export function key(code) {
  return [`workshop.error.${code}`, `error.${code}`].find(has) ?? 'error.error';
}

/** What went wrong, in words. */
export function problemWords() {
  return typeof state.problem === 'string' ? T(state.problem) : state.problem[language];
}

/** The same as a part of a view; null where nothing went wrong. */
export function problem() {
  if (!state.problem) return null;
  return h('div', { class: 'problem', role: 'alert' },
    icon('high'),
    h('div', {},
      h('h2', {}, t('workshop.problem')),
      h('p', {}, problemWords()),
      state.view === 'start' ? h('p', { class: 'quiet' }, t('workshop.problem_again')) : null));
}
