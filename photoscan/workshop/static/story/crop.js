// A piece of a photo of the story, cut out around a box; the whole photo where there is none.

import { h } from '../dom.js';
import { post } from './state.js';

const RATIO = 1.5; // width to height of every piece
const ROOM = 1.5; // times the box's own size

/** `shot`: {photo, box}. Without `label` it only decorates. */
export function crop({ photo, box }, label = null) {
  const { width, height } = post(photo);
  const [x, y, w, tall] = box ? around(box, width, height) : [0, 0, width, width / RATIO];
  const said = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' };
  return h('span', { class: 'crop', ...said }, h('img', {
    src: `/api/story/${photo}`, alt: '', width, height, draggable: 'false',
    css: { width: `${(100 * width) / w}%`, left: `${(-100 * x) / w}%`, top: `${(-100 * y) / tall}%` },
  }));
}

/** The box with room around it, of our ratio, inside of the photo. */
function around([x, y, w, tall], width, height) {
  const wide = Math.min(width, Math.max(w * ROOM, tall * ROOM * RATIO));
  const high = wide / RATIO;
  const left = Math.min(Math.max(0, x + w / 2 - wide / 2), width - wide);
  const top = Math.min(Math.max(0, y + tall / 2 - high / 2), height - high);
  return [left, top, wide, high];
}
