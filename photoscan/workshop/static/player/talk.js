// The phone's line to the teacher's computer: joining, waiting for news, sending marks. It mends itself.

import { draw } from '../router.js';
import * as server from '../server.js';
import { keep, play, take } from './state.js';

const PATIENCE = 40000; // milliseconds; the teacher's computer answers a question for news within 20 seconds
const [SOONEST, LATEST] = [400, 8000]; // between two tries
const OUT = { out: 'removed', over: 'over' };

let asking = null; // the question for news that is under way
let wake = () => {};
let sending = false;
let turn = 0; // of marks
let heard = () => {}; // is told of every change, before it is drawn

/** Have a function called with what was told before and what is told now. */
export function onNews(what) {
  heard = what;
}

/** Join by code and name. */
export async function join() {
  if (play.joining) return;
  Object.assign(play, { joining: true, problem: null });
  draw();
  try {
    const { key, name } = await server.send('POST', '/api/join', { code: play.code, name: play.name });
    play.name = name;
    begin(key);
  } catch (error) {
    play.problem = error.code ?? 'error';
    if (error.code === 'code') play.scanned = false; // that of yesterday's lesson: another has to be typed
  }
  play.joining = false;
  draw();
}

/** Go on with a key. `again`: it was kept, and may be of yesterday. */
export function begin(key, again = false) {
  Object.assign(play, { key, lesson: null, round: null, marks: [], sent: true, out: null, linked: true, lost: 0 });
  server.become(key);
  keep();
  listen(key, again);
}

/** Leave the game. What the teacher's computer has of this phone goes as well. */
export async function leave() {
  const farewell = server.send('POST', '/api/leave', {}).catch(() => null);
  part('left');
  await farewell;
}

/** Set all marks of this round. */
export function mark(marks) {
  turn += 1;
  Object.assign(play, { marks, sent: false });
  draw();
  flush();
}

async function flush() {
  if (sending || play.sent || !play.key) return;
  sending = true;
  try {
    while (!play.sent) {
      const mine = turn;
      await server.send('PUT', '/api/play/marks', { marks: play.marks });
      if (mine === turn) play.sent = true;
    }
  } catch (error) {
    // Too late, or refused: what counts comes with the next news. Without a connection they wait for it.
    if (error.code === 'offline') link(false);
    else play.sent = true;
  }
  sending = false;
  draw();
}

async function listen(key, again) {
  let wait = SOONEST;
  while (play.key === key) {
    asking = new AbortController();
    const late = setTimeout(() => asking.abort('late'), PATIENCE);
    try {
      // Without a connection an answer is wanted at once, news or not.
      const since = play.lesson && play.linked ? `?since=${play.lesson.version}` : '';
      const told = await server.news(`/api/play${since}`, asking.signal);
      if (play.key !== key) return;
      wait = SOONEST;
      link(true);
      if (told) tell(told);
      flush();
    } catch (error) {
      if (play.key !== key) return;
      if (OUT[error.code]) return again && !play.lesson ? part(null) : part(OUT[error.code]);
      if (asking.signal.reason !== 'woken') {
        link(false);
        await pause(wait * (0.8 + 0.4 * Math.random())); // thirty phones must not come back in step
        wait = Math.min(2 * wait, LATEST);
      }
    } finally {
      clearTimeout(late);
    }
  }
}

function tell(told) {
  const before = play.lesson;
  take(told);
  heard(before, told);
  draw();
}

/** No more of this lesson on this phone. */
function part(why) {
  Object.assign(play, { key: null, out: why, sent: true, linked: true });
  keep();
  heard(play.lesson, null);
  play.lesson = null;
  server.become(null);
  asking?.abort('left');
  draw();
}

function link(linked) {
  if (play.linked && linked) return;
  Object.assign(play, { linked, lost: linked ? 0 : play.lost + 1 });
  draw();
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, milliseconds);
  });
}

/** Phones sleep, and their connections with them: whoever wakes up asks at once. */
function woken() {
  if (!play.key || document.visibilityState !== 'visible') return;
  asking?.abort('woken');
  wake();
}

addEventListener('online', woken);
addEventListener('pageshow', (event) => event.persisted && woken());
addEventListener('offline', () => {
  if (!play.key) return;
  link(false);
  asking?.abort('woken'); // it may never be told that its connection is gone
});
document.addEventListener('visibilitychange', woken);
