/**
 * The one way calls leave the page: adds the access token and the idempotency key, refreshes an expired session once, repeats what
 * may be repeated, and turns every failure into an `ApiError`.
 *
 * **Invariant:** an act that a person does once reaches the rules once. Its key stays the same over every repetition until a definite
 * answer (below 500) came, whether the transport repeats it or the person presses again.
 */
import { ApiError, problemOf, unreachable } from './problem';
import { uuid } from './random';

/** What the transport needs of the session. */
export interface Credentials {
  /** The access token in memory, if signed in. */
  token(): string | null;
  /** Gets a fresh token in place of `stale`; null where the session is over. Never throws for a session that ended. */
  refresh(stale: string): Promise<string | null>;
}

export interface TransportOptions {
  credentials: Credentials;
  fetch?: typeof fetch;
  /** Waits between tries, in milliseconds; its length is the number of repetitions. */
  backoffMs?: readonly number[];
  sleep?: (ms: number) => Promise<void>;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const IDEMPOTENCY = 'Idempotency-Key';
/** Answers of a gateway that say nothing about the act itself. */
const PASSING = new Set([502, 503, 504]);

export type Transport = (request: Request) => Promise<Response>;

export function transport(options: TransportOptions): Transport {
  const {
    credentials,
    fetch: send = (input, init) => fetch(input, init),
    backoffMs = [400, 1500],
    sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  } = options;
  /** Keys of acts without a definite answer, by what was asked. */
  const open = new Map<string, string>();

  async function attempt(request: Request, body: ArrayBuffer | undefined, key: string | null, token: string | null): Promise<Response> {
    const headers = new Headers(request.headers);
    if (token) headers.set('Authorization', `Bearer ${token}`);
    if (key) headers.set(IDEMPOTENCY, key);
    return send(
      new Request(request.url, {
        method: request.method,
        headers,
        body,
        signal: request.signal,
        credentials: 'same-origin',
        cache: 'no-store'
      })
    );
  }

  async function withSession(request: Request, body: ArrayBuffer | undefined, key: string | null): Promise<Response> {
    const token = credentials.token();
    const response = await attempt(request, body, key, token);
    if (response.status !== 401 || !token) return response;
    const fresh = await credentials.refresh(token);
    return fresh ? attempt(request, body, key, fresh) : response;
  }

  async function persevere(request: Request, body: ArrayBuffer | undefined, key: string | null): Promise<Response> {
    for (let tries = 0; ; tries += 1) {
      const wait = backoffMs[tries];
      try {
        const response = await withSession(request, body, key);
        if (!PASSING.has(response.status) || wait === undefined) return response;
      } catch (error) {
        if (request.signal.aborted || error instanceof ApiError) throw error;
        if (wait === undefined) throw unreachable(error);
      }
      await sleep(wait);
    }
  }

  return async (request) => {
    const unsafe = !SAFE.has(request.method);
    const body = unsafe && request.body ? await request.arrayBuffer() : undefined;
    let act = '';
    let key: string | null = null;
    if (unsafe) {
      act = describe(request, body);
      key = request.headers.get(IDEMPOTENCY) ?? open.get(act) ?? uuid();
      open.set(act, key);
    }
    const response = await persevere(request, body, key);
    if (unsafe && response.status < 500) open.delete(act);
    if (!response.ok) throw await problemOf(response);
    return response;
  };
}

/**
 * Names an act by what is asked: method, address and body. Bodies over a mebibyte are files; the server keeps those by their digest, so that
 * sending one twice does nothing twice, and they need no name.
 */
function describe(request: Request, body: ArrayBuffer | undefined): string {
  const head = `${request.method} ${request.url}`;
  if (!body) return head;
  return body.byteLength > 1 << 20 ? `${head} ${uuid()}` : `${head} ${new TextDecoder().decode(body)}`;
}
