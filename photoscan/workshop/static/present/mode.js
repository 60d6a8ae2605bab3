// Presenting: large type, the essentials, and a step at a time by keys and clickers.

import { act } from '../desk.js';
import { h, icon } from '../dom.js';
import { current, draw, step } from '../router.js';
import { say } from '../said.js';
import { state } from '../state.js';
import { t } from '../texts.js';
import { help } from './help.js';
import { toggle as toggleNotes } from './notes.js';
import { clock, press } from './timer.js';

const WAYS = { PageDown: 'next', PageUp: 'previous', ' ': 'next', ArrowRight: 'next', ArrowDown: 'next', ArrowLeft: 'previous', ArrowUp: 'previous' };
const LETTERS = { p: toggle, n: toggleNotes, t: press, f: fullScreen, '?': help };

/** Begin to present, or end it. */
export function toggle() {
  state.presenting = !state.presenting;
  state.slide = 0;
  if (!state.presenting && document.fullscreenElement) document.exitFullscreen();
  draw();
  say(t(state.presenting ? 'workshop.present.on' : 'workshop.present.off'));
}

/** Styles know it by an attribute of the root. */
export function mark() {
  document.documentElement.toggleAttribute('data-presenting', state.presenting);
}

/** What stands at the top for it. */
export function tools() {
  const one = (key, sign, what, pressed = null, text = null) => h('button', {
    type: 'button', class: `button small round do-${key}`, 'data-key': key, 'aria-label': t(`workshop.present.${text ?? key}`), title: t(`workshop.present.${text ?? key}`),
    'aria-pressed': pressed === null ? null : String(pressed), onclick: what,
  }, icon(sign));
  return [
    state.presenting ? [
      clock(),
      one('notes', 'notes', toggleNotes, state.noted),
      document.fullscreenEnabled ? one('full', 'full', fullScreen) : null,
      one('keys', 'keys', help),
    ] : null,
    one('present', 'screen', toggle, state.presenting),
  ];
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

/** Keys for the whole page. What has the focus, and what a view took for itself, comes first. */
export function listen() {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.ctrlKey || event.metaKey) undo(event);
    else if (!writes(event.target) && pressed(event)) event.preventDefault();
  });
}

function undo(event) {
  if (!['look', 'safe'].includes(state.view) || writes(event.target)) return;
  const name = event.key.toLowerCase();
  if (name === 'z' ? act[event.shiftKey ? 'redo' : 'undo']() : name === 'y' && act.redo()) event.preventDefault();
}

/** Whether a key did something. */
function pressed({ key, target, repeat }) {
  const letter = LETTERS[key === '?' ? key : key.toLowerCase()];
  if (letter && !repeat) {
    letter();
    return true;
  }
  if (key === 'Escape' && state.presenting) {
    toggle();
    return true;
  }
  const way = WAYS[key];
  const { steps } = current();
  if (!way || !steps || !(state.presenting || steps.always)) return false;
  if (!key.startsWith('Page') && acts(target)) return false;
  return step(way) || state.presenting;
}

/** Whether somebody writes or chooses there: letters and pages are its own. */
function writes(element) {
  return element.matches?.('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=file])') ?? false;
}

/** Whether it is a control: Space and arrows are its own. */
function acts(element) {
  return element.matches?.('a, button, input, select, textarea, summary, [tabindex]:not(main), [role=button]') ?? false;
}
