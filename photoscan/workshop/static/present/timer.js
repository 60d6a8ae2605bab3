// A timer for a step of the lesson. It ends quietly: by colour and words, and by a sound only where one is wanted.

import { h, icon } from '../dom.js';
import { draw } from '../router.js';
import { say } from '../said.js';
import { state } from '../state.js';
import { language, t } from '../texts.js';

const MINUTE = 60_000;
const LONGEST = 180; // minutes
let ticking = null;

/** Start it, or let it stand still; where time was up, it begins anew. */
export function press() {
  const { timer } = state;
  if (timer.ends) Object.assign(timer, { left: left(), ends: null });
  else {
    const rest = timer.over || timer.left === null ? timer.minutes * MINUTE : timer.left;
    Object.assign(timer, { ends: Date.now() + rest, left: null, over: false });
  }
  tick();
  draw();
}

/** Set it to so many minutes. It stands still until somebody starts it. */
export function set(minutes) {
  if (!(minutes >= 1 && minutes <= LONGEST)) return;
  Object.assign(state.timer, { minutes: Math.round(minutes), left: null, ends: null, over: false });
  draw();
}

function left() {
  const { timer } = state;
  if (timer.over) return 0;
  return timer.ends ? Math.max(0, timer.ends - Date.now()) : timer.left ?? timer.minutes * MINUTE;
}

function words() {
  const seconds = Math.ceil(left() / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The timer at the top: its time is a button, what it is set to is folded below. */
export function clock() {
  const { timer } = state;
  const opened = state.opened.has('timer');
  const fold = () => {
    if (!state.opened.delete('timer')) state.opened.add('timer');
    draw();
  };
  return h('div', { class: `clock ${timer.ends ? 'runs' : ''} ${timer.over ? 'over' : ''}` },
    h('button', { type: 'button', class: 'button small time', 'data-key': 'time', 'aria-label': `${t('workshop.timer')}: ${t(timer.ends ? 'workshop.timer.stop' : 'workshop.timer.start')}`, onclick: press },
      icon(timer.ends ? 'pause' : 'play'), h('span', { class: 'rest' }, timer.over ? t('workshop.timer.over') : words())),
    h('button', { type: 'button', class: 'button small round', 'data-key': 'timer', 'aria-label': t('workshop.timer.set'), title: t('workshop.timer.set'), 'aria-expanded': String(opened), onclick: fold }, icon('fold')),
    opened ? settings() : null);
}

function settings() {
  const { timer, notes } = state;
  const input = h('input', { type: 'number', id: 'minutes', min: '1', max: String(LONGEST), 'data-key': 'minutes', onchange: () => setTimeout(() => set(Number(input.value))) }); // behind the change of focus that brought it
  input.value = String(timer.minutes);
  const plans = notes?.[language]?.plans ?? [];
  const plan = plans.find(({ name }) => name === timer.plan) ?? plans[0];
  return h('div', { class: 'sheet timing' },
    h('div', { class: 'row' }, h('label', { for: 'minutes' }, t('workshop.timer.minutes')), input),
    plan ? h('div', { class: 'row' }, h('label', { for: 'plan' }, t('workshop.timer.plan')),
      h('select', { id: 'plan', 'data-key': 'plan', onchange: (event) => { timer.plan = event.target.value; draw(); } },
        plans.map(({ name, age, minutes }) => h('option', { value: name, selected: name === plan.name }, t(age === 'parents' ? 'workshop.timer.parents' : 'workshop.timer.lesson', { age: age.replace('-', '\u2013'), count: minutes }))))) : null,
    h('ul', {}, (plan?.steps ?? []).map(({ title, minutes }, index) => h('li', {},
      h('button', { type: 'button', class: 'button small', 'data-key': `step-${index}`, onclick: () => set(minutes) }, t('workshop.timer.step', { title, count: minutes }))))),
    h('label', { class: 'switch' },
      h('input', { type: 'checkbox', role: 'switch', checked: timer.sound, 'data-key': 'sound', onchange: (event) => { timer.sound = event.target.checked; } }),
      h('span', { class: 'track', 'aria-hidden': 'true' }), h('span', {}, t('workshop.timer.sound'))));
}

/** Only the time is written anew each second. */
function tick() {
  clearTimeout(ticking);
  if (!state.timer.ends) return;
  if (left() <= 0) {
    Object.assign(state.timer, { ends: null, left: null, over: true });
    if (state.timer.sound) tone();
    draw();
    say(t('workshop.timer.over'));
    return;
  }
  for (const rest of document.querySelectorAll('.clock .rest')) rest.textContent = words();
  ticking = setTimeout(tick, (left() % 1000) + 20);
}

function tone() {
  const audio = new AudioContext();
  const [wave, volume] = [audio.createOscillator(), audio.createGain()];
  wave.frequency.value = 528;
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 1.5);
  wave.connect(volume).connect(audio.destination);
  wave.start();
  wave.stop(audio.currentTime + 1.5);
  wave.addEventListener('ended', () => audio.close());
}
