// The page begins here: the views, the top, and what holds everywhere.

import { act, gone } from './desk.js';
import { fill, h, icon } from './dom.js';
import { lightUp, onSystemTheme, speakFromNow } from './everywhere.js';
import { prepare } from './photo/map.js';
import { listen, mark } from './present/mode.js';
import { drawNotes } from './present/notes.js';
import { draw, onDraw, register, start } from './router.js';
import { problemWords, say } from './said.js';
import * as server from './server.js';
import { chosen, keep, onForgotten, restore } from './session.js';
import { state } from './state.js';
import { language, speak, t } from './texts.js';
import { drawTop } from './top.js';
import { game } from './views/game.js';
import { look } from './views/look.js';
import { safe } from './views/safe.js';
import { start as first } from './views/start.js';
import { story } from './views/story.js';

const at = (id) => document.getElementById(id);

async function change(wanted) {
  await speakFromNow(wanted);
  drawFrame();
  draw();
}

/** What stands around the views. */
function drawFrame() {
  const { version, policy } = state.start;
  at('skip').textContent = t('workshop.skip');
  document.title = `${t('html.title')} · photoscan`;
  fill(at('foot'), () => [
    state.start.languages.find(({ code }) => code === language).machine_made ? h('p', {}, t('html.machine_made')) : null,
    h('p', {}, icon('lock'), t('workshop.local')), h('p', {}, t('workshop.footer', { version, policy: policy.name }))]);
}

/** A photo that is dropped or pasted anywhere on the page. */
function takeIn(files) {
  const file = [...(files ?? [])].find((one) => one.type.startsWith('image/') || state.start.suffixes.some((suffix) => one.name.toLowerCase().endsWith(suffix)));
  if (file) act.open(file);
  else if (files?.length) {
    if (state.view === 'safe') act.back();
    state.problem = 'workshop.error.not_image';
    draw();
    say(problemWords());
  }
}

let over = 0;
addEventListener('dragenter', (event) => { event.preventDefault(); over += 1; document.body.classList.add('dragging'); });
addEventListener('dragleave', () => { over -= 1; if (over <= 0) document.body.classList.remove('dragging'); });
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  over = 0;
  document.body.classList.remove('dragging');
  takeIn(event.dataTransfer?.files);
});
addEventListener('paste', (event) => takeIn(event.clipboardData?.files));

const top_ = () => drawTop(at('top'), change);

register(first, look, safe, game, story);
state.start = await server.json('/api/start');
await speak(chosen() ?? state.start.language);
const lost = await restore();
await prepare().catch(() => {}); // without outlines there is no map, and all else is there
onSystemTheme(top_);
lightUp();
for (const what of [mark, top_, () => drawNotes(at('notes')), keep]) onDraw(what);
onForgotten(gone);
listen();
drawFrame();
start(at('main'));
if (lost) gone();
