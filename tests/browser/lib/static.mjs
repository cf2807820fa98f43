/**
 * Serves the built pages as the gateway does: files as they are, every other address the shell. For tests of the pages alone; answers to the API
 * can be given by `api`, a function of method, path and the call itself that returns `{status, body, type}`, a promise of it, `'taken'` where it
 * answered by itself, or nothing.
 */
import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BUILD = join(dirname(fileURLToPath(import.meta.url)), '../../../web/build');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.txt': 'text/plain'
};

export async function serve(api = () => undefined) {
  await stat(join(BUILD, 'index.html')).catch(() => {
    throw new Error('the pages are not built: run `npm ci && npm run build` in web/');
  });
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const path = normalize(pathname);
    const answer = await api(request.method, path, { request, response, query: searchParams });
    if (answer === 'taken') return;
    if (answer) {
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' }).end(text);
      return;
    }
    if (path.startsWith('/api/') || path.startsWith('/ledger/')) {
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"title":"not found","status":404}');
      return;
    }
    const file = extname(path) ? path : '/index.html';
    try {
      const bytes = await readFile(join(BUILD, file));
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((done) => server.close(done)) };
}
