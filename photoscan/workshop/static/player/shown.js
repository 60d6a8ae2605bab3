// After a round: what was there, who found it, what it was worth, and the rule to remember.

import { h, icon } from '../dom.js';
import { middle, over } from '../game/marker.js';
import { sign } from '../game/teams.js';
import { t } from '../texts.js';
import { myTeam, play } from './state.js';

export function shown() {
  const { round, mine, shown: { leaks } } = play.lesson;
  return h('div', { class: 'shown' },
    h('div', { class: 'asked' },
      h('p', { class: 'quiet' }, t('workshop.player.round', { number: round.index + 1, count: round.count })),
      h('h1', {}, t(mine.gained ? 'workshop.player.gained' : 'workshop.player.gained_none', { count: mine.gained }))),
    photo(round, leaks, mine),
    h('div', { class: 'answer' },
      h('h2', {}, t(leaks.length ? 'workshop.player.was' : 'workshop.player.was_nothing')),
      leaks.length ? h('ol', { class: 'leaks' }, leaks.map((leak, index) => row(round, leak, index, mine))) : null,
      h('div', { class: 'rule' }, icon('bulb'), h('div', {}, h('h2', {}, t('workshop.player.remember')), h('p', {}, t(`workshop.round.${round.name}.rule`)))),
      h('p', { class: 'quiet' }, t('workshop.player.look_up'))));
}

/** The photo with what was there, and with my own marks. */
function photo(round, leaks, mine) {
  const title = t(`workshop.round.${round.name}.title`);
  return h('div', { class: 'pad told', css: { '--ratio': `${round.width / round.height}` } },
    h('img', { class: 'photo', src: `/api/rounds/${round.name}`, alt: title, width: round.width, height: round.height }),
    h('div', { class: 'layer', 'aria-hidden': 'true' },
      leaks.map((leak, index) => (leak.box
        ? h('span', { class: `leak-box ${leak.certain ? '' : 'unsure'} ${leak.found.includes(mine.team) ? 'mine' : ''}`, css: over(leak.box, round) }, h('span', { class: 'badge' }, String(index + 1)))
        : null)),
      mine.marks.map((one) => (middle(one) ? h('span', { class: 'mark-spot', css: over(middle(one), round) }, sign(mine.team, { unsure: !one.sure })) : null))));
}

function row(round, leak, index, mine) {
  const found = leak.found.includes(mine.team);
  const points = leak.points[mine.team] ?? 0;
  const words = found ? (leak.first_only === mine.team ? 'alone' : 'found') : 'missed';
  return h('li', { class: found ? 'found' : 'missed' },
    h('span', { class: 'number' }, String(index + 1)),
    h('div', {},
      h('p', { class: 'says' }, t(`workshop.leak.${round.name}.${leak.name}`)),
      h('p', { class: 'who' }, icon(found ? 'check' : 'eye'), h('span', {}, t(`workshop.player.found.${words}`, { team: myTeam().name }),
        leak.box ? null : ` ${t('workshop.player.in_file')}`,
        leak.certain ? null : ` ${t('workshop.player.uncertain')}`))),
    points ? h('span', { class: 'plus' }, h('span', { class: 'vh' }, t('workshop.player.points', { count: points })), h('span', { 'aria-hidden': 'true' }, `+${points}`)) : null);
}
