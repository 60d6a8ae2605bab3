// The teacher's notes for the view that is shown, in a panel that can be put away.

import { fill, h, icon } from '../dom.js';
import { current, draw } from '../router.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { language, t } from '../texts.js';

/** Show the notes, or put them away. */
export function toggle() {
  state.noted = !state.noted;
  draw();
}

/** Draw the panel, which stands beside the views. */
export function drawNotes(element) {
  if (state.presenting && !state.notes?.[language]) fetchNotes(language);
  const lines = words(state.notes?.[language]?.views ?? {});
  const shown = state.presenting && state.noted;
  element.hidden = !shown;
  fill(element, () => shown ? [
    h('header', {}, icon('notes'), h('h2', {}, t('workshop.present.notes')),
      h('button', { type: 'button', class: 'button small round', 'data-key': 'notes-close', 'aria-label': t('workshop.close'), title: t('workshop.close'), onclick: toggle }, icon('close'))),
    lines.length ? h('ul', { tabindex: '0', 'aria-label': t('workshop.present.notes') }, lines.map((line) => h('li', {}, line))) : h('p', {}, t('workshop.notes.none')),
  ] : []);
}

/** Those of the key that the view gives, else those of its name. */
function words(views) {
  const { notes, name } = current();
  return views[typeof notes === 'function' ? notes() : notes] ?? views[name] ?? [];
}

let asked = null;

async function fetchNotes(wanted) {
  if (asked === wanted) return;
  asked = wanted;
  try {
    state.notes = { ...state.notes, [wanted]: await server.json(`/api/notes/${wanted}`) };
    draw();
  } catch {
    // Without notes the lesson goes on; they are asked for again in another language.
  }
}
