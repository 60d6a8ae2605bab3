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

export class PhotoscanCheck extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ['lang', 'required', 'disabled', 'accept'];

  #internals = this.attachInternals();
  #root = this.attachShadow({mode: 'open', delegatesFocus: true});
  #file = null;
  #check = null;
  #addresses = [];
  #work = null;

  constructor() {
    super();
    const style = document.createElement('style');
    style.textContent = STYLE;
    this.#root.append(style, this.#frame());
  }

  connectedCallback() {
    this.#say();
    this.#judgeValidity();
  }

  disconnectedCallback() {
    this.#work?.abort();
    this.#forget();
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
    return this.chosen ?? null;
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

  /** Begin anew, with nothing chosen. */
  reset() {
    this.#work?.abort();
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
      const service = new PhotoscanClient(this.getAttribute('endpoint') ?? '/photoscan');
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

  #show() {
    const {decision, copy} = this.#check;
    const buttons = [];
    if (decision === 'allow') {
      this.#send(this.#file, 'original');
    } else {
      if (copy) buttons.push(this.#button('use', 'primary', () => this.#take('copy')));
      buttons.push(this.#button('another', 'plain', () => this.#again()));
      const anyway = this.getAttribute('post-anyway') ?? 'review';
      if (decision === 'review' && anyway !== 'never') {
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
      ...(this.#check.no_copy ? [text('p', this.#check.no_copy, 'caveat')] : []),
      element('div', {class: 'buttons', part: 'buttons'}, ...buttons),
    );
    heading.focus();
    this.#announce(decision === 'allow' ? `${this.#words.allow}. ${this.#words.original}` : this.#words[decision]);
    this.#tell('photoscan-checked', {decision, check: this.#check});
  }

  #fail(error) {
    const known = error instanceof PhotoscanError;
    const unseen = !known || error.unseen;
    const open = unseen && this.getAttribute('otherwise') === 'open';
    const title = unseen ? this.#words.unseen : this.#words.unreadable;
    const buttons = unseen ? [this.#button('again', 'primary', () => this.#look(this.#file))] : [];
    buttons.push(this.#button('another', 'plain', () => this.#again()));
    const heading = this.#heading('incomplete', open ? this.#words.original : title);
    const why = known && error.status ? [text('p', error.message, 'caveat')] : [];
    this.#part('result').replaceChildren(heading, ...why, element('div', {class: 'buttons', part: 'buttons'}, ...buttons));
    heading.focus();
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
    heading.focus();
    this.#announce(said);
  }

  #again() {
    this.reset();
    this.#part('input').focus();
    this.#part('input').click();
  }

  /** Send this file with the form, or nothing. */
  #send(file, which) {
    this.chosen = file;
    this.#internals.setFormValue(file);
    this.#judgeValidity();
    if (file) this.#tell('photoscan-decided', {file, which, decision: this.#check?.decision ?? 'incomplete'});
    this.dispatchEvent(new Event('change', {bubbles: true}));
  }

  #judgeValidity() {
    const missing = !this.chosen && (this.hasAttribute('required') || this.#file !== null);
    const words = missing ? this.#words.required : '';
    this.#internals.setValidity(missing ? {valueMissing: true} : {}, words, this.#part('input'));
  }

  // --- what is seen

  get #language() {
    return nearest(this.closest('[lang]')?.getAttribute('lang') ?? navigator.language);
  }

  get #words() {
    return WORDS[this.#language];
  }

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
    this.#part('input').disabled = on;
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
    const {report, kinds} = this.#check;
    const named = [...new Set(report.findings.filter(finding => finding.confidence >= 0.5).map(finding => finding.kind))];
    if (!named.length) return [];
    const rows = named.map(kind => {
      const row = element('li', {}, text('strong', kinds[kind].title), ' ', text('span', kinds[kind].do));
      const mark = on => {
        for (const box of this.#root.querySelectorAll('rect')) box.classList.toggle('near', on && box.dataset.kind === kind);
      };
      row.addEventListener('pointerenter', () => mark(true));
      row.addEventListener('pointerleave', () => mark(false));
      return row;
    });
    return [text('h4', this.#words.found), element('ul', {class: 'findings', part: 'findings'}, ...rows)];
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
    if (confidence < 0.5) rect.classList.add('possible');
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
