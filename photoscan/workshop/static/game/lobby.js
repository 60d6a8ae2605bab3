// Before the first round: who is there.

import { door } from '../class/door.js';
import { endButton } from '../class/ending.js';
import { pupils as present } from '../class/pupils.js';
import { h, icon } from '../dom.js';
import { problem } from '../said.js';
import { t } from '../texts.js';
import { game, play } from './play.js';
import { chip, sign } from './teams.js';

export function lobby() {
  const { teams, pupils, door: way } = game.lesson;
  if (way?.lan) return withPhones(way);
  return [h('div', { class: 'game-lobby' },
    h('h1', {}, t('workshop.game.title')),
    problem(),
    h('ul', { class: 'lobby-teams' }, teams.map((team) => h('li', {}, h('h2', {}, chip(team)),
      h('ul', {}, pupils.filter((pupil) => pupil.team === team.id).map((pupil) => h('li', {}, sign(pupil.team), pupil.name)))))),
    h('div', { class: 'play-actions' },
      h('button', { type: 'button', class: 'button primary', 'data-key': 'start', onclick: play.start }, t('workshop.game.begin'), icon('next'))))];
}

function withPhones(way) {
  return [h('div', { class: 'class-lobby' },
    h('div', {}, problem(), door(way)),
    h('div', { class: 'class-side' }, present(),
      h('div', { class: 'play-actions' },
        h('button', { type: 'button', class: 'button primary', 'data-key': 'start', onclick: play.start }, t('workshop.game.begin'), icon('next')),
        endButton())))];
}
