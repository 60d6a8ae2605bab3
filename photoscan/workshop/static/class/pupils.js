// Who is here: names by team, who has answered, whose photo waits. Never a photo, nor what was found in it.

import { fill, h, icon } from '../dom.js';
import { game, play } from '../game/play.js';
import { chip, colour } from '../game/teams.js';
import { say } from '../said.js';
import { t } from '../texts.js';
import { doorLine } from './door.js';

const panel = h('section', { class: 'class-pupils' });
let asked = null; // the id of whom to take out, if that is meant

/** The list, drawn anew in its place. */
export function pupils() {
  const { phase, door } = game.lesson;
  fill(panel, () => [head(), byTeam(), note(), phase === 'asking' && door ? doorLine(door) : null]);
  return panel;
}

function head() {
  const { pupils: all, phase } = game.lesson;
  const count = all.filter((pupil) => pupil.answered).length;
  const words = phase === 'asking' ? t('workshop.game.answered', { count, all: all.length }) : all.length ? t('workshop.class.here', { count: all.length }) : t('workshop.class.nobody');
  return [
    h('h2', { class: 'class-count' }, words),
    phase === 'asking' ? h('progress', { max: Math.max(1, all.length), value: count, 'aria-label': words }) : null,
  ];
}

function byTeam() {
  const { teams, pupils: all, phase } = game.lesson;
  const rows = teams.map((team) => [team, all.filter((pupil) => pupil.team === team.id)]).filter(([, some]) => some.length);
  // While they look for leaks only whether they have answered matters, and thirty names need little room.
  return h('ul', { class: `class-teams ${phase === 'asking' ? 'tight' : ''}` }, rows.map(([team, some]) => h('li', { css: colour(team.id) },
    h('h3', {}, chip(team), h('span', { class: 'quiet' }, String(some.length))),
    h('ul', {}, some.map((pupil) => (pupil.id === asked ? sure(pupil) : row(pupil)))))));
}

function row({ id, name, answered, photo }) {
  const { phase } = game.lesson;
  return h('li', { class: `class-pupil ${phase === 'asking' && answered ? 'done' : ''}` },
    h('span', { class: 'class-name' }, name),
    photo ? h('span', { class: 'class-photo', title: t(`workshop.class.photo.${photo}`) }, icon('picture'), h('span', { class: 'vh' }, t(`workshop.class.photo.${photo}`))) : null,
    phase === 'asking' && answered ? h('span', { class: 'class-answered' }, icon('check'), h('span', { class: 'vh' }, t('workshop.class.has_answered'))) : null,
    h('button', { type: 'button', class: 'class-off', 'data-key': `off-${id}`, 'aria-label': t('workshop.class.remove', { name }), title: t('workshop.class.remove', { name }), onclick: () => ask(id, `sure-${id}`) }, icon('close')));
}

/** Asked again before somebody is taken out: the button is small, and children are many. */
function sure({ id, name }) {
  return h('li', { class: 'class-pupil sure' },
    h('span', { class: 'class-name' }, name),
    h('button', { type: 'button', class: 'button small', 'data-key': `sure-${id}`, 'aria-label': t('workshop.class.remove', { name }), onclick: () => remove(id, name) }, t('workshop.class.remove_sure')),
    h('button', { type: 'button', class: 'class-off', 'data-key': `keep-${id}`, 'aria-label': t('workshop.class.remove_no', { name }), title: t('workshop.class.remove_no', { name }), onclick: () => ask(null, `off-${id}`) }, icon('undo')));
}

function ask(id, focus) {
  asked = id;
  pupils();
  panel.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
}

async function remove(id, name) {
  asked = null;
  if (await play.remove(id)) say(t('workshop.class.removed', { name }));
  pupils();
}

function note() {
  return game.lesson.pupils.some((pupil) => pupil.photo) ? h('p', { class: 'quiet' }, icon('picture'), ' ', t('workshop.class.photos_note')) : null;
}
