// A round while the class looks: the photo, whose turn it is, and what they mark.

import { pupils as present } from '../class/pupils.js';
import { fill, h, icon } from '../dom.js';
import { draw } from '../router.js';
import { problem, say } from '../said.js';
import { t } from '../texts.js';
import { marker } from './marker.js';
import { game, left, play } from './play.js';
import { colour, sign } from './teams.js';

let marked = () => {};
const pad = marker({ changed: (marks) => marked(marks), say });
const head = h('header', { class: 'game-head' });
const clock = h('span', { class: 'game-clock', role: 'timer' });
let warned = false;

export function title(name) {
  return t(`workshop.round.${name}.title`);
}

export function round() {
  const { lesson } = game;
  const { round: photo, teams, pupils } = lesson;
  const phones = pupils.length > 0;
  const team = teams[Math.min(game.turn, teams.length - 1)];
  marked = (marks) => {
    play.marks(team.id, marks);
    tell();
  };
  pad.show({
    src: `/api/rounds/${photo.name}`, title: title(photo.name), width: photo.width, height: photo.height, owner: `${team.id} ${photo.index} ${game.number}`,
    marks: team.marks, sign: (how) => sign(team.id, how),
  });
  tell();
  return [h('div', { class: 'game-play asking' }, head,
    h('div', { class: 'play-photo' }, pad.pad),
    h('section', { class: 'play-panel', css: colour(team.id) }, problem(), phones ? [h('h2', {}, t('workshop.game.ask')), actions(teams, phones), present()] : [turn(team), actions(teams, phones)]))];
}

/** Draw the line above the photo, and nothing below it. */
export function tell() {
  const { round: photo, teams, pupils } = game.lesson;
  fill(head, () => [
    h('h1', {}, h('span', { class: 'quiet' }, t('workshop.game.round', { number: photo.index + 1, count: photo.count })), ' ', title(photo.name)),
    pupils.length ? null : h('div', { class: 'team-turns' }, teams.map((team, index) => h('button', {
      type: 'button', class: 'team-turn', css: colour(team.id), 'data-key': `turn-${team.id}`, 'aria-current': index === game.turn ? 'step' : null,
      onclick: () => { game.turn = index; draw(); },
    }, sign(team.id), h('span', { class: 'vh' }, team.name), team.marks.length ? h('span', { class: 'count' }, String(team.marks.length)) : null))),
    left() === null ? null : clock,
  ]);
  tick();
}

/** Tell the time that is left. */
export function tick() {
  const seconds = left();
  if (seconds === null) return;
  const whole = Math.ceil(seconds);
  clock.classList.toggle('soon', whole <= 10);
  clock.replaceChildren(icon('clock'), whole ? `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}` : t('workshop.game.time_up'));
  if (!whole && !warned) say(t('workshop.game.time_up'));
  warned = !whole;
}

function turn(team) {
  return [
    h('h2', { class: 'whose' }, sign(team.id), h('span', {}, t('workshop.game.turn', { team: team.name }))),
    h('p', { class: 'prompt' }, t('workshop.game.ask')),
    pad.tools,
    h('p', { class: 'quiet pad-keys' }, t('workshop.game.keys')),
  ];
}

function actions(teams, phones) {
  const last = phones || game.turn >= teams.length - 1;
  return h('div', { class: 'play-actions' },
    phones || game.turn === 0 ? null : h('button', { type: 'button', class: 'button round', 'data-key': 'turn-back', 'aria-label': t('workshop.game.back_team'), onclick: () => play.turn(-1) }, icon('back')),
    h('button', { type: 'button', class: 'button primary', 'data-key': 'turn-next', onclick: () => play.turn(1) },
      last ? [icon('eye'), t('workshop.game.show')] : [h('span', {}, t('workshop.game.next_team', { team: teams[game.turn + 1].name })), icon('next')]));
}
