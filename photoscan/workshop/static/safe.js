// The third view: before and after, the receipt, and the copy to take away.

import { details } from './cards.js';
import { dial, levelWords } from './dial.js';
import { h, icon } from './dom.js';
import { state } from './state.js';
import { capital, language, size, t } from './texts.js';

let share = 50;

export function safeView(act) {
  const { copy } = state;
  return [h('div', { class: 'safe' },
    h('div', { class: 'left' }, state.shown ? compare() : null),
    h('div', { class: 'right' },
      h('h1', {}, icon('none'), t('workshop.safe_title')),
      h('p', { class: 'lead' }, t('workshop.safe_lead')),
      h('div', { class: 'risks' },
        risk('workshop.risk_before', copy.before), icon('next', 'between'), risk('workshop.risk_after', copy.after)),
      copy.after.score ? h('p', { class: 'still' }, icon('medium'), t('workshop.still')) : null,
      h('div', { class: 'downloads' },
        h('a', { class: 'button primary', href: `/api/photos/${state.id}/copy`, download: '', 'data-key': 'copy' }, icon('down'),
          `${t('workshop.download')} · ${size(copy.bytes)}`),
        h('a', { class: 'button', href: `/api/photos/${state.id}/copy/receipt?lang=${language}`, download: '', 'data-key': 'receipt' }, icon('down'), t('workshop.download_receipt'))),
      receipt(copy),
      h('div', { class: 'choices' },
        h('button', { type: 'button', class: 'button', 'data-key': 'back', onclick: act.back }, icon('back'), t('workshop.back')),
        h('button', { type: 'button', class: 'button', 'data-key': 'forget', onclick: act.forget }, icon('bin'), t('workshop.forget')))))];
}

function risk(key, judged) {
  return h('div', { class: 'risk' }, h('p', {}, t(key)), dial(judged, true), h('p', { class: `level level-${judged.level}` }, levelWords(judged)));
}

function compare() {
  const frame = h('div', {
    class: 'frame compare',
    css: { '--at': `${share}%`, '--ratio': `${state.photo.width / state.photo.height}` },
  },
  h('img', { class: 'shot', src: `/api/photos/${state.id}/copy/picture?${state.turn}`, alt: t('workshop.after'), width: state.photo.width, height: state.photo.height }),
  h('img', { class: 'shot over', src: `/api/photos/${state.id}/picture`, alt: t('workshop.before'), width: state.photo.width, height: state.photo.height }),
  h('span', { class: 'side before', 'aria-hidden': 'true' }, t('workshop.before')),
  h('span', { class: 'side after', 'aria-hidden': 'true' }, t('workshop.after')),
  h('span', { class: 'line', 'aria-hidden': 'true' }, h('span', { class: 'grip' }, icon('arrows'))));
  const slide = h('input', {
    type: 'range', min: '0', max: '100', step: '1', class: 'slide', 'aria-label': t('workshop.compare'), 'data-key': 'slide',
    oninput: () => {
      share = Number(slide.value);
      frame.style.setProperty('--at', `${share}%`);
    },
  });
  slide.value = String(share);
  frame.append(slide);
  return h('div', { class: 'stage' }, frame);
}

function receipt(copy) {
  const names = (rows) => rows.map(({ name, count }) => `${t(`kind.${name}.title`)}${count > 1 ? ` × ${count}` : ''}`).join(', ');
  const told = copy.told[language];
  const left = new Map();
  for (const finding of copy.left) left.set(finding.kind, (left.get(finding.kind) ?? 0) + 1);
  const visible = [...left].map(([name, count]) => ({ name, count }));
  const line = (text, sign = 'check') => h('li', {}, icon(sign), h('span', {}, capital(text)));
  return h('section', { class: 'receipt', 'aria-labelledby': 'receipt-h' },
    h('h2', { id: 'receipt-h' }, t('workshop.receipt')),
    h('ul', {},
      line(copy.removed ? t('workshop.receipt.removed', { count: copy.removed }) : t('workshop.receipt.nothing_removed')),
      line(copy.hidden.length ? t('workshop.receipt.hidden', { what: names(copy.hidden) }) : t('workshop.receipt.untouched')),
      told.proofs.map((text) => line(text)),
      visible.length ? line(t('workshop.receipt.left', { what: names(visible) }), 'eye') : null,
      told.notes.map((text) => line(text, 'low'))),
    details('full',
      h('summary', { 'data-key': 'full' }, t('workshop.receipt.full')),
      h('ul', { class: 'fine' },
        told.removed ? h('li', {}, told.removed) : null,
        told.kept.map((text) => h('li', {}, text)),
        h('li', {}, 'sha256 ', h('code', {}, copy.sha256)))));
}
