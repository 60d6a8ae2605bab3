// What both pages have: what belongs together lights up together, the light and the dark look, the choice of a language.

import { h, icon, linked } from './dom.js';
import { key, say } from './said.js';
import { state } from './state.js';
import { speak, t } from './texts.js';

const DARK = matchMedia('(prefers-color-scheme: dark)');

/** Boxes, rows, numbers and phrases of one finding light up together. */
export function lightUp() {
  for (const [name, lit] of [['pointerover', true], ['pointerout', false], ['focusin', true], ['focusout', false]]) {
    addEventListener(name, (event) => {
      for (const one of linked(event.target.closest?.('[data-for]'))) one.classList.toggle('lit', lit);
    });
  }
}

/** The button that turns between light and dark. `draw`: draws it anew. */
export function themeButton(draw) {
  const dark = isDark();
  const words = t(dark ? 'workshop.theme.light' : 'workshop.theme.dark');
  return h('button', { type: 'button', class: 'button small round', 'data-key': 'theme', 'aria-label': words, title: words, onclick: () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    draw();
  } }, icon(dark ? 'sun' : 'moon'));
}

/** Speak the language that somebody chose; where its texts don't come, that is told, and the old one stays. */
export async function speakFromNow(wanted) {
  try {
    await speak(wanted);
    state.spoken = wanted;
  } catch (error) {
    say(t(key(error.code)));
  }
}

/** Have a function called when the system turns between light and dark. */
export function onSystemTheme(what) {
  DARK.addEventListener('change', what);
}

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : DARK.matches;
}
