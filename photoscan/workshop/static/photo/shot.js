// A picture with its covers painted into its pixels: on paper, in a PDF or saved, nothing lies below them.

import { h } from '../dom.js';
import { picture } from '../server.js';
import { state } from '../state.js';

const COVER = '#1b2a38'; // opaque; the black of a copy is its own

/** A canvas that shows a picture. Until the picture is there it shows nothing. */
export function shot(extra = '') {
  const canvas = h('canvas', { class: `shot ${extra}`, role: 'img' });
  let image = null;
  let wanted = null; // its address
  let shown = []; // what is to be covered in it

  const paint = () => {
    if (!image || !state.photo) return;
    const { width, height } = image;
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    if (state.revealed) return;
    pen.fillStyle = COVER;
    const [across, down] = [width / state.photo.width, height / state.photo.height];
    for (const [x, y, w, h_] of shown) {
      const [left, top] = [Math.floor(x * across), Math.floor(y * down)];
      pen.fillRect(left, top, Math.ceil((x + w) * across) - left, Math.ceil((y + h_) * down) - top);
    }
  };
  const load = async (address) => {
    wanted = address;
    image?.close();
    image = null;
    Object.assign(canvas, { width: 1, height: 1 });
    const found = await picture(address).catch(() => null); // forgotten meanwhile: then nothing is shown either
    if (wanted !== address) found?.close();
    else image = found;
    paint();
  };

  return {
    canvas,
    /** Show the picture at an address, `covers` (findings) painted over until values are shown. */
    show(address, label, covers) {
      canvas.setAttribute('aria-label', label);
      shown = covers.filter((finding) => finding.patch).map((finding) => finding.patch);
      if (wanted === address) paint();
      else load(address);
    },
  };
}
