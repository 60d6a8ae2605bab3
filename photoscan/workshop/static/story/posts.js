// The first steps: the photos of a week, as a child posts them. Each alone: harmless?

import { h, icon } from '../dom.js';
import { draw } from '../router.js';
import { state } from '../state.js';
import { t } from '../texts.js';
import { crop } from './crop.js';

/** The feed up to this step, the newest on top. */
export function posts() {
  const { data, step } = state.story;
  const shown = data.posts.slice(0, step + 1);
  return h('ol', { class: 'feed', reversed: true }, shown.map((one, index) => h('li', {}, card(one, index === step))).reverse());
}

function card({ name, width, height }, newest) {
  return h('article', { class: `post ${newest ? 'newest' : ''}`, 'aria-label': t(`workshop.story.day.${name}`) },
    h('header', {}, face(),
      h('p', {}, h('strong', {}, 'Aina'), h('span', { class: 'quiet' }, icon('pin'), 'Taman Melur')),
      h('p', { class: 'day' }, t(`workshop.story.day.${name}`))),
    h('img', { class: 'posted', src: `/api/story/${name}`, alt: t(`workshop.story.alt.${name}`), width, height }),
    h('p', { class: 'said' }, t(`workshop.story.caption.${name}`)),
    vote(name));
}

/** Her picture beside each post. */
function face() {
  const shot = state.story.data.statements.flatMap(({ shots }) => shots).filter(({ photo, box }) => photo === 'sunday' && box)[0];
  return h('span', { class: 'avatar' }, crop(shot));
}

function vote(name) {
  const { votes } = state.story;
  const one = (word) => h('button', {
    type: 'button', class: 'button small', 'data-key': `vote-${name}-${word}`, 'aria-pressed': String(votes.get(name) === word),
    onclick: () => {
      votes.set(name, word);
      draw();
    },
  }, t(`workshop.story.${word}`));
  return h('div', { class: 'vote', role: 'group', 'aria-label': t('workshop.story.harmless') },
    h('span', { 'aria-hidden': 'true' }, t('workshop.story.harmless')), one('yes'), one('unsure'));
}
