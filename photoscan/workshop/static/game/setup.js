// Before the game: teams, rounds, time.

import { draw } from '../router.js';
import { h, icon } from '../dom.js';
import { problem } from '../said.js';
import { state } from '../state.js';
import { t } from '../texts.js';
import { LENGTHS, TIMES, game, play, wanted } from './play.js';
import { MOST, names, sign } from './teams.js';

export function setup() {
  const { setup: given } = game;
  const count = wanted().length;
  return [h('div', { class: 'game-setup' },
    h('section', { class: 'pitch' },
      h('h1', {}, t('workshop.game.title')),
      h('p', { class: 'lead' }, t('workshop.game.lead')),
      points(),
      problem()),
    h('form', { class: 'game-form', onsubmit: (event) => { event.preventDefault(); play.begin(); } },
      teams(given),
      h('fieldset', {}, h('legend', {}, t('workshop.game.rounds')),
        h('div', { class: 'game-pills' },
          LENGTHS.filter((length) => length < game.rounds.length).map((length) => pill('length', length, String(length))),
          pill('length', game.rounds.length, t('workshop.game.rounds_all', { count: game.rounds.length })),
          pill('length', 'choice', t('workshop.game.rounds_choice'))),
        given.length === 'choice' ? choice(given) : null),
      h('fieldset', {}, h('legend', {}, t('workshop.game.timer')),
        h('div', { class: 'game-pills' }, TIMES.map((time) => pill('seconds', time, time ? t('workshop.game.seconds', { count: time }) : t('workshop.game.no_timer'))))),
      h('div', { class: 'game-begin' },
        h('button', { type: 'submit', class: 'button primary', 'data-key': 'begin', disabled: count === 0 }, t('workshop.game.begin'), icon('next')),
        state.start.lan ? h('button', { type: 'button', class: 'button', 'data-key': 'begin-phones', disabled: count === 0, onclick: () => play.begin({ phones: true }) }, icon('people'), t('workshop.game.with_phones')) : null)))];
}

/** How points go, in three sentences. */
export function points() {
  return h('ul', { class: 'game-points' }, [
    ['check', t('workshop.game.points.sure')], ['question', t('workshop.game.points.unsure')], ['close', t('workshop.game.points.wrong')],
  ].map(([sign_, words]) => h('li', {}, icon(sign_), h('span', {}, words))));
}

function teams(given) {
  const shown = names(given.count);
  const step = (by, name, key) => h('button', {
    type: 'button', class: 'button small round', 'data-key': `teams-${name}`, 'aria-label': t(key), disabled: given.count + by < 1 || given.count + by > MOST,
    onclick: () => { given.count += by; draw(); },
  }, by < 0 ? '−' : '+');
  return h('fieldset', {}, h('legend', {}, t('workshop.game.teams')),
    h('div', { class: 'stepper' }, step(-1, 'fewer', 'workshop.game.fewer'), h('output', {}, String(given.count)), step(1, 'more', 'workshop.game.more')),
    h('div', { class: 'team-names' }, shown.map((name, index) => h('label', { class: 'team-field' }, sign(`t${index + 1}`),
      h('span', { class: 'vh' }, t('workshop.game.team_name', { number: index + 1 })),
      h('input', {
        type: 'text', maxlength: 24, value: given.names[index] ?? '', placeholder: name, autocomplete: 'off', spellcheck: 'false', 'data-key': `team-${index}`,
        oninput: (event) => { given.names[index] = event.target.value; },
      })))));
}

/** One of several; `what`: which part of the set-up it chooses. */
function pill(what, value, words) {
  const given = game.setup;
  return h('label', { class: 'game-pill' },
    h('input', { type: 'radio', name: what, 'data-key': `${what}-${value}`, checked: given[what] === value, onchange: () => {
      given[what] = value;
      if (value === 'choice' && !given.chosen.size) given.chosen = new Set(game.rounds.slice(0, 5).map((round) => round.name));
      draw();
    } }),
    h('span', {}, words));
}

function choice(given) {
  return h('ul', { class: 'round-list' }, game.rounds.map((round, index) => h('li', {}, h('label', {},
    h('input', { type: 'checkbox', 'data-key': `round-${round.name}`, checked: given.chosen.has(round.name), onchange: (event) => {
      given.chosen[event.target.checked ? 'add' : 'delete'](round.name);
      draw();
    } }),
    h('span', {}, `${index + 1} · ${t(`workshop.round.${round.name}.title`)}`)))));
}
