// Spot the leak, as the teacher's screen shows it: set-up, lobby, rounds, answers, podium.

import { wiped } from '../class/ending.js';
import { deaf, hear } from '../class/live.js';
import { lobby } from '../game/lobby.js';
import { game as now, play } from '../game/play.js';
import { podium } from '../game/podium.js';
import { reveal, spoken } from '../game/reveal.js';
import { round, tick } from '../game/round.js';
import { setup } from '../game/setup.js';
import { say } from '../said.js';

const PHASES = { lobby, asking: round, shown: reveal, podium };
const TICK = 250; // milliseconds
let ticking = null;
let said = '';

export const game = {
  name: 'game',
  step: null,
  entry: { icon: 'target', title: 'workshop.game.title', note: 'workshop.game.note' },
  enter() {
    addEventListener('keydown', pressed);
    ticking = setInterval(() => now.lesson?.phase === 'asking' && tick(), TICK);
    play.enter();
    hear();
  },
  leave() {
    removeEventListener('keydown', pressed);
    clearInterval(ticking);
    deaf();
  },
  draw() {
    const { lesson, step } = now;
    document.body.dataset.phase = lesson?.phase ?? 'setup';
    const words = lesson?.phase === 'shown' ? `${lesson.round.index} ${step}` : '';
    if (words && words !== said) say(spoken());
    said = words;
    if (now.wiped) return wiped();
    return (PHASES[lesson?.phase] ?? setup)();
  },
};

/** A clicker's keys, and those of a keyboard where nothing else has them. */
function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) return;
  const { phase } = now.lesson ?? {};
  const free = !event.target.closest?.('button, input, select, a, summary, .pad[tabindex]');
  const on = event.key === 'PageDown' || (free && phase === 'shown' && [' ', 'ArrowRight', 'Enter'].includes(event.key));
  const back = event.key === 'PageUp' || (free && phase === 'shown' && event.key === 'ArrowLeft');
  const act = { asking: play.turn, shown: play.step }[phase];
  if (!act || on === back) return;
  event.preventDefault();
  act(on ? 1 : -1);
}
