// What a stranger now knows: statements beside the map, each with the pieces of photos that it was read from.

import { h, icon } from '../dom.js';
import { draw } from '../router.js';
import { state } from '../state.js';
import { t } from '../texts.js';
import { crop } from './crop.js';
import { map, redraw } from './map.js';
import { known } from './state.js';

export function profile() {
  const { data, votes } = state.story;
  const harmless = [...votes.values()].filter((word) => word === 'yes').length;
  return [
    h('div', { class: 'profile' },
      h('div', { class: 'atlas' }, map(new Set()),
        h('button', { type: 'button', class: 'button small', 'data-key': 'replay', onclick: () => { redraw(); draw(); } }, icon('again'), t('workshop.story.replay'))),
      statements(new Set(data.statements.map(({ id }) => id)), 'read')),
    harmless ? h('p', { class: 'votes' }, t('workshop.story.votes', { count: harmless, all: data.posts.length })) : null,
  ];
}

/** The statements; those that are not in `holding` are struck. */
export function statements(holding, extra = '') {
  return h('ul', { class: `statements ${extra}` }, state.story.data.statements.map((one, index) => {
    const days = state.story.data.posts.filter(({ name }) => one.shots.some(({ photo }) => photo === name)).map(({ name }) => t(`workshop.story.day.${name}`)).join(', ');
    const gone = !holding.has(one.id);
    return h('li', { class: `statement ${gone ? 'gone' : ''}`, 'data-for': `part-${one.id}`, css: { '--n': String(index) } },
      h('span', { class: 'shots' }, one.shots.slice(0, 2).map((shot) => crop(shot))),
      h('div', {},
        h('p', { class: 'known' }, gone ? h('s', {}, t(`workshop.story.statement.${one.id}`)) : t(`workshop.story.statement.${one.id}`)),
        h('p', { class: 'quiet' }, gone ? t('workshop.story.gone') : t('workshop.story.from', { days }))));
  }));
}

/** What would have prevented it: a switch for each act, and what it takes from the stranger. */
export function acts() {
  const { data, acts: on } = state.story;
  const holding = known(on);
  const all = data.statements.length;
  return h('div', { class: 'profile' },
    h('div', { class: 'atlas' }, map(new Set(data.statements.map(({ id }) => id).filter((id) => !holding.has(id)))),
      h('p', { class: 'left-over', role: 'status' }, t('workshop.story.left', { count: holding.size, all }))),
    h('div', { class: 'sides' },
      h('ul', { class: 'acts' }, data.acts.map(({ id }) => act(id, all))),
      statements(holding)));
}

function act(id, all) {
  const { acts: on } = state.story;
  const takes = all - known(new Set([id])).size;
  return h('li', { class: on.has(id) ? 'on' : '' }, h('label', { class: 'switch' },
    h('input', {
      type: 'checkbox', role: 'switch', checked: on.has(id), 'data-key': `act-${id}`,
      onchange: () => {
        if (!on.delete(id)) on.add(id);
        draw();
      },
    }),
    h('span', { class: 'track', 'aria-hidden': 'true' }),
    h('span', {}, h('span', {}, t(`workshop.story.act.${id}`)),
      on.has(id) ? h('span', { class: 'quiet takes' }, takes ? t('workshop.story.takes', { count: takes, all }) : t('workshop.story.takes_none')) : null)));
}
