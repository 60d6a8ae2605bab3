// Before the game and after it: a name, the code, and what became of the lesson.

import { h, icon } from '../dom.js';
import { draw } from '../router.js';
import { has, t } from '../texts.js';
import { play } from './state.js';
import { join } from './talk.js';

const LONGEST = 24; // characters of a name

export function door() {
  play.name ||= invented();
  return h('div', { class: 'door' }, play.out ? farewell() : welcome(), play.out === 'over' ? null : [form(), notes()]);
}

function welcome() {
  return h('div', { class: 'pitch' }, h('h1', {}, t('workshop.player.title')), h('p', { class: 'lead' }, t('workshop.player.lead')));
}

/** Why nobody plays here any more. */
function farewell() {
  return h('div', { class: 'pitch farewell', 'data-out': play.out },
    icon(play.out === 'over' ? 'none' : 'low', 'huge'),
    h('h1', {}, t(`workshop.player.out.${play.out}`)),
    h('p', { class: 'lead' }, t(`workshop.player.out.${play.out}_note`)));
}

function form() {
  const name = h('input', {
    id: 'name', class: 'field', name: 'nickname', type: 'text', value: play.name, maxlength: LONGEST, required: true, 'data-key': 'name',
    autocomplete: 'off', autocapitalize: 'words', spellcheck: 'false', enterkeyhint: 'go', 'aria-describedby': 'name-note',
    oninput: (event) => { play.name = event.target.value; }, onfocus: (event) => event.target.select(),
  });
  return h('form', { class: 'join', novalidate: true, onsubmit: (event) => { event.preventDefault(); ready() && join(); } },
    play.problem ? h('p', { class: 'problem', role: 'alert' }, icon('high'), h('span', {}, t(problemKey()))) : null,
    play.scanned ? null : h('div', { class: 'entry' },
      h('label', { for: 'code' }, t('workshop.player.code')),
      h('input', {
        id: 'code', class: 'field code', type: 'text', value: play.code, inputmode: 'numeric', pattern: '[0-9 ]*', maxlength: 12, required: true,
        autocomplete: 'off', 'data-key': 'code', 'aria-describedby': 'code-note', oninput: (event) => { play.code = event.target.value; },
      }),
      h('p', { class: 'quiet', id: 'code-note' }, t('workshop.player.code_note'))),
    h('div', { class: 'entry' },
      h('label', { for: 'name' }, t('workshop.player.name')),
      name,
      h('p', { class: 'quiet', id: 'name-note' }, t('workshop.player.name_note')),
      h('button', { type: 'button', class: 'button small', 'data-key': 'another', onclick: () => { play.name = invented(); draw(); } },
        icon('dice'), t('workshop.player.another'))),
    h('button', { type: 'submit', class: `button primary ${play.joining ? 'busy' : ''}`, 'data-key': 'join', 'aria-disabled': String(play.joining) },
      t(play.joining ? 'workshop.player.joining' : 'workshop.player.join'), play.joining ? h('span', { class: 'dots', 'aria-hidden': 'true' }) : icon('next')));
}

/** Whether all is typed; what is missing is told. */
function ready() {
  const missing = play.code.trim() ? (play.name.trim() ? null : 'name') : 'code';
  if (missing) {
    play.problem = missing === 'code' ? 'no_code' : 'name';
    draw();
    document.getElementById(missing).focus();
  }
  return !missing;
}

function problemKey() {
  return [`workshop.player.error.${play.problem}`, `workshop.error.${play.problem}`].find(has) ?? 'workshop.player.error.error';
}

/** What is good to know before: what is kept, and whether somebody could read along. */
function notes() {
  return h('ul', { class: 'notes' },
    h('li', {}, icon('lock'), h('span', {}, t('workshop.player.kept'))),
    location.protocol === 'https:' ? null : h('li', {}, icon('eye'), h('span', {}, t('workshop.lan.plain'))));
}

/** A name that nobody has, with a number, since a class is large. */
function invented() {
  const names = t('workshop.player.names').split(/\s*[,、،]\s*/u);
  return `${names[Math.floor(Math.random() * names.length)]} ${2 + Math.floor(Math.random() * 98)}`;
}
