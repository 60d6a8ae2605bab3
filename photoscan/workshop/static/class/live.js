// The teacher's page hears of what pupils do while it is open: who joins, who answers, whose photo waits.

import { game, play } from '../game/play.js';
import { draw } from '../router.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { pupils } from './pupils.js';

const PAUSE = 1500; // milliseconds after a question that failed
let listening = null;

/** Whether pupils' phones can join at all. */
export function lan() {
  return Boolean(state.start.lan);
}

/** Begin to hear, where phones can join. */
export function hear() {
  if (!lan() || listening) return;
  listening = new AbortController();
  ask(listening);
}

/** Hear no more. */
export function deaf() {
  listening?.abort();
  listening = null;
}

async function ask(mine) {
  while (listening === mine) {
    const { lesson } = game;
    try {
      const told = lesson && await server.news(`/api/lesson?since=${lesson.version}`, mine.signal);
      if (listening === mine && told && game.lesson) heard(told);
      if (!lesson) await pause();
    } catch {
      // What the teacher does next tells what is wrong.
      await pause();
    }
  }
}

/** Draw as little as there is news: an answer on the screen must not begin anew because somebody joins. */
function heard(told) {
  const before = game.lesson;
  play.take(told);
  const { phase } = game.lesson;
  const same = phase === before.phase && game.lesson.round?.index === before.round?.index;
  if (!same || (phase === 'asking' && !before.pupils.length !== !told.pupils.length)) draw();
  else if (phase === 'lobby' || phase === 'asking') pupils();
}

function pause() {
  return new Promise((resolve) => { setTimeout(resolve, PAUSE); });
}
