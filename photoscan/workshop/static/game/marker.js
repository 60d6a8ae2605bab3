// Marking on a photo: by tap, by drag, and by a cursor that the keyboard moves. It knows neither teachers nor pupils.
//
//   const one = marker({ changed, say });   changed(marks) is called with all marks, in pixels of the photo
//   one.show({ src, title, width, height, owner, marks, sign });   `owner` and `src`: whose marks these are
//   one.pad, one.tools                       the photo, and what is said of its marks; to be put where they fit

import { fill, h, icon } from '../dom.js';
import { t } from '../texts.js';

export const MOST = 12;
const STEP = 0.02; // of the long side, for an arrow key; five times that with Shift
const NEAR = 24; // CSS pixels within which a tap means a mark that is there
const DRAGGED = 10; // CSS pixels from which a tap is a drag
const ROWS = ['upper', 'centre', 'lower'];
const COLUMNS = ['left', 'middle', 'right'];

/** Where a point is, in words. */
export function words([x, y], { width, height }) {
  const third = (value, whole) => Math.min(2, Math.floor((3 * value) / whole));
  return t(`workshop.game.place.${ROWS[third(y, height)]}_${COLUMNS[third(x, width)]}`);
}

/** The middle of a mark; null for one that is about the whole photo. */
export function middle(mark) {
  if (mark.at) return mark.at;
  return mark.box ? [mark.box[0] + mark.box[2] / 2, mark.box[1] + mark.box[3] / 2] : null;
}

/** The place of a box or a point over a photo, for CSS. */
export function over([x, y, w, h_], { width, height }) {
  const share = (value, whole) => `${(100 * value) / whole}%`;
  return { left: share(x, width), top: share(y, height), ...(w === undefined ? {} : { width: share(w, width), height: share(h_, height) }) };
}

export function marker({ changed, say }) {
  let photo = { width: 1, height: 1 };
  let marks = [];
  let past = [];
  let picked = -1;
  let sure = true;
  let cursor = [0, 0];
  let drag = null;

  const picture = h('img', { class: 'photo', alt: '', draggable: 'false' });
  const layer = h('div', { class: 'layer' });
  const cross = h('div', { class: 'cross' });
  const band = h('div', { class: 'drag-box' });
  const tools = h('div', { class: 'mark-tools' });
  const pad = h('div', {
    class: 'pad', tabindex: 0, role: 'application', 'data-key': 'pad', onkeydown: pressed,
    onpointerdown: down, onpointermove: moved, onpointerup: up, onpointercancel: () => { drag = null; band.classList.remove('on'); },
  }, picture, layer, band, cross);

  function show(next) {
    const other = next.src !== photo.src || next.owner !== photo.owner;
    photo = next;
    if (other) {
      [past, picked, sure, cursor] = [[], -1, true, [photo.width / 2, photo.height / 2]];
      pad.classList.remove('by-keys');
    }
    marks = next.marks;
    if (picked >= marks.length) picked = -1;
    if (picture.getAttribute('src') !== photo.src) picture.src = photo.src;
    picture.alt = photo.title;
    pad.setAttribute('aria-description', t('workshop.game.keys'));
    pad.setAttribute('aria-label', t('workshop.game.pad', { title: photo.title }));
    pad.style.setProperty('--ratio', `${photo.width / photo.height}`);
    draw();
  }

  function draw() {
    layer.replaceChildren(...marks.flatMap((mark, index) => {
      const at = middle(mark);
      if (!at) return [];
      const lit = index === picked ? 'picked' : '';
      const frame = mark.box ? h('span', { class: `mark-box ${mark.sure ? '' : 'unsure'} ${lit}`, css: over(mark.box, photo) }) : null;
      const spot = h('span', { class: `mark-spot ${lit}`, css: over(at, photo) }, photo.sign({ text: label(index), unsure: !mark.sure }));
      return frame ? [frame, spot] : [spot];
    }));
    Object.assign(cross.style, over(cursor, photo));
    fill(tools, toolbox);
    const list = tools.querySelector('.mark-list');
    if (list && picked >= 0) list.scrollTop = list.children[picked].offsetTop - list.offsetTop;
  }

  function label(index) {
    return `${index + 1}${marks[index].sure ? '' : '?'}`;
  }

  function toolbox() {
    const known = marks[picked] ?? { sure };
    const choice = (name, value, words_) => h('button', {
      type: 'button', class: 'choice', 'data-key': `mark-${name}`, 'aria-pressed': String(known.sure === value), onclick: () => doubt(value),
    }, icon(value ? 'check' : 'question'), words_);
    const whole = (name, sign) => h('button', {
      type: 'button', class: 'button', 'data-key': `mark-${name}`, 'aria-pressed': String(marks.some((mark) => mark.what === name)), onclick: () => say_(name),
    }, icon(sign), t(`workshop.game.what.${name}`));
    return [
      h('div', { class: 'segmented', role: 'group', 'aria-label': t('workshop.game.how_sure') }, choice('sure', true, t('workshop.game.sure')), choice('unsure', false, t('workshop.game.unsure'))),
      h('div', { class: 'wholes' }, whole('file', 'file'), whole('nothing', 'none')),
      h('div', { class: 'mark-head' }, h('h3', {}, t('workshop.game.marks')),
        h('button', { type: 'button', class: 'button small', 'data-key': 'mark-undo', disabled: past.length === 0, onclick: undo }, icon('undo'), t('workshop.game.undo'))),
      marks.length ? h('ol', { class: 'mark-list' }, marks.map(row)) : h('p', { class: 'quiet' }, t('workshop.game.no_marks')),
    ];
  }

  function row(mark, index) {
    const name = named(mark);
    return h('li', { class: index === picked ? 'picked' : '' },
      h('button', { type: 'button', class: 'mark-name', 'data-key': `mark-pick-${index}`, 'aria-pressed': String(index === picked), onclick: () => pick(index) },
        photo.sign({ text: label(index), unsure: !mark.sure }), h('span', {}, name, mark.sure ? null : h('span', { class: 'quiet' }, ` · ${t('workshop.game.is_unsure')}`))),
      h('button', { type: 'button', class: 'mark-off', 'data-key': `mark-off-${index}`, 'aria-label': t('workshop.game.remove', { place: name }), onclick: () => remove(index) }, icon('close')));
  }

  function named(mark) {
    const at = middle(mark);
    return at ? words(at, photo) : t(`workshop.game.what.${mark.what}`);
  }

  /** Take new marks, remember the old ones, tell everybody. */
  function take(next, spoken) {
    past.push(marks);
    marks = next;
    draw();
    if (spoken) say(spoken);
    changed(marks);
  }

  function add(mark) {
    const kept = marks.filter((one) => one.what !== 'nothing');
    if (kept.length >= MOST) {
      say(t('workshop.game.full', { count: MOST }));
      return;
    }
    picked = kept.length;
    take([...kept, { ...mark, sure }], t('workshop.game.marked', { number: kept.length + 1, place: named(mark) }));
  }

  function pick(index) {
    picked = index === picked ? -1 : index;
    if (picked >= 0) sure = marks[picked].sure;
    draw();
  }

  function remove(index) {
    const name = named(marks[index]);
    picked = -1;
    take(marks.filter((_, other) => other !== index), t('workshop.game.removed', { place: name }));
  }

  /** How sure the picked mark is, or the next one. */
  function doubt(value) {
    sure = value;
    const spoken = t(value ? 'workshop.game.is_sure' : 'workshop.game.is_unsure');
    if (marks[picked] && marks[picked].sure !== value) take(marks.map((mark, index) => (index === picked ? { ...mark, sure } : mark)), spoken);
    else {
      draw();
      say(spoken);
    }
  }

  /** What somebody says of the whole photo, or takes back. */
  function say_(what) {
    const at = marks.findIndex((mark) => mark.what === what);
    if (at >= 0) remove(at);
    else if (what === 'file') add({ what });
    else {
      picked = 0;
      take([{ what, sure }], t('workshop.game.what.nothing'));
    }
  }

  function undo() {
    if (!past.length) return;
    marks = past.pop();
    picked = -1;
    draw();
    say(t('workshop.game.undone'));
    changed(marks);
  }

  // Pointers

  function point(event) {
    const { left, top, width, height } = picture.getBoundingClientRect();
    const within = (value, whole) => Math.round(Math.min(Math.max(value, 0), 1) * whole);
    return [within((event.clientX - left) / width, photo.width), within((event.clientY - top) / height, photo.height)];
  }

  function down(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    pad.setPointerCapture(event.pointerId);
    pad.classList.remove('by-keys');
    drag = { from: point(event), x: event.clientX, y: event.clientY, far: false };
  }

  function moved(event) {
    if (!drag) return;
    drag.far ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > DRAGGED;
    band.classList.toggle('on', drag.far);
    if (drag.far) Object.assign(band.style, over(between(drag.from, point(event)), photo));
  }

  function up(event) {
    if (!drag) return;
    const { from, far } = drag;
    drag = null;
    band.classList.remove('on');
    cursor = point(event);
    const box = between(from, cursor);
    if (far && box[2] > 0 && box[3] > 0) {
      add({ box });
      return;
    }
    const near = nearest(cursor, NEAR * (photo.width / picture.clientWidth));
    if (near >= 0) pick(near);
    else add({ at: cursor });
  }

  function between([x1, y1], [x2, y2]) {
    return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x1 - x2), Math.abs(y1 - y2)];
  }

  /** The mark nearest to a point, if it is no farther than that; -1 for none. */
  function nearest([x, y], far) {
    const away = marks.map((mark) => {
      const at = middle(mark);
      return at ? Math.hypot(at[0] - x, at[1] - y) : Infinity;
    });
    const least = Math.min(...away);
    return least <= far ? away.indexOf(least) : -1;
  }

  // Keys

  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const long = Math.max(photo.width, photo.height);
    const here = () => (nearest(cursor, long * STEP) >= 0 ? nearest(cursor, long * STEP) : picked);
    const acts = {
      Enter: () => (nearest(cursor, 1) >= 0 ? pick(nearest(cursor, 1)) : add({ at: cursor })),
      Delete: () => here() >= 0 && remove(here()),
      u: () => doubt(!(marks[picked]?.sure ?? sure)),
      f: () => say_('file'),
      n: () => say_('nothing'),
      z: undo,
    };
    acts.Backspace = acts.Delete;
    acts[' '] = acts.Enter;
    const move = MOVES[event.key];
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!move && !act) return;
    event.preventDefault();
    pad.classList.add('by-keys');
    if (act) {
      act();
      return;
    }
    const step = long * STEP * (event.shiftKey ? 5 : 1);
    const within = (value, whole) => Math.round(Math.min(Math.max(value, 0), whole));
    cursor = [within(cursor[0] + move[0] * step, photo.width), within(cursor[1] + move[1] * step, photo.height)];
    Object.assign(cross.style, over(cursor, photo));
    say(words(cursor, photo));
  }

  return { pad, tools, show };
}
