// A client for `photoscan serve`, for Node (18 or later) and browsers. Nothing but fetch is needed.
//
//     const service = new PhotoscanClient('http://127.0.0.1:8000');
//     const {decision} = await service.check(file, {policy: 'platform'});

/** Problems that go away by themselves. So does whatever says with 429 or 503 when to come back. */
const AGAIN = ['full', 'deadline', 'worker_lost', 'stopping', 'not_ready', 'same_key_at_work', 'quota'];
/** Seconds until a photo is sent again, where the service does not say. */
const UNTOLD = 1;
/** Seconds over which clients that were refused together are spread, at most. */
const WIDEST = 30;
/** What Node calls a connection that ended before anything came back on it. Browsers see to that themselves. */
const LOST = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/** The service could not be reached, or answered with a problem (RFC 9457). */
export class PhotoscanError extends Error {
  /**
   * @param {string} message
   * @param {{status?: number, problem?: import('./client.js').ProblemDocument, retryAfter?: number, cause?: unknown}} [about]
   */
  constructor(message, {status = 0, problem = {}, retryAfter, cause} = {}) {
    super(message, {cause});
    this.name = 'PhotoscanError';
    this.status = status;
    this.problem = problem;
    this.code = problem.code ?? (status ? 'unknown' : 'unreachable');
    this.retryAfter = retryAfter;
  }

  /** Whether nobody has looked at the photo: it may wait, or pass unseen. */
  get unseen() {
    return !this.status || this.status >= 500 || this.status === 429;
  }
}

/**
 * @typedef {import('./client.js').PhotoscanClient} Declared
 * @implements {Declared}
 */
export class PhotoscanClient {
  #url;
  #key;
  #timeout;
  #retries;
  #patience;
  #fetch;
  #sleep;

  /**
   * @param {string} url  of the service, or of the place on your own site that hands requests on to it ('/photoscan')
   * @param {import('./client.js').ClientOptions} [how]  `key`: never in a page; `timeout`, `patience`: milliseconds; `retries`: how often a photo is sent again
   */
  constructor(url, {key, timeout = 120_000, retries = 3, patience = 90_000, fetch, sleep} = {}) {
    this.#url = String(url).replace(/\/+$/, '');
    this.#key = key;
    this.#timeout = timeout;
    this.#retries = retries;
    this.#patience = patience;
    this.#fetch = fetch ?? ((what, how) => globalThis.fetch(what, how));
    this.#sleep = sleep ?? pause;
  }

  /**
   * What a photo gives away, and what the policy says.
   * @param {import('./client.js').Photo} photo
   * @param {import('./client.js').CheckOptions} [options]
   */
  async check(photo, {policy, lang, profile, only, tiers, copy, caption, name, idempotencyKey, signal} = {}) {
    const query = {policy, lang, profile, only, tiers, copy};
    const headers = idempotencyKey === undefined ? {} : {'idempotency-key': idempotencyKey};
    const answer = await this.#ask('/v1/check', query, () => body(photo, name, caption), headers, signal);
    const check = await document(answer);
    if (check.copy) check.copy = {...check.copy, photo: blob(check.copy.photo, check.copy.media_type),
      preview: check.copy.preview ? blob(check.copy.preview, 'image/jpeg') : null};
    return check;
  }

  /**
   * Whether a photo may pass; why it may not stands in `check`.
   * @param {import('./client.js').Photo} photo
   * @param {import('./client.js').GateOptions} [options]
   */
  async gate(photo, {policy, lang, profile, only, tiers, review, caption, name, signal} = {}) {
    const query = {policy, lang, profile, only, tiers, review};
    const answer = await this.#ask('/v1/gate', query, () => body(photo, name, caption), {}, signal, [204, 406, 409]);
    const decision = /** @type {import('./client.js').Decision} */ (answer.headers.get('photoscan-decision'));
    return {passes: answer.status === 204, decision, check: answer.status === 204 ? null : await document(answer)};
  }

  /**
   * What several photos give away, each and together.
   * @param {import('./client.js').Photo[]} photos
   * @param {import('./client.js').AlbumOptions} [options]
   */
  async album(photos, {policy, lang, caption, signal} = {}) {
    return document(await this.#ask('/v1/album', {policy, lang}, () => form(photos, undefined, caption), {}, signal));
  }

  /**
   * What a text gives away by itself.
   * @param {string} text
   * @param {import('./client.js').TextOptions} [options]
   */
  async checkText(text, {policy, lang, idempotencyKey, signal} = {}) {
    const headers = {'content-type': 'text/plain; charset=utf-8'};
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    return document(await this.#ask('/v1/check/text', {policy, lang}, () => ({body: text, headers: {}}), headers, signal));
  }

  /**
   * A copy that is safe to share: a Blob, with its receipt.
   * @param {import('./client.js').Photo} photo
   * @param {import('./client.js').CleanOptions} [options]
   */
  async clean(photo, options = {}) {
    const {name, caption, signal, metadataOnly, redactPossible, coarsenGps, boxes = [], ...same} = options;
    const box = boxes.map(numbers => numbers.join(','));
    const query = {...same, metadata_only: metadataOnly, redact_possible: redactPossible, coarsen_gps: coarsenGps, box};
    const found = await document(await this.#ask('/v1/clean', query, () => body(photo, name, caption), {}, signal));
    return {photo: blob(found.photo, found.media_type), decision: found.decision ?? null, receipt: found.receipt};
  }

  /** Whether the service answers and has its models loaded. */
  async ready() {
    try {
      const answer = await this.#fetch(`${this.#url}/readyz`, {signal: AbortSignal.timeout(this.#timeout)});
      return answer.ok;
    } catch {
      return false;
    }
  }

  async #ask(path, query, make, headers, signal, good = [200]) {
    const address = `${this.#url}${path}${asked(query)}`;
    const end = Date.now() + this.#patience;
    for (let attempt = 0; ; attempt++) {
      const {body, headers: own} = make();
      const answer = await this.#sent(address, body, {accept: 'application/json', ...own, ...headers}, signal);
      if (good.includes(answer.status) && !isProblem(answer)) return answer;
      const problem = await document(answer, true);
      const seconds = retryAfter(answer);
      const wait = 1000 * untilNext(seconds, attempt);
      const passes = AGAIN.includes(problem.code) || ([429, 503].includes(answer.status) && seconds !== undefined);
      if (!passes || attempt >= this.#retries || Date.now() + wait > end) {
        const words = [problem.title, problem.detail].filter(Boolean).join(': ') || 'no reason given';
        throw new PhotoscanError(words, {status: answer.status, problem, retryAfter: seconds});
      }
      await this.#sleep(wait, signal);
    }
  }

  /** Once more where a kept connection ended at the moment at which it was used: no question changes anything. */
  async #sent(...request) {
    try {
      return await this.#once(...request);
    } catch (/** @type {any} */ error) {
      if (!LOST.includes(error?.cause?.cause?.code)) throw error;
      return this.#once(...request);
    }
  }

  async #once(address, body, headers, signal) {
    if (this.#key) headers = {...headers, authorization: `Bearer ${this.#key}`};
    const own = new AbortController();
    const stop = () => own.abort(signal.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, {once: true});
    const alarm = setTimeout(() => own.abort(), this.#timeout);
    try {
      // A photo goes where it was sent, and never on to where an answer points.
      const answer = await this.#fetch(address, {method: 'POST', body, headers, signal: own.signal, redirect: 'error'});
      // Whole, while the alarm is set: an answer can stand still in its middle.
      const data = answer.status === 204 ? null : await answer.arrayBuffer();
      return new Response(data, {status: answer.status, headers: answer.headers});
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw new PhotoscanError('The service could not be reached', {cause});
    } finally {
      clearTimeout(alarm);
      signal?.removeEventListener('abort', stop);
    }
  }
}

function asked(query) {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) found.append(name, String(one));
  }
  const words = found.toString();
  return words && `?${words}`;
}

/**
 * The bytes alone, or a form where there is more to tell.
 * @param {import('./client.js').Photo} photo
 * @param {string} [name]
 * @param {string} [caption]
 */
function body(photo, name, caption) {
  name ??= photo instanceof Blob ? /** @type {File} */ (photo).name : undefined;
  if (name === undefined && caption === undefined) {
    return {body: photo, headers: {'content-type': 'application/octet-stream'}};
  }
  return form([photo], name, caption);
}

/**
 * @param {import('./client.js').Photo[]} photos
 * @param {string} [name]  of the file, by default a File's own
 * @param {string} [caption]
 */
function form(photos, name, caption) {
  const found = new FormData();
  for (const photo of photos) {
    const own = photo instanceof Blob ? /** @type {File} */ (photo).name : undefined;
    const data = photo instanceof Blob ? photo : new Blob([/** @type {BlobPart} */ (photo)]);
    found.append('photo', data, name ?? own ?? 'photo');
  }
  if (caption !== undefined) found.append('caption', caption);
  return {body: found, headers: {}};
}

/**
 * Seconds that an answer asks for; undefined where it says nothing that can be understood.
 * @param {Response} answer
 */
function retryAfter(answer) {
  const said = (answer.headers.get('retry-after') ?? '').trim();
  if (/^[0-9]+$/.test(said)) return Number(said);
  // A date: it begins with the name of a day.
  const date = /^[A-Z]/.test(said) ? Date.parse(said) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/**
 * Seconds until the next attempt: never before the service says, then anywhere in a time that doubles, so that clients
 * that were refused together do not come back together.
 * @param {number | undefined} after
 * @param {number} attempt
 */
function untilNext(after, attempt) {
  const known = after ?? UNTOLD;
  return known + Math.random() * Math.min(WIDEST, Math.max(UNTOLD, known) * 2 ** (attempt - 1));
}

function isProblem(answer) {
  return (answer.headers.get('content-type') ?? '').startsWith('application/problem+json');
}

/**
 * @param {Response} answer
 * @param {boolean} [lenient]
 * @returns {Promise<any>}
 */
async function document(answer, lenient = false) {
  let found;
  try {
    found = await answer.json();
  } catch {
    found = undefined;
  }
  if (found && typeof found === 'object' && !Array.isArray(found)) return found;
  if (lenient) return {};
  throw new PhotoscanError('This is no photoscan service', {status: answer.status});
}

function blob(base64, type) {
  return new Blob([Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))], {type});
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(alarm);
      reject(signal.reason);
    };
    const alarm = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, {once: true});
  });
}
