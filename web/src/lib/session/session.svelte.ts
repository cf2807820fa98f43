/**
 * Who is signed in. The access token lives in memory only; the refresh cookie is out of the page's reach. Tabs of one browser share
 * sign-in, sign-out and fresh tokens, and refresh one at a time, since each refresh turns the cookie over.
 */
import { ApiError, problemOf, unreachable } from '../api/problem';
import type { Credentials } from '../api/transport';
import { uuid } from '../api/random';
import { roleOf, type Grant, type Role } from './roles';

/** Who is signed in, as the pages need it. */
export interface Account {
  id: string;
  /** Sign-in name. */
  username: string;
  /** The name to greet by. */
  name: string;
  /** What the session allows: none while the password must be changed. */
  grants: Grant[];
  /** Whether the password was given out by somebody else and must be changed before any role counts. */
  mustChangePassword: boolean;
}

/** What signing in, refreshing and changing the password answer (`sanbian.identity.v1.SessionOpened`). */
export interface SessionOpened {
  access_token: string;
  account?: { id: string; username: string; display_name: string; must_change_password?: boolean };
  grants?: { role: string; region: string }[];
}

type Note = { kind: 'opened'; token: string; account: Account } | { kind: 'closed' };

const LOCK = 'sanbian.session';
const GRACE_TRIES = 3;
const GRACE_MS = 400;
/** Says, before any call, whether asking for a session is worth while: a visitor's first page then makes no useless call. */
const HINT = 'sanbian.signed-in';

export type SessionStatus = 'unknown' | 'visitor' | 'signed-in';

class Session {
  #status = $state<SessionStatus>('unknown');
  #account = $state.raw<Account | null>(null);
  #token: string | null = null;
  #refreshing: Promise<string | null> | null = null;
  readonly #channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(LOCK);

  constructor() {
    if (this.#channel) {
      this.#channel.onmessage = (event: MessageEvent<Note>) => {
        const note = event.data;
        if (note.kind === 'opened') this.#take(note.token, note.account);
        else this.#drop();
      };
    }
  }

  /** `unknown` until `restore` has answered. */
  get status(): SessionStatus {
    return this.#status;
  }

  get account(): Account | null {
    return this.#account;
  }

  /** The roles held, in the order of the grants, each once. */
  get roles(): Role[] {
    return [...new Set(this.#account?.grants.map((grant) => grant.role) ?? [])];
  }

  has(...roles: Role[]): boolean {
    return roles.some((role) => this.roles.includes(role));
  }

  /** What the transport asks of the session. */
  readonly credentials: Credentials = {
    token: () => this.#token,
    refresh: (stale) => this.#refresh(stale)
  };

  /** Continues the session of an earlier page, if there was one. Call once, when the pages start. */
  async restore(): Promise<void> {
    if (hint()) await this.#refresh('').catch(() => undefined);
    if (this.#status === 'unknown') this.#status = 'visitor';
  }

  /** Signs in. Throws an ApiError with findings where it is refused. */
  async signIn(username: string, password: string): Promise<void> {
    this.adopt(await call('POST', '/api/v1/session', { username, password }));
  }

  /** Ends the session here, in the other tabs and on the server. */
  async signOut(): Promise<void> {
    const token = this.#token;
    this.#drop();
    this.#channel?.postMessage({ kind: 'closed' } satisfies Note);
    await fetch('/api/v1/session', {
      method: 'DELETE',
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), 'Idempotency-Key': uuid() }
    }).catch(() => undefined); // The token and the page's knowledge are gone already; the cookie ends by itself.
  }

  #refresh(stale: string): Promise<string | null> {
    this.#refreshing ??= exclusively(async () => {
      // While we waited for the lock another tab may have done it.
      if (this.#token && this.#token !== stale) return this.#token;
      for (let tries = 0; ; tries += 1) {
        try {
          return this.adopt(await call('POST', '/api/v1/session/refresh'));
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          // Another browser window without our lock turned the cookie over a moment ago; the new cookie is on its way to us.
          if (error.status === 409 && tries < GRACE_TRIES) {
            await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
            continue;
          }
          if (error.status !== 401) throw error;
          this.#drop();
          this.#channel?.postMessage({ kind: 'closed' } satisfies Note);
          return null;
        }
      }
    }).finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** Takes an opened session, here and in the other tabs; gives its token. */
  adopt(opened: SessionOpened): string {
    const account: Account = {
      id: opened.account?.id ?? '',
      username: opened.account?.username ?? '',
      name: opened.account?.display_name || (opened.account?.username ?? ''),
      mustChangePassword: opened.account?.must_change_password ?? false,
      // A role that this version of the pages does not know gives no menu, but the session stands.
      grants: (opened.grants ?? []).flatMap(({ role, region }) => {
        const known = roleOf(role);
        return known ? [{ role: known, region }] : [];
      })
    };
    this.#take(opened.access_token, account);
    this.#channel?.postMessage({ kind: 'opened', token: opened.access_token, account } satisfies Note);
    return opened.access_token;
  }

  #take(token: string, account: Account): void {
    this.#token = token;
    this.#account = account;
    this.#status = 'signed-in';
    hint(true);
  }

  #drop(): void {
    this.#token = null;
    this.#account = null;
    this.#status = 'visitor';
    hint(false);
  }
}

/** Runs `work` while no other tab does; in this tab alone where the browser has no locks (pages served without TLS). */
function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  return locks ? (locks.request(LOCK, work) as Promise<T>) : work();
}

async function call(method: string, path: string, body?: unknown): Promise<SessionOpened> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { 'Idempotency-Key': uuid(), ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined
    });
  } catch (error) {
    throw unreachable(error);
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as SessionOpened;
}

/** Reads, or writes, whether this browser was signed in when last seen. */
function hint(now?: boolean): boolean {
  try {
    if (now === true) localStorage.setItem(HINT, '1');
    if (now === false) localStorage.removeItem(HINT);
    return localStorage.getItem(HINT) === '1';
  } catch {
    return true; // No storage: ask the server.
  }
}

export const session = new Session();
