// How far the class is in the story, and what it has done there: a part of the page's one state.

import { json } from '../server.js';
import { state } from '../state.js';

/** The steps, in order: a photo each, then what they tell together. */
export const PARTS = ['posts', 'board', 'profile', 'acts', 'rule'];

/** The story from its beginning. */
export function fresh(data = null) {
  state.story = { data, step: 0, votes: new Map(), placed: new Map(), picked: null, hint: null, acts: new Set() };
}

/** Have its data here: GET /api/story. */
export async function load() {
  if (!state.story) fresh();
  state.story.data ??= await json('/api/story');
}

/** The name of a step, and how many steps there are. */
export function part(step = state.story.step) {
  const { posts } = state.story.data;
  return PARTS[Math.max(0, step - posts.length + 1)];
}

export function last() {
  return state.story.data.posts.length + PARTS.length - 2;
}

export function post(name) {
  return state.story.data.posts.find((one) => one.name === name);
}

export function solved() {
  const { data, placed } = state.story;
  return placed.size === data.clues.length;
}

/** Whether a statement still holds where `broken` parts are unknown. */
export function holds(statement, broken) {
  return statement.rests.some((way) => way.every((one) => !broken.has(one)));
}

/** Ids of the statements that hold while these acts are on. */
export function known(acts) {
  const { data } = state.story;
  const broken = new Set(data.acts.filter(({ id }) => acts.has(id)).flatMap(({ breaks }) => breaks));
  return new Set(data.statements.filter((one) => holds(one, broken)).map(({ id }) => id));
}
