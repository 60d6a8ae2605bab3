// A website by Express: <photoscan-check> in its form, the way from there to photoscan, and the gate that counts.
//
//     photoscan serve --policy platform &
//     npm install express && node docs/examples/gate/express_upload.mjs
//
// PHOTOSCAN_URL and PHOTOSCAN_API_KEY say where the service is, UPLOADS the folder for photos, PORT where to listen.
// PHOTOSCAN_OTHERWISE=open keeps photos that nobody could look at; by default they are refused.

import {randomBytes} from 'node:crypto';
import {mkdir, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';

import express from 'express';

// In a project of your own: from 'photoscan-client'.
import {PhotoscanClient, PhotoscanError} from '../../../clients/js/src/client.js';

const {PHOTOSCAN_URL = 'http://127.0.0.1:8000', PHOTOSCAN_API_KEY, PHOTOSCAN_OTHERWISE, UPLOADS = 'uploads'} = process.env;
const LIMIT = '33mb'; // the service's own limit, and the form around a photo
const LONGEST = 120_000; // milliseconds
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Share a photo</title>
<script type="module" src="/photoscan-client/element.js"></script>
<h1>Share a photo</h1>
<form method="post" action="/share" enctype="multipart/form-data">
  <photoscan-check name="photo" endpoint="/photoscan" required></photoscan-check>
  <p><button>Share</button>
</form>
</html>
`;

const service = new PhotoscanClient(PHOTOSCAN_URL, {key: PHOTOSCAN_API_KEY});
const app = express();
const body = express.raw({type: () => true, limit: LIMIT, inflate: false});
app.disable('x-powered-by');
app.get('/', (request, response) => response.type('html').send(PAGE));
app.use('/photoscan-client', express.static(fileURLToPath(new URL('../../../clients/js/src', import.meta.url))));

// What the component asks, and nothing else of the service. Ask here who may: whoever may upload, and how often.
app.post('/photoscan/v1/check', body, async (request, response) => {
  // Pages of other sites may not send photos here in the name of our visitors.
  if (!['same-origin', undefined].includes(request.get('sec-fetch-site'))) return response.sendStatus(403);
  const asked = new URL(request.originalUrl, 'http://site').search;
  const headers = {'content-type': request.get('content-type') ?? 'application/octet-stream', accept: 'application/json'};
  // The key is added here: it is never in a page. Cookies and Origin stay behind.
  if (PHOTOSCAN_API_KEY) headers.authorization = `Bearer ${PHOTOSCAN_API_KEY}`;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const signal = AbortSignal.any?.([gone.signal, AbortSignal.timeout(LONGEST)]) ?? gone.signal;
  try {
    const answer = await fetch(`${PHOTOSCAN_URL}/v1/check${asked}`, {
      method: 'POST', body: request.body, headers, signal, redirect: 'error',
    });
    const data = Buffer.from(await answer.arrayBuffer());
    for (const name of ['content-type', 'content-language', 'retry-after']) {
      if (answer.headers.has(name)) response.set(name, answer.headers.get(name));
    }
    return response.status(answer.status).set('cache-control', 'no-store').send(data);
  } catch {
    return gone.signal.aborted ? undefined : response.sendStatus(502);
  }
});

// The gate: anybody can post a form without the page, so the photo is asked about again.
app.post('/share', body, async (request, response) => {
  const photo = await uploaded(request);
  if (!photo) return response.status(400).send('Choose a photo first.');
  try {
    const {passes, check} = await service.gate(photo, {review: 'pass'});
    if (!passes) return response.status(422).send(check.reasons.map(reason => reason.message).join('\n'));
  } catch (error) {
    if (!(error instanceof PhotoscanError)) throw error;
    if (!error.unseen) return response.status(422).send(error.problem.title ?? 'This photo can’t be shared.');
    if (PHOTOSCAN_OTHERWISE !== 'open') return response.status(503).send('Photos can’t be checked just now.');
  }
  await keep(photo);
  return response.status(201).send('Shared.');
});

/** The photo of a form, taken apart by what fetch brings along. */
async function uploaded(request) {
  try {
    const form = await new Response(request.body, {headers: {'content-type': request.get('content-type')}}).formData();
    const photo = form.get('photo');
    return photo instanceof Blob && photo.size ? photo : null;
  } catch {
    return null;
  }
}

/** Store a photo under a name that tells nothing. */
async function keep(photo) {
  await mkdir(UPLOADS, {recursive: true});
  await writeFile(`${UPLOADS}/${randomBytes(16).toString('hex')}`, Buffer.from(await photo.arrayBuffer()));
}

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
