// As much of Express as the recipe uses, for where Express itself is not installed.

import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {basename} from 'node:path';

const TYPES = {html: 'text/html; charset=utf-8', '.js': 'text/javascript'};

export default function express() {
  const routes = [];
  const on = method => (path, ...steps) => routes.push({method, path, steps});
  return {
    disable() {},
    get: on('GET'),
    post: on('POST'),
    use: on('USE'),
    listen(port, host, then) {
      const server = createServer((request, response) => answer(routes, request, response));
      return server.listen(port, host, then);
    },
  };
}

async function answer(routes, request, response) {
  const {pathname} = new URL(request.url, 'http://x');
  request.originalUrl = request.url;
  request.get = name => request.headers[name];
  response.set = (name, value) => response.setHeader(name, value) && response;
  response.type = name => response.set('content-type', TYPES[name]);
  response.status = code => Object.assign(response, {statusCode: code});
  response.send = data => response.end(data);
  response.sendStatus = code => response.status(code).end();
  const route = routes.find(({method, path}) =>
    method === request.method ? path === pathname : method === 'USE' && pathname.startsWith(`${path}/`));
  if (!route) return response.sendStatus(404);
  for (const step of route.steps) await new Promise(next => Promise.resolve(step(request, response, next)).then(next));
}

express.raw = () => async (request, response, next) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  request.body = Buffer.concat(pieces);
  next();
};
express.static = folder => async (request, response) => {
  response.type('.js').send(await readFile(`${folder}/${basename(request.originalUrl)}`));
};
