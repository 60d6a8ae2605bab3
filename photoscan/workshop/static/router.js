// Going between views. A view is a module of views/ that exports an object:
//
//   export const game = {
//     name: 'game',              the word in the address (#game) and in document.body.dataset.view
//     step: null,                its place among the three steps at the top, 0 to 2; null hides them
//     entry: { icon, title, note },  optional: its tile at the start, by keys of texts
//     can: () => true,           whether there is something to show; else the start is shown
//     draw: () => [nodes],       what stands in <main>, made anew from the state each time
//     enter() {}, leave() {},    optional: what begins and ends with it, such as timers and keys
//     steps: { next, previous },  optional: what the clicker's keys do here while presenting (everywhere with `always: true`):
//                                 functions that change the state, draw, and give whether there was a step
//     notes: 'game',             optional: the key of the teacher's notes beside it, or a function that gives one; else its name
//   };
//
// and is registered in app.js. Nothing here knows any view. What changes the state calls `draw` afterwards.
// Whoever has the focus keeps it by its data-key (dom.fill).

import { fill } from './dom.js';
import { state } from './state.js';

const views = new Map();
const after = new Set();
const FIRST = 'start';
let place = null;

export function register(...added) {
  for (const view of added) views.set(view.name, view);
}

/** Have a function called after each drawing, such as the one that draws the top. */
export function onDraw(what) {
  after.add(what);
}

/** The views that have a tile at the start. */
export function entries() {
  return [...views.values()].filter((view) => view.entry);
}

export function current() {
  return views.get(state.view);
}

/** Show another view. `replace`: in the place of this one, so that Back does not come here again. */
export function go(name, { replace = false } = {}) {
  if (name !== state.view || replace) {
    const address = name === FIRST ? location.pathname : `#${name}`;
    history[replace ? 'replaceState' : 'pushState']({ view: name }, '', address);
  }
  turnTo(name);
}

/** Draw the view that is shown anew. */
export function draw() {
  document.body.dataset.view = state.view;
  fill(place, () => current().draw());
  for (const what of after) what();
}

/** Begin: views come into `element`, the one that the address names first. */
export function start(element) {
  place = element;
  addEventListener('popstate', (event) => turnTo(event.state?.view ?? named(), true));
  state.view = shown(named());
  if (state.view !== named()) history.replaceState({ view: state.view }, '', location.pathname);
  current().enter?.();
  draw();
}

/** A step of the clicker in the view that is shown; gives whether there was one. */
export function step(which) {
  return Boolean(current().steps?.[which]?.());
}

function turnTo(name, back = false) {
  const to = shown(name);
  // What the browser went back to may be over, such as a forgotten photo: the address says what is shown.
  if (back && to !== name) history.replaceState({ view: to }, '', location.pathname);
  if (to !== state.view) {
    current().leave?.();
    state.view = to;
    state.slide = 0;
    current().enter?.();
  }
  draw();
  scrollTo(0, 0);
  place.focus({ preventScroll: true });
}

function shown(name) {
  const view = views.get(name);
  return view && (view.can?.() ?? true) ? name : FIRST;
}

function named() {
  return location.hash.slice(1) || FIRST;
}
