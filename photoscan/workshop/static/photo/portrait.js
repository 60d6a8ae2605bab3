// What a stranger would write: one paragraph, each phrase of which lights up what it rests on.

import { h, linked } from '../dom.js';
import { draw } from '../router.js';
import { wrong } from '../said.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { language, t } from '../texts.js';

const clear = new Map(); // the same with values in clear, for the photo whose id it has

/** The paragraph of a report; null where the photo could not be opened. */
export function portrait(report) {
  if (report.error || !report.portrait) return null;
  const { phrases } = shown(report)[language];
  return h('section', { class: 'portrait', 'aria-labelledby': 'portrait-h' },
    h('h2', { id: 'portrait-h' }, t('html.portrait')),
    h('p', { class: 'letter' }, phrases.flatMap((one, index) => [one.before, phrase(one, index)])),
    h('p', { class: 'quiet' }, t('html.portrait_note')));
}

/** In clear where values are to be shown, as soon as it is here. */
function shown(report) {
  const { id, revealed } = state;
  if (!revealed) {
    clear.clear();
    return report.portrait;
  }
  if (!clear.has(id)) fetchClear(id);
  return clear.get(id) ?? report.portrait;
}

async function fetchClear(id) {
  clear.clear();
  clear.set(id, null);
  try {
    const said = await server.json(`/api/photos/${id}/portrait`);
    if (state.id !== id || !state.revealed) return;
    clear.set(id, said);
  } catch (error) {
    if (state.id !== id) return;
    wrong(error);
  }
  draw();
}

/** A phrase. One that rests on something is a button: what it rests on stays lit after a tap. */
function phrase({ parts, findings, likely }, index) {
  const words = parts.map(({ text, finding }) => (finding ? h('b', {}, text) : text));
  if (!findings.length) return h('span', {}, words);
  const light = (event) => {
    for (const one of document.querySelectorAll('.lit')) one.classList.remove('lit');
    for (const one of linked(event.currentTarget)) one.classList.add('lit');
    document.querySelector('.stage')?.scrollIntoView({ block: 'nearest' });
  };
  return h('span', {
    class: `phrase ${likely ? '' : 'unsure'}`, role: 'button', tabindex: '0', 'data-key': `phrase-${index}`, 'data-for': findings.join(' '),
    onclick: light,
    onkeydown: (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      light(event);
    },
  }, words);
}
