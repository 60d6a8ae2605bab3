// Talking to the program behind the page. Every failure becomes a Problem whose code names a text.

export class Problem extends Error {
  constructor(code, said = null) {
    super(code);
    this.code = code;
    this.said = said; // its own words, by language
  }
}

const OURS = { 'x-photoscan': 'workshop' };
let me = {};

/** Whether a pupil asks: the program looks at its photo to the end, though the phone sleeps meanwhile. */
export function isPupil() {
  return 'x-photoscan-pupil' in me;
}

/** Who asks, from now on: a pupil's key, or null for nobody in particular. */
export function become(key) {
  me = key ? { 'x-photoscan-pupil': key } : {};
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: { ...options.headers, ...me } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem('offline');
  }
  if (answer.ok) return answer;
  let told = {};
  try {
    told = await answer.json();
  } catch {
    // Not our words: 'error' has to do.
  }
  throw new Problem(told.code ?? 'error', told.said);
}

export async function json(path) {
  return (await ask(path)).json();
}

export async function words(path) {
  return (await ask(path)).text();
}

/** News of a kind, once there are any; null where there are none for now, or not yet. */
export async function news(path, signal) {
  const answer = await ask(path, { signal });
  return [202, 204].includes(answer.status) ? null : answer.json();
}

/** A file: {blob, name}. */
export async function file(path) {
  const answer = await ask(path);
  const [, name] = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? [];
  return { blob: await answer.blob(), name };
}

export async function blob(path) {
  return (await ask(path)).blob();
}

/** A picture, ready to be drawn. An <img> could not say who asks. */
export async function picture(path) {
  const data = await blob(path);
  try {
    return await createImageBitmap(data);
  } catch {
    throw new Problem('error'); // no picture, or the browser lacks memory for it
  }
}

/** Have a photo (a File) or a sample (its name) looked at; gives each event as it comes. */
export async function* look(source, signal) {
  const sample = typeof source === 'string';
  const headers = sample ? OURS : { ...OURS, 'x-photoscan-name': encodeURIComponent(source.name ?? '') };
  const path = sample ? `/api/samples/${source}` : '/api/photos';
  const answer = await ask(path, { method: 'POST', headers, body: sample ? null : source, signal });
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let last = null;
  for (;;) {
    let piece;
    try {
      piece = await reader.read();
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Problem('offline');
    }
    if (piece.done) break;
    rest += decoder.decode(piece.value, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const line of lines) {
      last = JSON.parse(line);
      if (last.event === 'problem') throw new Problem(last.code);
      yield last;
    }
  }
  if (last?.event !== 'report') throw new Problem('offline');
}

/** `remove`: groups of what the file says that go alone; none for all of it. */
export async function copy(id, hide, remove) {
  const headers = { ...OURS, 'content-type': 'application/json' };
  return (await ask(`/api/photos/${id}/copy`, { method: 'POST', headers, body: JSON.stringify({ hide, remove }) })).json();
}

export async function forget(id) {
  try {
    await ask(`/api/photos/${id}`, { method: 'DELETE', headers: OURS });
  } catch {
    // The program is gone, and with it the photo.
  }
}

/** Ask the program for something by another method than GET; its answer, or null where it has none to give. */
export async function send(method, path, body = null) {
  const headers = body === null ? OURS : { ...OURS, 'content-type': 'application/json' };
  const answer = await ask(path, { method, headers, body: body === null ? null : JSON.stringify(body) });
  return answer.status === 204 ? null : answer.json();
}
