import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { session as Session } from './session.svelte';
import { PUBLIC, WORK, leadsTo, workOf } from './navigation';
import { ROLES, roleName } from './roles';

const opened = (token: string, role = 'bidder'): Response =>
  Response.json({
    access_token: token,
    account: { id: 'a', username: 'demo', display_name: '演示竞买人', must_change_password: false },
    grants: [{ role, region: '' }]
  });
const refused = (): Response => Response.json({ title: 'no', status: 401, findings: [] }, { status: 401 });

/** A tab of its own: the module is loaded anew. */
async function tab(): Promise<typeof Session> {
  vi.resetModules();
  return (await import('./session.svelte')).session;
}

let answers: (() => Response)[];
let asked: string[];

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key)
  });
  vi.stubGlobal('BroadcastChannel', undefined);
  // Locks as the browser gives them: one holder at a time, over all tabs.
  let last: Promise<unknown> = Promise.resolve();
  vi.stubGlobal('navigator', { locks: { request: (_: string, work: () => Promise<unknown>) => (last = last.then(work, work)) } });
  answers = [];
  asked = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push(`${init.method} ${path}`);
    const answer = answers.shift();
    if (!answer) throw new TypeError('offline');
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('the session', () => {
  it('makes no call for a visitor', async () => {
    const session = await tab();
    await session.restore();
    expect([session.status, asked]).toEqual(['visitor', []]);
  });

  it('signs in and continues on the next page', async () => {
    const first = await tab();
    answers = [() => opened('T1', 'supervisor')];
    await first.signIn('s', 'p');
    expect([first.status, first.roles, first.credentials.token()]).toEqual(['signed-in', ['supervisor'], 'T1']);
    const second = await tab();
    answers = [() => opened('T2', 'supervisor')];
    await second.restore();
    expect([second.status, second.credentials.token()]).toEqual(['signed-in', 'T2']);
  });

  it('says why a sign-in was refused and stays a visitor', async () => {
    const session = await tab();
    await session.restore();
    answers = [refused];
    await expect(session.signIn('s', 'wrong')).rejects.toMatchObject({ status: 401 });
    expect(session.status).toBe('visitor');
  });

  it('refreshes once for many calls that expired together', async () => {
    const session = await tab();
    answers = [() => opened('T1'), () => opened('T2')];
    await session.signIn('b', 'p');
    const tokens = await Promise.all([1, 2, 3].map(() => session.credentials.refresh('T1')));
    expect(tokens).toEqual(['T2', 'T2', 'T2']);
    expect(asked.filter((a) => a.endsWith('/refresh')).length).toBe(1);
  });

  it('is over where the refresh is refused, and not where the server is out of reach', async () => {
    const session = await tab();
    answers = [() => opened('T1')];
    await session.signIn('b', 'p');
    await expect(session.credentials.refresh('T1')).rejects.toMatchObject({ kind: 'network' });
    expect(session.status).toBe('signed-in');
    answers = [refused];
    expect(await session.credentials.refresh('T1')).toBeNull();
    expect([session.status, session.account]).toEqual(['visitor', null]);
  });

  it('tries again where another window turned the cookie over a moment ago', async () => {
    const session = await tab();
    answers = [() => opened('T1'), () => Response.json({ title: 'grace', status: 409, findings: [] }, { status: 409 }), () => opened('T2')];
    await session.signIn('b', 'p');
    expect(await session.credentials.refresh('T1')).toBe('T2');
  });

  it('ignores a role it does not know', async () => {
    const session = await tab();
    answers = [() => opened('T1', 'emperor')];
    await session.signIn('b', 'p');
    expect([session.status, session.roles]).toEqual(['signed-in', []]);
  });
});

describe('navigation', () => {
  it('has work and a name for every role', () => {
    expect.hasAssertions();
    for (const role of ROLES) {
      expect(WORK[role].length, role).toBeGreaterThan(0);
      expect(roleName(role)).not.toBe('');
    }
  });

  it('shows an address once for someone with two roles', () => {
    const hrefs = workOf(['clerk', 'chair']).map((l) => l.href);
    expect(hrefs).toEqual([...new Set(hrefs)]);
    expect(hrefs).toContain('/work/contracts');
  });

  it('marks the page shown', () => {
    const market = PUBLIC[0]!;
    expect([leadsTo(market, '/market'), leadsTo(market, '/market/7'), leadsTo(market, '/marketing')]).toEqual([true, true, false]);
  });
});
