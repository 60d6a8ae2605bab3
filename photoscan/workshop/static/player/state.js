// What a phone knows of the game. Of the own photo, ../state.js knows.

import { learn } from '../texts.js';

const KEEP = 'photoscan-pupil';

export const play = {
  code: '',
  scanned: false, // whether the code came with the address
  name: '',
  joining: false,
  problem: null, // the key of what to say beside the form
  key: null, // proves who asks
  lesson: null, // what the teacher's computer told last
  until: null, // when the round's time is over, by performance.now()
  linked: true, // whether the teacher's computer answers
  lost: 0, // how many tries were in vain since it did
  round: null, // the name of the round that the marks belong to
  marks: [],
  sent: true, // whether the teacher's computer has all marks
  done: false, // the pupil is content with them
  out: null, // why the game is over for this phone: left, removed or over
};

/** Keep what a reload of this tab needs; nothing outlives the tab. */
export function keep() {
  try {
    if (play.key) sessionStorage.setItem(KEEP, JSON.stringify({ key: play.key, name: play.name }));
    else sessionStorage.removeItem(KEEP);
  } catch {
    // A browser that keeps nothing: a reload has to join again.
  }
}

/** What was kept before the reload. */
export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEEP)) ?? {};
  } catch {
    return {};
  }
}

/** A new lesson's news: marks of a round that is new here are those that the teacher's computer has. */
export function take(told) {
  const { round, phase } = told;
  const fresh = round?.name !== play.round;
  if (fresh) Object.assign(play, { round: round?.name ?? null, marks: told.mine.marks, sent: true, done: false });
  if (phase !== 'asking') Object.assign(play, { sent: true, marks: round ? told.mine.marks : [] });
  const left = round?.seconds_left;
  play.until = left === null || left === undefined ? null : performance.now() + 1000 * left;
  play.lesson = told;
  learn(told.said);
}

/** Null before teams are made. */
export function myTeam() {
  const { teams, mine } = play.lesson;
  return teams.find((team) => team.id === mine.team) ?? null;
}
