// The lesson as the program tells it, and what the teacher does with it. The program keeps points and phases; the page
// keeps whose turn it is and how much of the answer is shown.

import { draw } from '../router.js';
import { problemWords, say, wrong } from '../said.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { t } from '../texts.js';
import { names } from './teams.js';

export const LENGTHS = [3, 5, 8];
export const TIMES = [0, 30, 60, 90];

state.game = {
  rounds: [], // [{name, width, height}], in their order
  lesson: null, // as the program tells it
  since: 0, // when it was told, by the page's clock
  number: 0, // of lessons that began on this page
  turn: 0, // whose turn it is to mark on this screen
  step: 0, // how much of the answer is shown
  wiped: null, // what was wiped when a lesson with phones ended: {pupils, photos}
  setup: { count: 3, names: [], length: 5, chosen: new Set(), seconds: 0 },
};
const { game } = state;
export { game };

/** The rounds that the set-up means. */
export function wanted() {
  const all = game.rounds.map((round) => round.name);
  const { length, chosen } = game.setup;
  if (length === 'choice') return all.filter((name) => chosen.has(name));
  return spread(all, length);
}

/** So many of a row, evenly, the first and the last among them. */
function spread(all, count) {
  if (count >= all.length) return all;
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * (all.length - 1)) / (count - 1))]);
}

/** The names of the teams: those that were given, else those of the language. */
function teamNames() {
  const { count, names: given } = game.setup;
  return names(count).map((name, index) => given[index]?.trim() || name);
}

/** What the reveal tells, stroke by stroke. */
export function steps(shown = game.lesson?.shown) {
  if (!shown) return [];
  return [
    ...(shown.marks.some((mark) => mark.at || mark.box) ? [{ is: 'marks' }] : []),
    ...shown.leaks.map((leak) => ({ is: 'leak', leak })),
    ...(shown.leaks.length ? [] : [{ is: 'nothing' }]),
    ...(shown.decoys.length ? [{ is: 'decoys', decoys: shown.decoys }] : []),
    { is: 'rule' },
  ];
}

/** Seconds that are left; null where nobody counts. */
export function left() {
  const told = game.lesson?.round?.seconds_left;
  return told === null || told === undefined ? null : Math.max(0, told - (performance.now() - game.since) / 1000);
}

function take(lesson) {
  if (lesson && game.lesson && lesson.version < game.lesson.version) return; // an answer that came late
  if (lesson?.phase !== game.lesson?.phase || lesson?.round?.index !== game.lesson?.round?.index) Object.assign(game, { turn: 0, step: 0 });
  Object.assign(game, { lesson, since: performance.now() });
}

let queue = Promise.resolve();
let stepping = false;

/** Ask the program, one thing after the other: marks have to be there before they are counted. */
function asked(...what) {
  queue = queue.then(() => answered(...what));
  return queue;
}

/** The same for a step of the lesson; a second press of a clicker is none. */
async function stepped(path, method = 'POST') {
  if (stepping) return false;
  stepping = true;
  const fine = await asked(method, path);
  stepping = false;
  return fine;
}

/** What went wrong is told. Whether it went well. */
async function answered(method, path, body, quiet = false) {
  try {
    const lesson = await server.send(method, path, body);
    state.problem = null;
    take(lesson);
  } catch (error) {
    wrong(error);
    say(problemWords());
    draw();
    return false;
  }
  if (!quiet) draw();
  return true;
}

export const play = {
  take,
  /** Have the rounds here, and the lesson where one is going on. */
  async enter() {
    try {
      game.rounds = (await server.json('/api/rounds')).rounds;
      take(await server.send('GET', '/api/lesson'));
    } catch (error) {
      wrong(error);
    }
    draw();
  },
  /** Begin: with phones a lobby first, else the first round at once. */
  async begin({ phones = false } = {}) {
    const body = { teams: teamNames(), rounds: wanted(), seconds: game.setup.seconds || null };
    game.lesson = null; // versions begin anew
    game.number += 1;
    if ((await asked('POST', '/api/lesson', body, true)) && !phones) await play.start();
    else draw();
  },
  start: () => stepped('/api/lesson/start'),
  show: () => stepped('/api/lesson/show'),
  next: () => stepped('/api/lesson/next'),
  finish: () => stepped('/api/lesson/finish'),
  end: () => stepped('/api/lesson', 'DELETE'),
  /** End a lesson with phones: everything of it is wiped, and what that was is shown. */
  async wipe() {
    try {
      game.wiped = (await server.send('DELETE', '/api/lesson')) ?? { pupils: 0, photos: 0 };
      Object.assign(game, { lesson: null, turn: 0, step: 0 });
      say(t('workshop.class.wiped'));
    } catch (error) {
      wrong(error);
      say(problemWords());
    }
    draw();
  },
  /** Send a pupil out. */
  remove: (id) => asked('DELETE', `/api/lesson/pupils/${id}`, null, true),
  /** Tell the program a team's marks. Nothing is drawn: whoever marks may be in the middle of the next one. */
  marks(team, marks) {
    if (stepping) return null;
    game.lesson.teams.find((one) => one.id === team).marks = marks;
    return asked('PUT', '/api/lesson/marks', { team, marks }, true);
  },
  /** Another team's turn, or the answer. */
  turn(by) {
    const { teams, pupils } = game.lesson;
    const to = game.turn + by;
    if (to >= teams.length || pupils.length) return by > 0 ? play.show() : null;
    if (to < 0) return null;
    game.turn = to;
    return draw();
  },
  /** Another stroke of the answer; after the last one the next round. */
  step(by) {
    const to = game.step + by;
    if (to >= steps().length) return play.next();
    if (to < 0) return null;
    game.step = to;
    return draw();
  },
};
