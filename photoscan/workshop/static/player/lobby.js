// Before the first round: who I am, and that it begins soon.

import { h, icon } from '../dom.js';
import { sign } from '../game/teams.js';
import { t } from '../texts.js';
import { myTeam, play } from './state.js';
import { leave } from './talk.js';

export function lobby() {
  const team = myTeam();
  return h('div', { class: 'lobby' },
    h('h1', {}, t('workshop.player.in')),
    h('div', { class: 'team-card' },
      team ? [sign(team.id, { extra: 'giant' }), h('p', { class: 'quiet' }, t('workshop.player.team')), h('p', { class: 'team-big' }, team.name)] : null,
      h('p', { class: 'my-name' }, play.lesson.mine.name)),
    h('p', { class: 'lead' }, t('workshop.player.soon'), h('span', { class: 'dots', 'aria-hidden': 'true' })),
    h('ol', { class: 'how' }, ['tap', 'doubt', 'learn'].map((name, index) => h('li', {},
      h('span', { class: 'count', 'aria-hidden': 'true' }, String(index + 1)), h('span', {}, t(`workshop.player.how.${name}`))))),
    h('button', { type: 'button', class: 'button small', 'data-key': 'leave', onclick: leave }, icon('back'), t('workshop.player.leave')));
}
