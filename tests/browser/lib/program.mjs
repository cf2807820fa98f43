/**
 * The program itself, on a data folder of its own: an empty installation with one administrator and a clock that may be moved.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
/** Monday 2 March 2026, 09:00 in Shanghai: a quarter without long holidays, so that the walk is as long on every day it is made. */
const BEGIN = Date.parse('2026-03-02T01:00:00Z');
/** Making a database is most of a start. */
const START_MS = 120_000;
const END_MS = 40_000;

/** The administrator of an empty demonstration. */
export const ADMINISTRATOR = { username: 'admin', password: 'sanbian-yanshi-2026' };

/** Starts it. `stop` ends it as a system does and throws where it does not end well. */
export async function startProgram() {
  const data = await mkdtemp(join(tmpdir(), 'sbwalk'));
  // The database's account must be able to pass.
  await chmod(data, 0o755);
  // The demonstration keeps here how far its clock is from the machine's.
  await writeFile(join(data, 'clock'), String(BEGIN - Date.now()));
  const told = join(data, 'stderr');
  const { DATABASE_URL: _, RUST_LOG: __, ...env } = process.env;
  const child = spawn(process.env.SANBIAN_BIN ?? join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug/sanbian'), ['serve', '--demo=empty'], {
    env: { ...env, SANBIAN_LISTEN: '127.0.0.1:0', SANBIAN_DATA: data, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', openSync(told, 'a')]
  });
  const ended = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));
  const lines = createInterface({ input: child.stdout });
  const listening = new Promise((done, fail) => {
    lines.on('line', (line) => {
      const found = /sanbian listening on (http:\/\/\S+)/.exec(line);
      if (found) done(found[1].replace(/\/$/, ''));
    });
    child.once('error', (error) => fail(new Error(`the program is not there (set SANBIAN_BIN, or build it): ${error.message}`)));
    void ended.then(async (how) => fail(new Error(`the program ended with ${how}: ${(await readFile(told, 'utf8')).slice(-2000)}`)));
    setTimeout(() => fail(new Error('the program did not start in time')), START_MS).unref();
  });
  const url = await listening.catch((error) => {
    child.kill('SIGTERM');
    throw error;
  });
  return {
    url,
    data,
    async stop() {
      child.kill('SIGTERM');
      let timer;
      const how = await Promise.race([ended, new Promise((done) => (timer = setTimeout(() => done('not in time'), END_MS)))]);
      clearTimeout(timer);
      if (how === 'not in time') child.kill('SIGKILL');
      await rm(data, { recursive: true, force: true });
      if (how !== 0) throw new Error(`the program ended: ${how}`);
    }
  };
}

/** Calls of the public API as one account: what a walk through the pages needs beside them. */
export function caller(url, { username, password }) {
  let token;

  async function call(method, path, body, signedIn = true) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...(signedIn ? { authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  return async (method, path, body) => {
    token ??= (await call('POST', '/api/v1/session', { username, password }, false)).access_token;
    return call(method, path, body);
  };
}

/** Waits until `ask` gives something: services hear of each other through the log, a moment later. */
export async function until(what, ask, ms = 60_000) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    try {
      const found = await ask();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, 150));
  }
  throw new Error(`${what} did not come about in time`, { cause: last });
}
