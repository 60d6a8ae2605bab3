// The third view: before and after, the receipt, and the copy to take away.

import { act } from '../desk.js';
import { h, icon } from '../dom.js';
import { details, item } from '../photo/cards.js';
import { dial, gaps, levelWords } from '../photo/dial.js';
import { shot } from '../photo/shot.js';
import { badge, inOrder, place, where } from '../photo/stage.js';
import { print, reveal } from '../photo/tools.js';
import { counted, names, remaining, title, uncertain } from '../photo/verdict.js';
import { draw as again } from '../router.js';
import { problem } from '../said.js';
import { numbered, state } from '../state.js';
import { capital, language, size, t } from '../texts.js';

const steps = { next: () => slid(-50), previous: () => slid(50) || (act.back(), true) };
export const safe = { name: 'safe', step: 2, can: () => state.copy !== null, draw, steps };

const [before, after] = [shot('over'), shot()];

function draw() {
  const { copy } = state;
  const left = remaining();
  const again = left.some((finding) => state.hide.has(finding.id));
  return [h('div', { class: `safe ${state.making ? 'making' : ''}` },
    h('div', { class: 'left' },
      state.shown ? compare(left) : null,
      h('div', { class: 'tools' }, reveal(), print())),
    h('div', { class: 'right' },
      h('h1', { class: `sev-${sign(copy, left)}` }, icon(sign(copy, left)), title(copy, left)),
      h('p', { class: 'lead' }, t(left.length ? 'workshop.still_lead' : 'workshop.safe_lead')),
      problem(),
      copy.after.unseen ? h('div', { class: 'problem' }, icon('high'), h('div', {}, h('strong', {}, capital(copy.after.decision[language].advice)), gaps(copy.detectors))) : null,
      h('div', { class: 'risks' },
        risk('workshop.risk_before', copy.before), icon('next', 'between'), risk('workshop.risk_after', copy.after)),
      left.length ? more(left, again) : null,
      perhaps(uncertain()),
      copy.after.decision[language].caveat ? h('p', { class: 'quiet caveat' }, copy.after.decision[language].caveat) : null,
      h('div', { class: 'downloads' },
        h('a', { class: `button ${left.length || copy.after.unseen ? '' : 'primary'}`, href: `/api/photos/${state.id}/copy`, download: '', 'data-key': 'copy' }, icon('down'),
          `${t(left.length || copy.after.unseen ? 'workshop.download_anyway' : 'workshop.download')} · ${size(copy.bytes)}`),
        h('a', { class: 'button', href: `/api/photos/${state.id}/copy/receipt?lang=${language}`, download: '', 'data-key': 'receipt' }, icon('down'), t('workshop.download_receipt'))),
      receipt(copy, left),
      h('div', { class: 'choices' },
        h('button', { type: 'button', class: 'button', 'data-key': 'back', onclick: act.back }, icon('back'), t('workshop.back')),
        h('button', { type: 'button', class: 'button', 'data-key': 'forget', onclick: act.forget }, icon('bin'), t('workshop.forget')))))];
}

/** The clicker goes from what was before to what is after, and back. */
function slid(by) {
  const to = Math.min(100, Math.max(0, state.share + by));
  if (to === state.share) return false;
  state.share = to;
  again();
  return true;
}

export function sign(copy, left) {
  const [worst] = [...left].sort((a, b) => b.rank - a.rank);
  return worst ? worst.severity : copy.after.unseen ? 'high' : 'none';
}

/** What is uncertain, folded: it can be covered as well by whoever opens it. */
function perhaps(findings) {
  if (!findings.length) return null;
  const again = findings.some((finding) => state.hide.has(finding.id));
  return details('uncertain', h('summary', { 'data-key': 'uncertain' }, `${t('html.uncertain')} (${findings.length})`),
    h('ul', { class: 'items' }, findings.map((finding) => item(finding, act.toggle, t(`kind.${finding.kind}.title`)))),
    again ? h('button', { type: 'button', class: 'button', 'data-key': 'make-uncertain', 'aria-disabled': String(state.making), onclick: act.make }, t('workshop.cover_more')) : null);
}

/** What to cover in another round. */
export function more(left, again) {
  return h('section', { class: 'more', 'aria-labelledby': 'more-h' },
    h('h2', { id: 'more-h' }, t('workshop.left')),
    h('ul', { class: 'items' }, left.map((finding) => item(finding, act.toggle, `${t(`kind.${finding.kind}.title`)} · ${t(finding.new ? 'workshop.left_new' : 'workshop.left_known')}`))),
    left.some((finding) => finding.cover)
      ? h('button', { type: 'button', class: `button primary ${state.making ? 'busy' : ''}`, 'data-key': 'make', disabled: !again, 'aria-disabled': String(state.making), onclick: act.make },
        state.making ? t('workshop.making') : t('workshop.cover_more'), state.making ? h('span', { class: 'dots', 'aria-hidden': 'true' }) : icon('next'))
      : null);
}

export function risk(key, judged) {
  return h('div', { class: 'risk' }, h('p', {}, t(key)), dial(judged, true), h('p', { class: `level level-${judged.unseen && judged.level === 'none' ? 'medium' : judged.level}` }, levelWords(judged)));
}

/** Before and after. What the copy paints is covered before it as well, until values are shown. */
export function compare(left) {
  const { photo, id, turn } = state;
  const painted = numbered().filter((finding) => state.copy.made.has(finding.id));
  const next = left.filter((finding) => state.hide.has(finding.id));
  after.show(`/api/photos/${id}/copy/picture?${turn}`, t('workshop.after'), next);
  before.show(`/api/photos/${id}/picture`, t('workshop.before'), [...painted, ...next]);
  const marks = h('div', { class: 'boxes marks', 'aria-hidden': 'true' }, inOrder(left).map((finding) =>
    h('div', { class: `box sev-${finding.severity} ${finding.likely ? '' : 'unsure'}`, 'data-for': finding.id, css: where(finding, state.hide.has(finding.id)) }, badge(finding))));
  requestAnimationFrame(() => place(marks));
  const frame = h('div', { class: 'frame compare', css: { '--at': `${state.share}%`, '--ratio': `${photo.width / photo.height}` } },
    after.canvas, before.canvas, marks,
    h('span', { class: 'side before', 'aria-hidden': 'true' }, t('workshop.before')),
    h('span', { class: 'side after', 'aria-hidden': 'true' }, t('workshop.after')),
    h('span', { class: 'line', 'aria-hidden': 'true' }, h('span', { class: 'grip' }, icon('arrows'))));
  const slide = h('input', {
    type: 'range', min: '0', max: '100', step: '1', class: 'slide', 'aria-label': t('workshop.compare'), 'data-key': 'slide',
    oninput: () => {
      state.share = Number(slide.value);
      frame.style.setProperty('--at', `${state.share}%`);
    },
  });
  slide.value = String(state.share);
  frame.append(slide);
  return h('div', { class: 'stage' }, frame);
}

export function receipt(copy, left) {
  const told = copy.told[language];
  const fresh = counted(left.filter((finding) => finding.new));
  const line = (text, sign_ = 'check') => h('li', {}, icon(sign_), h('span', {}, capital(text)));
  return h('section', { class: 'receipt', 'aria-labelledby': 'receipt-h' },
    h('h2', { id: 'receipt-h' }, t('workshop.receipt')),
    h('ul', {},
      line(copy.removed ? t('workshop.receipt.removed', { count: copy.removed }) : t('workshop.receipt.nothing_removed')),
      line(copy.hidden.length ? t('workshop.receipt.hidden', { what: names(copy.hidden) }) : t('workshop.receipt.untouched')),
      told.groups.length ? line(t('workshop.receipt.kept', { what: told.groups.join(', ') }), 'eye') : null,
      told.proofs.map((text) => line(text)),
      copy.visible.length ? line(t('workshop.receipt.left', { what: names(counted(copy.visible)) }), 'eye') : null,
      fresh.length ? line(t('workshop.receipt.new', { what: names(fresh) }), 'high') : null,
      told.notes.map((text) => line(text, 'low'))),
    details('full',
      h('summary', { 'data-key': 'full' }, t('workshop.receipt.full')),
      h('ul', { class: 'fine' },
        told.removed ? h('li', {}, told.removed) : null,
        told.kept.map((text) => h('li', {}, text)),
        h('li', {}, 'sha256 ', h('code', {}, copy.sha256)))));
}
