// <photoscan-check>: a file input that asks your own photoscan service, and sends what its user then chooses.
//
//     <form method="post" enctype="multipart/form-data">
//       <photoscan-check name="photo" endpoint="/photoscan" required></photoscan-check>
//       <button>Share</button>
//     </form>

import {PhotoscanClient, PhotoscanError} from './client.js';
import {STYLE} from './style.js';
import {WORDS, nearest} from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
/** Statuses of problems that are the file's own: sending it again does not help. */
const OF_THE_FILE = [413, 415, 422];
/** Of a confidence below it nothing is claimed. */
const SURE = 0.5;
/** The gravest first. */
const GRAVE = ['critical', 'high', 'medium', 'low'];
// Not a <style>: a page's content security policy may forbid those.
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);

/**
 * @typedef {import('./element.js').PhotoscanCheck} Declared
 * @implements {Declared}
 */
export class PhotoscanCheck extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ['lang', 'required', 'accept', 'label'];

  #internals = this.attachInternals();
  #root = this.attachShadow({mode: 'open', delegatesFocus: true});
  #file = null;
  #chosen = null;
  #check = null;
  #addresses = [];
  #work = null;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [SHEET];
    this.#root.append(this.#frame());
  }

  connectedCallback() {
    this.#say();
    this.#judgeValidity();
  }

  disconnectedCallback() {
    // An element that is only moved is back by then, with all that it holds.
    queueMicrotask(() => {
      if (!this.isConnected) this.reset();
    });
  }

  attributeChangedCallback() {
    this.#say();
    this.#judgeValidity();
  }

  formDisabledCallback(disabled) {
    this.#part('input').disabled = disabled;
  }

  formResetCallback() {
    this.reset();
  }

  /** What is sent with the form: a File, or null. */
  get value() {
    return this.#chosen;
  }

  get form() {
    return this.#internals.form;
  }

  get name() {
    return this.getAttribute('name');
  }

  get validity() {
    return this.#internals.validity;
  }

  checkValidity() {
    return this.#internals.checkValidity();
  }

  reportValidity() {
    return this.#internals.reportValidity();
  }

  /** Begin anew, with nothing chosen; what is being looked at is given up. */
  reset() {
    this.#work?.abort();
    this.#busy(false);
    this.#forget();
    this.#file = this.#check = null;
    this.#part('input').value = '';
    this.#part('result').replaceChildren();
    this.#send(null);
    this.#announce('');
  }

  // --- the way of one photo

  async #look(file) {
    this.#work?.abort();
    const work = (this.#work = new AbortController());
    this.#forget();
    this.#file = file;
    this.#check = null;
    this.#send(null);
    this.#part('result').replaceChildren();
    this.#busy(true);
    this.#announce(this.#words.checking);
    try {
      const service = new PhotoscanClient(this.#endpoint());
      this.#check = await service.check(file, {
        copy: true, lang: this.#language, policy: this.getAttribute('policy') ?? undefined, signal: work.signal,
        caption: this.getAttribute('caption') ?? undefined,
      });
      if (work.signal.aborted) return;
      this.#busy(false);
      this.#show();
    } catch (error) {
      if (work.signal.aborted) return;
      this.#busy(false);
      this.#fail(error);
    }
  }

  /** Where photos are sent: on this page's own site, whatever the attribute or a <base> says. */
  #endpoint() {
    const address = new URL(this.getAttribute('endpoint') ?? '/photoscan', document.baseURI);
    if (address.origin === location.origin) return address.href;
    throw new PhotoscanError('photoscan-check: the endpoint is not on this site', {problem: {code: 'foreign_endpoint'}});
  }

  #show() {
    const {decision, copy} = this.#check;
    const buttons = [];
    if (decision === 'allow') {
      this.#send(this.#file, 'original');
    } else {
      if (copy) buttons.push(this.#button('use', 'primary', () => this.#take('copy')));
      buttons.push(this.#button('another', 'plain', () => this.#again()));
      const anyway = (this.getAttribute('post-anyway') ?? 'review').split(/\s+/);
      if (anyway.includes(decision)) {
        buttons.push(this.#button('anyway', 'quiet', () => this.#take('original')));
      }
    }
    const heading = this.#heading(decision);
    const reasons = decision === 'allow' ? [] : this.#check.reasons;
    this.#part('result').replaceChildren(
      heading,
      ...this.#lines(reasons.map(reason => reason.message), 'reasons'),
      ...this.#lines(this.#check.notices.map(notice => notice.message), 'notices'),
      ...(decision === 'allow' ? [text('p', this.#words.caveat, 'caveat')] : []),
      this.#pictures(),
      ...this.#findings(),
      ...(copy?.decision && copy.decision !== 'allow' ? [text('p', this.#words.shows, 'caveat')] : []),
      ...(this.#check.no_copy ? [text('p', this.#check.no_copy, 'caveat')] : []),
      element('div', {class: 'buttons', part: 'buttons'}, ...buttons),
    );
    this.#lead(heading);
    this.#announce(decision === 'allow' ? `${this.#words.allow}. ${this.#words.original}` : this.#words[decision]);
    this.#tell('photoscan-checked', {decision, check: this.#check});
  }

  #fail(error) {
    const known = error instanceof PhotoscanError;
    const unseen = !known || error.unseen;
    const open = unseen && this.getAttribute('otherwise') === 'open';
    const lasting = known && OF_THE_FILE.includes(error.status);
    const title = lasting ? this.#words.unreadable : this.#words.unseen;
    const buttons = !lasting ? [this.#button('again', 'primary', () => this.#look(this.#file))] : [];
    buttons.push(this.#button('another', 'plain', () => this.#again()));
    const heading = this.#heading('incomplete', open ? this.#words.original : title);
    // In the words of the service; a proxy's or a browser's own tell nobody anything.
    const told = known ? [error.problem.title, error.problem.detail].filter(Boolean).join(': ') : '';
    const why = told ? [text('p', told, 'caveat')] : [];
    this.#part('result').replaceChildren(heading, ...why, element('div', {class: 'buttons', part: 'buttons'}, ...buttons));
    this.#lead(heading);
    this.#announce(heading.textContent);
    if (open) this.#send(this.#file, 'original');
    this.#tell('photoscan-failed', {error});
  }

  #take(which) {
    const {copy} = this.#check;
    const file = which === 'copy' ? new File([copy.photo], copyName(copy), {type: copy.media_type}) : this.#file;
    this.#send(file, which);
    const said = this.#words[which === 'copy' ? 'copied' : 'original'];
    const heading = this.#heading('allow', said);
    const shown = which === 'copy' ? [this.#figure(copy.preview ?? copy.photo, this.#words.after)] : [];
    const buttons = element('div', {class: 'buttons', part: 'buttons'}, this.#button('another', 'plain', () => this.#again()));
    this.#part('result').replaceChildren(heading, ...shown, buttons);
    this.#lead(heading);
    this.#announce(said);
  }

  #again() {
    this.reset();
    this.#part('input').focus();
    this.#part('input').click();
  }

  /** Send this file with the form, or nothing. */
  #send(file, which) {
    this.#chosen = file;
    this.#internals.setFormValue(file);
    this.#judgeValidity();
    if (file) this.#tell('photoscan-decided', {file, which, decision: this.#check?.decision ?? 'incomplete'});
    this.dispatchEvent(new Event('change', {bubbles: true}));
  }

  #judgeValidity() {
    const missing = !this.#chosen && (this.hasAttribute('required') || this.#file !== null);
    const words = missing ? this.#words.required : '';
    this.#internals.setValidity(missing ? {valueMissing: true} : {}, words, this.#part('input'));
  }

  // --- what is seen

  /** @returns {import('./client.js').Language} */
  get #language() {
    const told = this.closest('[lang]')?.getAttribute('lang') ?? document.documentElement.getAttribute('lang');
    return nearest(told ?? navigator.language);
  }

  get #words() {
    return WORDS[this.#language];
  }

  /**
   * @param {string} name
   * @returns {any}
   */
  #part(name) {
    return this.#root.querySelector(`[data-part=${name}]`);
  }

  #frame() {
    const input = element('input', {type: 'file', accept: 'image/*', 'data-part': 'input', part: 'input', id: 'photo'});
    input.addEventListener('change', () => {
      if (input.files.length) this.#look(input.files[0]);
    });
    return element('div', {class: 'frame', part: 'frame', 'data-part': 'frame'},
      element('label', {for: 'photo', part: 'label', 'data-part': 'label'}),
      input,
      element('p', {class: 'status', role: 'status', 'aria-live': 'polite', 'data-part': 'status', part: 'status'}),
      element('div', {class: 'wait', 'data-part': 'wait', hidden: ''}, element('span', {class: 'runner'})),
      element('div', {'data-part': 'result', part: 'result'}),
    );
  }

  #say() {
    this.#part('label').textContent = this.getAttribute('label') ?? this.#words.choose;
    this.#part('input').accept = this.getAttribute('accept') ?? 'image/*';
    this.#part('frame').lang = this.#language;
  }

  #busy(on) {
    this.#part('wait').hidden = !on;
    this.#part('frame').setAttribute('aria-busy', String(on));
  }

  /** Lead whoever is at this element, or nowhere, to what is new; nobody who is writing elsewhere by now. */
  #lead(heading) {
    if (this.matches(':focus-within') || document.activeElement === document.body) heading.focus();
  }

  #announce(words) {
    this.#part('status').textContent = words;
  }

  #heading(kind, words = this.#words[kind]) {
    return element('h3', {class: kind, part: `heading ${kind}`, tabindex: '-1'}, words);
  }

  #button(word, look, act) {
    const button = element('button', {type: 'button', class: look, part: `button ${look}`, 'data-act': word}, this.#words[word]);
    button.addEventListener('click', act);
    return button;
  }

  #lines(lines, name) {
    return lines.length ? [element('ul', {class: name, part: name}, ...lines.map(line => text('li', line)))] : [];
  }

  #pictures() {
    const {copy, report} = this.#check;
    const shown = [];
    const boxed = report.findings.filter(finding => finding.location.type === 'region' && !finding.location.page);
    if (boxed.length) {
      const before = this.#figure(this.#file, this.#words.before, boxes(report.photo, boxed));
      // What a browser can't show (HEIC) is left out; the words below say it all.
      before.querySelector('img').addEventListener('error', () => before.remove());
      shown.push(before);
    }
    if (copy) shown.push(this.#figure(copy.preview ?? copy.photo, this.#words.after));
    return element('div', {class: 'pictures', part: 'pictures'}, ...shown);
  }

  #figure(picture, words, over) {
    const address = URL.createObjectURL(picture);
    this.#addresses.push(address);
    const frame = element('div', {class: 'picture'}, element('img', {src: address, alt: words}));
    if (over) frame.append(over);
    return element('figure', {part: 'figure'}, frame, text('figcaption', words));
  }

  #findings() {
    // The gravest first, as they would be told.
    const findings = [...this.#check.report.findings].sort((a, b) => GRAVE.indexOf(a.severity) - GRAVE.indexOf(b.severity));
    const sure = this.#list(findings.filter(({confidence}) => confidence >= SURE));
    const unsure = this.#list(findings.filter(({confidence}) => confidence < SURE));
    const shown = sure ? [text('h4', this.#words.found), sure] : [];
    if (unsure) {
      const more = element('details', {class: 'perhaps', part: 'perhaps'}, text('summary', this.#words.perhaps), unsure);
      more.addEventListener('toggle', () => this.#root.querySelector('svg')?.classList.toggle('all', more.open));
      shown.push(more);
    }
    return shown;
  }

  /** Each kind once, and what to do about it. */
  #list(findings) {
    const kinds = [...new Set(findings.map(({kind}) => kind))];
    if (!kinds.length) return null;
    return element('ul', {class: 'findings', part: 'findings'}, ...kinds.map(kind => {
      const card = this.#check.kinds?.[kind];
      const row = element('li', {}, text('strong', card?.title ?? kind), ' ', text('span', card?.do ?? ''));
      const mark = on => {
        for (const box of this.#root.querySelectorAll('rect')) box.classList.toggle('near', on && box.dataset.kind === kind);
      };
      row.addEventListener('pointerenter', () => mark(true));
      row.addEventListener('pointerleave', () => mark(false));
      return row;
    }));
  }

  #forget() {
    for (const address of this.#addresses.splice(0)) URL.revokeObjectURL(address);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {bubbles: true, composed: true, detail}));
  }
}

/** Boxes over the upright picture, which hide nothing of it from a reader: the list says the same in words. */
function boxes({width, height}, findings) {
  const over = document.createElementNS(SVG, 'svg');
  over.setAttribute('viewBox', `0 0 ${width} ${height}`);
  over.setAttribute('preserveAspectRatio', 'none');
  over.setAttribute('aria-hidden', 'true');
  for (const {kind, confidence, location: {box: [x, y, w, h]}} of findings) {
    const rect = document.createElementNS(SVG, 'rect');
    for (const [name, value] of Object.entries({x, y, width: w, height: h})) rect.setAttribute(name, value);
    rect.dataset.kind = kind;
    if (confidence < SURE) rect.classList.add('possible');
    over.append(rect);
  }
  return over;
}

function copyName({media_type: type}) {
  return `photo.${{'image/jpeg': 'jpg', 'image/svg+xml': 'svg'}[type] ?? type.split('/')[1]}`;
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function text(name, words, classed) {
  return element(name, classed ? {class: classed, part: classed} : {}, words);
}

if (!customElements.get('photoscan-check')) customElements.define('photoscan-check', PhotoscanCheck);
