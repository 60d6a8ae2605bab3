// The end of the game: all teams by their points, and what was learned.

import { h, icon } from '../dom.js';
import { sign } from '../game/teams.js';
import { go } from '../router.js';
import { t } from '../texts.js';
import { photoView } from './own.js';
import { play } from './state.js';
import { leave } from './talk.js';

export function podium() {
  const { teams, mine, played } = play.lesson;
  const ranked = [...teams].sort((a, b) => b.points - a.points);
  const place = (team) => 1 + ranked.filter((other) => other.points > team.points).length;
  const my = teams.find((team) => team.id === mine.team);
  const first = place(my) === 1 && my.points > 0;
  return h('div', { class: 'finale' },
    h('div', { class: 'asked' }, icon('cup', 'huge'),
      h('h1', {}, t(first ? 'workshop.player.won' : 'workshop.player.podium')),
      first ? null : h('p', { class: 'lead' }, t('workshop.player.place', { place: place(my), count: teams.length }))),
    h('ol', { class: 'ranks' }, ranked.map((team) => h('li', { class: team.id === mine.team ? 'mine' : '', 'aria-current': team.id === mine.team ? 'true' : null },
      h('span', { class: 'place-no' }, String(place(team))), sign(team.id), h('span', { class: 'team-name' }, team.name),
      h('span', { class: 'points' }, t('workshop.player.points', { count: team.points }))))),
    played.length ? h('section', { class: 'rules', 'aria-labelledby': 'rules-h' },
      h('h2', { id: 'rules-h' }, icon('bulb'), t('workshop.player.rules')),
      h('ul', {}, played.map((name) => h('li', {}, t(`workshop.round.${name}.rule`))))) : null,
    h('button', { type: 'button', class: 'button primary', 'data-key': 'own', onclick: () => go(photoView()) }, icon('picture'), t('workshop.player.own')),
    h('button', { type: 'button', class: 'button small', 'data-key': 'leave', onclick: leave }, icon('back'), t('workshop.player.leave')));
}
