// The end: who has how many points, and all rules to remember, to be printed.

import { endButton } from '../class/ending.js';
import { h, icon } from '../dom.js';
import { draw, go } from '../router.js';
import { say } from '../said.js';
import { t } from '../texts.js';
import { game, play } from './play.js';
import { chip, colour, order, sign } from './teams.js';
import { title } from './round.js';

const CONFETTI = 28;

/** The teams by points, each with its place; equal points share one. */
export function ranked(teams) {
  const rows = [...teams].sort((a, b) => b.points - a.points || order(a.id) - order(b.id));
  return rows.map((team) => ({ ...team, place: 1 + rows.filter((other) => other.points > team.points).length }));
}

export function podium() {
  const { teams, played } = game.lesson;
  const rows = ranked(teams);
  const best = rows.filter((team) => team.place === 1).map((team) => team.name).join(', ');
  return [h('div', { class: 'game-end' },
    rows[0].points ? confetti() : null,
    h('h1', {}, rows[0].points ? t('workshop.game.winner', { team: best }) : t('workshop.game.podium')),
    h('ol', { class: 'podium' }, rows.slice(0, 3).map((team) => h('li', { class: `step-${team.place}`, css: colour(team.id) },
      sign(team.id, { extra: 'big' }), h('strong', { class: 'team-name' }, team.name), h('span', { class: 'sum' }, t('workshop.game.sum', { count: team.points })),
      h('span', { class: 'stair' }, String(team.place))))),
    rows.length > 3 ? h('ol', { class: 'also-rans' }, rows.slice(3).map((team) => h('li', {}, `${team.place}. `, chip(team), h('span', { class: 'sum' }, String(team.points))))) : null,
    played.length ? h('section', { class: 'all-rules', 'aria-labelledby': 'rules-h' },
      h('h2', { id: 'rules-h' }, icon('bulb'), t('workshop.game.all_rules')),
      h('ol', {}, played.map((name) => h('li', {}, h('span', { class: 'quiet' }, title(name)), h('p', {}, t(`workshop.round.${name}.rule`)))))) : null,
    h('div', { class: 'play-actions' },
      h('button', { type: 'button', class: 'button primary', 'data-key': 'again', onclick: again }, t('workshop.game.again'), icon('undo')),
      h('button', { type: 'button', class: 'button', 'data-key': 'print', onclick: () => print() }, icon('print'), t('workshop.print')),
      game.lesson.door?.lan ? endButton() : h('button', { type: 'button', class: 'button', 'data-key': 'end', onclick: end }, icon('close'), t('workshop.game.end'))))];
}

/** The same teams once more, from the set-up. */
async function again() {
  // Phones stay: the next lesson is theirs too, until the teacher ends all.
  if (game.lesson.door?.lan) {
    game.lesson = null;
    draw();
  } else await play.end();
  say(t('workshop.game.title'));
}

async function end() {
  await play.end();
  go('start');
}

/** A little paper that comes down once; none where somebody wants no motion. */
function confetti() {
  const at = (index, prime) => ((index * prime) % 97) / 97;
  return h('div', { class: 'confetti', 'aria-hidden': 'true' }, Array.from({ length: CONFETTI }, (_, index) => h('span', {
    css: { ...colour(`t${(index % 8) + 1}`), '--x': `${(100 * at(index, 37)).toFixed(1)}%`, '--late': `${(2 * at(index, 53)).toFixed(2)}s`, '--turn': `${Math.round(720 * at(index, 71)) - 360}deg` },
  })));
}
