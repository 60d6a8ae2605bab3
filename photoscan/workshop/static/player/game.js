// The game on a phone: which page is shown follows from what the teacher's computer told last.

import { h } from '../dom.js';
import { t } from '../texts.js';
import { door } from './door.js';
import { lobby } from './lobby.js';
import { podium } from './podium.js';
import { clockTicks, round } from './round.js';
import { shown } from './shown.js';
import { play } from './state.js';

const PAGES = { lobby, asking: round, shown, podium };
let ticking = null;

export const game = {
  name: 'play',
  step: null,
  draw,
  enter: () => { ticking = setInterval(clockTicks, 500); },
  leave: () => clearInterval(ticking),
};

function draw() {
  document.body.dataset.phase = play.lesson?.phase ?? 'out';
  if (play.lesson) return PAGES[play.lesson.phase]();
  return play.key ? h('p', { class: 'lead calm' }, t('workshop.player.opening')) : door();
}

/** What to say when something new has begun; null where nothing has. */
export function told(before, now) {
  if (before?.phase === now.phase && before?.round?.index === now.round?.index) return null;
  const { round: asked, phase, mine } = now;
  if (phase === 'asking') return `${t('workshop.player.round', { number: asked.index + 1, count: asked.count })}. ${t('workshop.player.ask')}`;
  if (phase === 'shown') return t('workshop.player.gained', { count: mine.gained });
  return t(phase === 'lobby' ? 'workshop.player.in' : 'workshop.player.podium');
}
