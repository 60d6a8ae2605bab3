// A pupil's phone begins here: the code of the address, the language, what stands around the views.

import { clear, state } from '../state.js';
import { fill, h, icon } from '../dom.js';
import { lightUp, onSystemTheme, speakFromNow, themeButton } from '../everywhere.js';
import { chip } from '../game/teams.js';
import { prepare } from '../photo/map.js';
import { draw, go, onDraw, register, start } from '../router.js';
import { say } from '../said.js';
import * as server from '../server.js';
import { chosen, keep as remember, restore } from '../session.js';
import { language, speak, t } from '../texts.js';
import { game, told } from './game.js';
import { look, mine, photoView, safe } from './own.js';
import { kept, myTeam, play } from './state.js';
import { begin, onNews } from './talk.js';

const LONG = 4; // tries in vain, about twenty seconds
const at = (id) => document.getElementById(id);

function drawFrame() {
  at('skip').textContent = t('workshop.skip');
  document.title = `${t('workshop.player.title')} · photoscan`;
  const team = play.lesson && myTeam();
  fill(at('top'), () => [
    team ? h('div', { class: 'me' }, chip(team), h('span', { class: 'points' }, t('workshop.player.points', { count: team.points })))
      : h('p', { class: 'brand' }, icon('eye'), h('span', {}, 'photoscan')),
    h('div', { class: 'settings' },
      h('label', { class: 'button small tongue' }, h('span', { class: 'vh' }, t('workshop.language')),
        icon('globe'), h('span', { 'aria-hidden': 'true' }, language.slice(0, 2).toUpperCase()),
        h('select', { 'data-key': 'language', onchange: (event) => change(event.target.value) },
          state.start.languages.map(({ code, name }) => h('option', { value: code, lang: code, selected: code === language }, name)))),
      themeButton(drawFrame)),
  ]);
  const words = play.linked ? '' : t(play.lost > LONG ? 'workshop.player.unlinked_long' : 'workshop.player.unlinked');
  if (at('link').textContent !== words) at('link').textContent = words;
  at('tabs').setAttribute('aria-label', t('workshop.player.tabs'));
  document.body.classList.toggle('tabbed', Boolean(play.lesson));
  fill(at('tabs'), () => (play.lesson ? [tab('game', 'play', 'target', waits()), tab('photo', photoView(), 'picture', false)] : []));
}

/** One of the two tabs. `news`: something waits there. */
function tab(name, to, sign, news) {
  const here = (state.view === 'play') === (name === 'game');
  return h('button', {
    type: 'button', class: 'tab', 'data-key': `tab-${name}`, 'aria-current': here ? 'page' : null, onclick: () => here || go(to),
  }, icon(sign), h('span', {}, t(`workshop.player.tab.${name}`)),
  news ? h('span', { class: 'news' }, h('span', { class: 'vh' }, t('workshop.player.news'))) : null);
}

/** Whether the game waits for this pupil, who looks at something else. */
function waits() {
  return state.view !== 'play' && play.lesson.phase === 'asking' && !play.marks.length;
}

async function change(wanted) {
  await speakFromNow(wanted);
  draw();
}

/** The phone's first language that there is; else the teacher's. */
function wished() {
  const { language: teachers } = state.start;
  const languages = state.start.languages.map(({ code }) => code);
  const simple = (name) => name.toLowerCase().split(/[-_]/)[0];
  for (const wish of navigator.languages ?? [navigator.language]) {
    const found = languages.find((name) => name.toLowerCase() === wish.toLowerCase()) ?? languages.find((name) => simple(name) === simple(wish));
    if (found) return found;
  }
  return teachers;
}

/** The code leaves the address at once: whoever shares the address, or looks over a shoulder, has no code. */
function readCode() {
  const code = decodeURIComponent(location.hash.slice(1)).replace(/[^0-9a-z]/gi, '');
  if (/^\d{4,}$/.test(code)) Object.assign(play, { code, scanned: true });
  history.replaceState(null, '', location.pathname);
}

/** What came: a new phase is shown from its beginning, and spoken. Whoever is out has no photo here any more. */
onNews((before, now) => {
  if (!now) {
    clear();
    go('play', { replace: true });
    return;
  }
  if (!before && state.view === 'play') scrollTo(0, 0);
  const words = told(before, now);
  if (words) {
    say(words);
    if (state.view === 'play') scrollTo(0, 0);
  }
});

readCode();
state.view = 'play';
state.start = await server.json('/api/start');
try {
  await speak(chosen() ?? wished());
} catch {
  await speak(state.start.language);
}
register(game, mine, look, safe);
onDraw(drawFrame);
onDraw(remember);
onSystemTheme(drawFrame);
const { key: before, name } = kept();
play.name = name ?? '';
if (before) {
  server.become(before);
  await restore(); // the own photo, unless it is gone
  begin(before, true);
}
start(at('main'), 'play');
prepare().then(() => state.view === 'look' && draw(), () => {});

lightUp();
// Safari lets :active show only where somebody listens to touches.
document.addEventListener('touchstart', () => {}, { passive: true });

