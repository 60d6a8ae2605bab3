import assert from 'node:assert/strict';
import {File} from 'node:buffer';
import {createServer} from 'node:http';
import {after, before, beforeEach, test} from 'node:test';

import {PhotoscanClient, PhotoscanError} from '../src/client.js';
import {WORDS, nearest} from '../src/words.js';

const CHECK = {decision: 'review', reasons: [], notices: [], policy: {}, report: {}};
const COPY = {photo: 'AAE=', media_type: 'image/png', preview: 'Ag==', receipt: {a: 1}};
const PHOTO = new Uint8Array([1, 2, 3]);

let server, url, seen, answers;
before(async () => {
  server = createServer((request, response) => {
    const pieces = [];
    request.on('data', piece => pieces.push(piece));
    request.on('end', () => {
      seen.push({method: request.method, address: new URL(request.url, 'http://x'), headers: request.headers,
        body: Buffer.concat(pieces)});
      const [status, body, headers = {}] = answers.length > 1 ? answers.shift() : answers[0];
      if (status === 0) return request.socket.destroy();
      if (status === -1) return undefined;
      response.writeHead(status, {'content-type': 'application/json', ...headers});
      response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  answers = [[200, CHECK]];
});

const problem = (code, status = 503, headers = {}) =>
  [status, {code, title: code}, {'content-type': 'application/problem+json', ...headers}];

test('a check says what it was asked', async () => {
  answers = [[200, {...CHECK, copy: COPY, tier: 'fast'}]];
  const service = new PhotoscanClient(`${url}/`, {key: 'k'});
  const found = await service.check(PHOTO, {policy: 'strict', lang: 'ms', profile: 'fast', only: 'face', tiers: true,
    copy: true, idempotencyKey: 'once'});
  const {method, address, headers, body} = seen[0];
  assert.equal(method, 'POST');
  assert.equal(address.pathname, '/v1/check');
  assert.deepEqual(Object.fromEntries(address.searchParams),
    {policy: 'strict', lang: 'ms', profile: 'fast', only: 'face', tiers: 'true', copy: 'true'});
  assert.equal(headers.authorization, 'Bearer k');
  assert.equal(headers['idempotency-key'], 'once');
  assert.deepEqual([...body], [1, 2, 3]);
  assert.equal(found.tier, 'fast');
  assert.deepEqual([...new Uint8Array(await found.copy.photo.arrayBuffer())], [0, 1]);
  assert.equal(found.copy.photo.type, 'image/png');
  assert.deepEqual([...new Uint8Array(await found.copy.preview.arrayBuffer())], [2]);
});

test('a check without anything else asks for nothing else', async () => {
  await new PhotoscanClient(url).check(PHOTO, {tiers: false, copy: undefined});
  assert.equal(seen[0].address.search, '');
  assert.equal(seen[0].headers.authorization, undefined);
});

test('a name or a caption travels in a form', async () => {
  await new PhotoscanClient(url).check(new File([PHOTO], 'é "x".jpg'), {caption: 'hi'});
  assert.match(seen[0].headers['content-type'], /^multipart\/form-data; boundary=/);
  const words = seen[0].body.toString('utf-8');
  assert.match(words, /name="photo"; filename="é %22x%22.jpg"/);
  assert.match(words, /name="caption"\r\n\r\nhi/);
});

for (const [status, decision, passes] of [[204, 'allow', true], [204, 'review', true], [406, 'block', false],
  [409, 'review', false], [409, 'incomplete', false]]) {
  test(`a gate that answers ${status} ${decision}`, async () => {
    answers = [[status, status === 204 ? undefined : {...CHECK, decision}, {'photoscan-decision': decision}]];
    const found = await new PhotoscanClient(url).gate(PHOTO, {review: 'pass'});
    assert.equal(seen[0].address.searchParams.get('review'), 'pass');
    assert.deepEqual([found.passes, found.decision, found.check?.decision], [passes, decision, passes ? undefined : decision]);
  });
}

test('a text is sent as it is', async () => {
  await new PhotoscanClient(url).checkText('héllo', {policy: 'strict', idempotencyKey: 'k'});
  assert.equal(seen[0].body.toString('utf-8'), 'héllo');
  assert.equal(seen[0].address.pathname, '/v1/check/text');
  assert.equal(seen[0].headers['idempotency-key'], 'k');
});

test('a clean asks for all that it was given', async () => {
  answers = [[200, COPY]];
  const found = await new PhotoscanClient(url).clean(PHOTO, {metadataOnly: true, redactPossible: true, coarsenGps: 'city',
    to: 'png', style: 'fill', boxes: [[1, 2, 3, 4], [5, 6, 7, 8]]});
  const query = seen[0].address.searchParams;
  assert.deepEqual(query.getAll('box'), ['1,2,3,4', '5,6,7,8']);
  assert.deepEqual(['metadata_only', 'redact_possible', 'coarsen_gps', 'to', 'style'].map(name => query.get(name)),
    ['true', 'true', 'city', 'png', 'fill']);
  assert.deepEqual([...new Uint8Array(await found.photo.arrayBuffer())], [0, 1]);
  assert.deepEqual(found.receipt, {a: 1});
});

test('an album is one form', async () => {
  answers = [[200, {decision: 'review', policy: {}, photos: [{}, {}], together: {}}]];
  const found = await new PhotoscanClient(url).album([PHOTO, new File([PHOTO], 'a.jpg')], {lang: 'ms', caption: 'hi'});
  assert.equal(seen[0].address.pathname + seen[0].address.search, '/v1/album?lang=ms');
  const words = seen[0].body.toString('latin1');
  assert.deepEqual(words.match(/name="photo"; filename="[^"]*"/g),
    ['name="photo"; filename="photo"', 'name="photo"; filename="a.jpg"']);
  assert.match(words, /name="caption"\r\n\r\nhi/);
  assert.equal(found.photos.length, 2);
});

test('a clean names the caption of the check before', async () => {
  answers = [[200, COPY]];
  await new PhotoscanClient(url).clean(PHOTO, {caption: 'hi'});
  assert.equal(seen[0].address.search, '');
  assert.match(seen[0].body.toString('latin1'), /name="caption"\r\n\r\nhi/);
});

for (const code of ['full', 'deadline', 'worker_lost', 'stopping', 'not_ready', 'same_key_at_work', 'quota']) {
  test(`${code} goes away by itself`, async () => {
    const pauses = [];
    answers = [problem(code, 503, {'retry-after': '2'}), problem(code), [200, CHECK]];
    const service = new PhotoscanClient(url, {sleep: async time => pauses.push(time)});
    assert.equal((await service.check(PHOTO)).decision, 'review');
    assert.equal(pauses.length, 2);
    assert.ok(pauses[0] >= 2000 && pauses[0] <= 3000, 'after what the service says, and up to half of it more');
    assert.ok(pauses[1] >= 1000 && pauses[1] <= 2000, 'a time that doubles');
    assert.deepEqual(seen.map(({body}) => body.length), [3, 3, 3], 'the whole photo each time');
  });
}

for (const [status, said, times] of [[503, '3', 2], [429, '3', 2], [503, undefined, 1], [429, undefined, 1], [502, '3', 1],
  [503, 'soon', 1], [503, '3600', 1], [503, '-1', 1], [503, '1.5', 1], [503, 'Wed, 21 Oct 2015 07:28:00 GMT', 2]]) {
  test(`a ${status} of whoever stands before the service, to come back after ${said}`, async () => {
    const pauses = [];
    answers = [[status, '<html>', said === undefined ? {} : {'retry-after': said}]];
    const service = new PhotoscanClient(url, {retries: 1, sleep: async time => pauses.push(time)});
    await assert.rejects(service.check(PHOTO), {status, unseen: true});
    assert.equal(seen.length, times);
    if (said === '3' && times > 1) assert.ok(pauses[0] >= 3000 && pauses[0] <= 4500);
  });
}

test('nobody waits longer than the own patience', async () => {
  answers = [problem('full', 503, {'retry-after': '1'})];
  const never = () => assert.fail('not again');
  await assert.rejects(new PhotoscanClient(url, {patience: 900, sleep: never}).check(PHOTO), {code: 'full', retryAfter: 1});
});

test('those who were refused together do not come back together', async () => {
  answers = [problem('full', 503, {'retry-after': '2'})];
  const pauses = [];
  const sleep = async time => pauses.push(time);
  await assert.rejects(new PhotoscanClient(url, {retries: 60, patience: 1e9, sleep}).check(PHOTO), {code: 'full'});
  assert.ok(pauses.every(time => time >= 2000 && time <= 32_000));
  assert.ok(pauses.slice(6).some(time => time > 15_000) && new Set(pauses).size > 50);
});

test('a connection that ends as it is used is tried once more', async () => {
  answers = [[200, CHECK], [0], [200, CHECK]];
  const service = new PhotoscanClient(url, {sleep: () => assert.fail('at once')});
  await service.check(PHOTO);
  assert.equal((await service.check(PHOTO)).decision, 'review');
  assert.equal(seen.length, 3);
});

test('connections are kept', async () => {
  const service = new PhotoscanClient(url);
  let lines = 0;
  const count = () => lines++;
  server.on('connection', count);
  for (let i = 0; i < 5; i++) await service.check(PHOTO);
  server.off('connection', count);
  assert.ok(lines <= 1, `${lines} for five requests`);
});

for (const [code, status, unseen] of [['timeout', 504, true], ['corrupt', 422, false], ['model', 503, true],
  ['usage', 400, false]]) {
  test(`${code} would end the same`, async () => {
    answers = [problem(code, status)];
    const service = new PhotoscanClient(url, {sleep: () => assert.fail('not again')});
    await assert.rejects(service.check(PHOTO), error => {
      assert.ok(error instanceof PhotoscanError);
      assert.deepEqual([error.code, error.status, error.unseen], [code, status, unseen]);
      return true;
    });
    assert.equal(seen.length, 1);
  });
}

test('after its retries the last problem is told', async () => {
  answers = [problem('full', 503, {'retry-after': '7'})];
  const service = new PhotoscanClient(url, {retries: 2, sleep: async () => {}});
  await assert.rejects(service.check(PHOTO), {code: 'full', retryAfter: 7, unseen: true});
  assert.equal(seen.length, 3);
});

for (const [what, answer] of [['closes', [0]], ['is silent', [-1]]]) {
  test(`a service that ${what} is unreachable`, async () => {
    answers = [answer];
    await assert.rejects(new PhotoscanClient(url, {timeout: 200}).check(PHOTO), {code: 'unreachable', status: 0, unseen: true});
  });
}

for (const status of [301, 302, 307, 308]) {
  test(`a photo follows no redirection (${status})`, async () => {
    answers = [[status, undefined, {location: `${url}/elsewhere`}]];
    await assert.rejects(new PhotoscanClient(url).check(PHOTO), {code: 'unreachable', unseen: true});
    assert.equal(seen.length, 1);
  });
}

test('seconds that nobody named are not told', async () => {
  answers = [problem('timeout', 504)];
  await assert.rejects(new PhotoscanClient(url).check(PHOTO), {code: 'timeout', retryAfter: undefined});
});

for (const body of ['no', '[]', '7', '']) {
  test(`an answer that no photoscan gives: ${JSON.stringify(body)}`, async () => {
    answers = [[200, body]];
    await assert.rejects(new PhotoscanClient(url).check(PHOTO), PhotoscanError);
    answers = [[404, body]];
    await assert.rejects(new PhotoscanClient(url).check(PHOTO), {status: 404});
  });
}

test('a caller who gives up gets the own reason', async () => {
  answers = [[-1]];
  const gone = new AbortController();
  const asked = new PhotoscanClient(url).check(PHOTO, {signal: gone.signal});
  setTimeout(() => gone.abort(new Error('enough')), 50);
  await assert.rejects(asked, {message: 'enough'});
  answers = [problem('full')];
  const pausing = new AbortController();
  const waiting = new PhotoscanClient(url).check(PHOTO, {signal: pausing.signal});
  setTimeout(() => pausing.abort(new Error('no more')), 50);
  await assert.rejects(waiting, {message: 'no more'});
});

test('whether it is ready', async () => {
  assert.equal(await new PhotoscanClient(url).ready(), true);
  answers = [[503, {}]];
  assert.equal(await new PhotoscanClient(url).ready(), false);
  assert.equal(await new PhotoscanClient('http://127.0.0.1:1').ready(), false);
});

test('every language has the same words, and none is empty', () => {
  const names = Object.keys(WORDS.en);
  for (const [language, words] of Object.entries(WORDS)) {
    assert.deepEqual(Object.keys(words), names, language);
    assert.ok(Object.values(words).every(Boolean), language);
  }
});

test('the nearest language', () => {
  for (const [tag, expected] of [['en-GB', 'en'], ['pt', 'pt-BR'], ['PT-pt', 'pt-BR'], ['ms-MY', 'ms'], ['id', 'id'],
    ['zh-SG', 'zh-Hans'], ['zh-Hant-HK', 'en'],
    ['zh-TW', 'en'], ['ta-LK', 'ta'], ['fr', 'en'], ['', 'en'], [undefined, 'en']]) {
    assert.equal(nearest(tag), expected);
  }
});
