// The answer, stroke by stroke: what was there, who found it, what fooled whom, and the rule to remember.

import { open } from '../desk.js';
import { h, icon, s } from '../dom.js';
import { map } from '../photo/map.js';
import { draw } from '../router.js';
import { problem, wrong } from '../said.js';
import * as server from '../server.js';
import { t } from '../texts.js';
import { middle, over } from './marker.js';
import { game, play, steps } from './play.js';
import { title } from './round.js';
import { chip, order, sign } from './teams.js';

const NARROW = 700; // CSS pixels
const AROUND = [[0, 0], ...[1, 2, 3].flatMap((far) => Array.from({ length: 6 * far }, (_, index) => {
  const angle = (Math.PI * index) / (3 * far);
  return [far * Math.cos(angle), far * Math.sin(angle)];
}))]; // where a sign may stand instead, the nearest first, in widths of a sign
const picture = h('img', { class: 'photo', draggable: 'false' });
const layer = h('div', { class: 'layer' });
const stage = h('div', { class: 'pad shown' }, picture, layer);
const places = new Map(); // round -> where its file says that it was taken

export function reveal() {
  const { round, shown } = game.lesson;
  const row = steps();
  const now = row[game.step];
  if (shown.leaks.some((leak) => leak.name === 'place')) chart(round.name); // to be here before it is shown
  return [h('div', { class: 'game-play telling' },
    h('header', { class: 'game-head' },
      h('h1', {}, h('span', { class: 'quiet' }, t('workshop.game.round', { number: round.index + 1, count: round.count })), ' ', title(round.name)),
      h('ol', { class: 'strokes', 'aria-hidden': 'true' }, row.map((_, index) => h('li', { class: index === game.step ? 'now' : index < game.step ? 'past' : '' })))),
    h('div', { class: 'play-photo' }, evidence(now, round) ?? photo(now, round, shown)),
    h('section', { class: 'play-panel' }, problem(), TOLD[now.is](now, shown), actions(row)))];
}

/** The words of this stroke, for those who have the page read to them. */
export function spoken() {
  const { round, shown, teams } = game.lesson;
  const now = steps()[game.step];
  const names = (ids) => teams.filter((team) => ids.includes(team.id)).map((team) => team.name).join(', ');
  if (now.is === 'leak') {
    const found = now.leak.found.length ? `${t('workshop.game.found_by')} ${names(now.leak.found)}` : t('workshop.game.nobody');
    return `${sentence(now.leak)} ${found}`;
  }
  if (now.is === 'decoys') return traps(now.decoys);
  if (now.is === 'nothing') return `${t('workshop.game.nothing_here')} ${names(Object.keys(shown.nothing))}`;
  if (now.is === 'marks') return t('workshop.game.your_marks');
  return `${t('workshop.game.remember')} ${t(`workshop.round.${round.name}.rule`)}`;
}

function sentence(leak) {
  return t(`workshop.leak.${game.lesson.round.name}.${leak.name}`);
}

// The photo

function photo(now, round, shown) {
  const src = `/api/rounds/${round.name}`;
  if (picture.getAttribute('src') !== src) picture.src = src;
  picture.alt = title(round.name);
  stage.style.setProperty('--ratio', `${round.width / round.height}`);
  const told = steps().slice(0, game.step + 1);
  const boxes = (step) => (step.leak ? [step.leak.box] : (step.decoys ?? []).map((decoy) => decoy.box)).filter(Boolean);
  const frames = told.flatMap((step) => boxes(step).map((box) => frame(box, step === now ? 'now' : '', Boolean(step.decoys))));
  const spots = signs(now, shown).map(({ mark, at }) => h('span', { class: `mark-spot ${mark.right ? 'right' : ''}`, css: over(at, round) },
    sign(mark.team, { unsure: !mark.sure, text: mark.sure ? '' : '?' })));
  layer.replaceChildren(s('svg', { class: 'rings', viewBox: `0 0 ${round.width} ${round.height}`, 'aria-hidden': 'true' },
    boxes(now).length ? shade(boxes(now), round) : null, frames), ...spots);
  return stage;
}

/** The marks that belong to a stroke, each with a place: beside another where that is taken, and never over an edge. */
function signs(now, shown) {
  const { width, height } = game.lesson.round;
  const mine = shown.marks.filter((mark) => middle(mark) && (now.is === 'marks' || now.is === 'rule'
    || (now.is === 'leak' && mark.leaks.includes(now.leak.name)) || (now.is === 'decoys' && mark.decoy)));
  const gap = width / (innerWidth < NARROW ? 13 : 32); // signs are as large on small screens
  const inside = (value, whole) => Math.min(Math.max(value, gap / 2), whole - gap / 2);
  const taken = [];
  return mine.map((mark) => {
    const [x, y] = middle(mark);
    const tried = AROUND.map(([across, down]) => [inside(x + across * gap, width), inside(y + down * gap, height)]);
    const at = tried.find(([a, b]) => taken.every(([c, d]) => Math.hypot(a - c, b - d) > 0.9 * gap)) ?? tried[0];
    taken.push(at);
    return { mark, at };
  });
}

function frame([x, y, width, height], extra, dashed) {
  const rect = (name) => s('rect', { class: `${name} ${extra}`, x, y, width, height, rx: 6, pathLength: dashed ? null : 1 });
  return s('g', { class: dashed ? 'decoy' : 'leak' }, rect('rim'), rect('mark-ring'));
}

/** All but some places, so that everybody looks there. */
function shade(boxes, { width, height }) {
  const holes = boxes.map(([x, y, w, h_]) => `M${x} ${y}v${h_}h${w}v${-h_}z`);
  return s('path', { class: 'shade', d: `M0 0H${width}V${height}H0z${holes.join('')}` });
}

// What only the file tells

function evidence(now, round) {
  if (now.is !== 'leak' || now.leak.box) return null;
  if (now.leak.name === 'place') return chart(round.name);
  if (now.leak.name !== 'preview') return null;
  return h('figure', { class: 'evidence' },
    h('img', { src: `/api/rounds/${round.name}/preview`, alt: t('workshop.game.preview') }),
    h('img', { class: 'inset', src: `/api/rounds/${round.name}`, alt: title(round.name), css: { '--ratio': `${round.width / round.height}` } }));
}

function chart(name) {
  if (!places.has(name)) {
    places.set(name, null);
    server.json(`/api/rounds/${name}/place`).then((told) => { places.set(name, told); draw(); }, wrong);
  }
  const told = places.get(name);
  const drawn = told && map({ id: `round-${name}-${game.number}`, ...told });
  return drawn ? h('div', { class: 'evidence chart' }, drawn) : null;
}

// What is said beside it

const TOLD = {
  marks: (_, shown) => [
    h('h2', { class: 'told' }, t('workshop.game.your_marks')),
    h('ul', { class: 'tallies' }, game.lesson.teams.map((team) => h('li', {}, chip(team), h('span', {}, String(shown.marks.filter((mark) => mark.team === team.id).length))))),
  ],
  leak: ({ leak }) => [
    h('p', { class: 'quiet' }, t('workshop.game.leak_number', { number: game.lesson.shown.leaks.indexOf(leak) + 1, count: game.lesson.shown.leaks.length })),
    h('h2', { class: 'told' }, sentence(leak)),
    h('ul', { class: 'leak-tags' },
      leak.box ? null : h('li', {}, icon('file'), t('workshop.game.in_file')),
      leak.seen === 'people' ? h('li', {}, icon('eye'), t('workshop.game.people_only')) : null,
      leak.certain ? null : h('li', {}, icon('question'), t('workshop.game.nobody_sure'))),
    finders(leak),
  ],
  nothing: (_, shown) => [
    h('h2', { class: 'told' }, t('workshop.game.nothing_here')),
    crowd(Object.entries(shown.nothing), 'workshop.game.said_nothing', 'workshop.game.nobody_said'),
  ],
  decoys: ({ decoys }, shown) => [
    h('h2', { class: 'told' }, traps(decoys)),
    crowd(fooled(shown), 'workshop.game.fooled', 'workshop.game.nobody_fooled'),
  ],
  rule: () => [rule(), scores(), h('div', { class: 'play-more' }, look(), finish())],
};

function finders(leak) {
  const alone = game.lesson.teams.find((team) => team.id === leak.first_only);
  return [
    crowd(Object.entries(leak.points), 'workshop.game.found_by', 'workshop.game.nobody'),
    alone ? h('p', { class: 'alone' }, icon('bulb'), t('workshop.game.alone', { team: alone.name })) : null,
  ];
}

/** Teams with their points, under a heading; other words where there is none. */
function crowd(rows, heading, none) {
  if (!rows.length) return h('p', { class: 'lead' }, t(none));
  const team = (id) => game.lesson.teams.find((one) => one.id === id);
  return h('div', { class: 'who' }, h('h3', {}, t(heading)),
    h('ul', {}, rows.sort(([a], [b]) => order(a) - order(b)).map(([id, points]) => h('li', {}, chip(team(id), h('strong', { class: points < 0 ? 'minus' : 'plus' }, signed(points)))))));
}

function traps(decoys) {
  return t(decoys.length > 1 ? 'workshop.game.decoys' : 'workshop.game.decoy');
}

/** Who marked decoys: each that somebody is sure of costs a point. */
function fooled(shown) {
  const rows = new Map();
  for (const mark of shown.marks.filter((one) => one.decoy)) rows.set(mark.team, (rows.get(mark.team) ?? new Set()).add(mark.sure ? mark.decoy : null));
  return [...rows].map(([team, decoys]) => [team, -[...decoys].filter(Boolean).length]);
}

function signed(points) {
  return points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0';
}

function rule() {
  const { name } = game.lesson.round;
  return h('div', { class: 'game-rule' }, icon('bulb'), h('div', {}, h('h2', {}, t('workshop.game.remember')), h('p', {}, t(`workshop.round.${name}.rule`))));
}

function scores() {
  const { teams, shown } = game.lesson;
  return h('table', { class: 'scores' },
    h('caption', { class: 'vh' }, t('workshop.game.points')),
    h('thead', { class: 'vh' }, h('tr', {}, [t('workshop.game.teams'), t('workshop.game.this_round'), t('workshop.game.points')].map((words) => h('th', { scope: 'col' }, words)))),
    h('tbody', {}, [...teams].sort((a, b) => b.points - a.points || order(a.id) - order(b.id)).map((team) => h('tr', {},
      h('th', { scope: 'row' }, chip(team)),
      h('td', { class: 'plus' }, signed(team.gained), shown.lost[team.id] ? h('span', { class: 'quiet' }, ' ', t('workshop.game.lost', { points: signed(shown.lost[team.id]) })) : null),
      h('td', { class: 'sum' }, String(team.points))))));
}

/** The round's photo, as the program sees it. */
function look() {
  const { name } = game.lesson.round;
  const go = async () => {
    try {
      const data = await server.blob(`/api/rounds/${name}`);
      await open(new File([data], `${name}.jpg`, { type: data.type }));
    } catch (error) {
      wrong(error);
      draw();
    }
  };
  return h('button', { type: 'button', class: 'button small', 'data-key': 'program-look', onclick: go }, icon('eye'), t('workshop.game.program_look'));
}

/** An early end. */
function finish() {
  const { index, count } = game.lesson.round;
  if (index + 1 === count) return null;
  return h('button', { type: 'button', class: 'button small', 'data-key': 'finish', onclick: play.finish }, icon('cup'), t('workshop.game.to_podium'));
}

function actions(row) {
  const last = game.step === row.length - 1;
  const { index, count } = game.lesson.round;
  const on = last ? (index + 1 < count ? 'workshop.game.next_round' : 'workshop.game.to_podium') : 'workshop.game.next';
  return h('div', { class: 'play-actions' },
    h('button', { type: 'button', class: 'button round', 'data-key': 'step-back', 'aria-label': t('workshop.game.previous'), disabled: game.step === 0, onclick: () => play.step(-1) }, icon('back')),
    h('button', { type: 'button', class: 'button primary', 'data-key': 'step-next', onclick: () => play.step(1) }, t(on), icon(last && index + 1 === count ? 'cup' : 'next')));
}
