import { describe, expect, it, vi } from 'vitest';
import { ApiError } from './problem';
import { transport, type Credentials } from './transport';

const URL_ = 'http://exchange.test/api/v1/lots/1/offers';
const json = (status: number, body: unknown = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' } });
const offer = (fen = 100, init: RequestInit = {}): Request =>
  new Request(URL_, { method: 'POST', body: JSON.stringify({ price_fen: fen }), headers: { 'content-type': 'application/json' }, ...init });

/** A server that gives these answers in turn and remembers what it was sent. */
function server(...answers: (Response | Error)[]) {
  const seen: Request[] = [];
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    seen.push(input as Request);
    const answer = answers.shift();
    if (!answer) throw new Error('one call too many');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { seen, fetch: fetch as typeof globalThis.fetch, keys: () => seen.map((r) => r.headers.get('idempotency-key')) };
}

const visitor: Credentials = { token: () => null, refresh: async () => null };
const sleep = async (): Promise<void> => undefined;

describe('transport', () => {
  it('sends reads without a key, with the token', async () => {
    const { fetch, seen } = server(json(200));
    await transport({ credentials: { ...visitor, token: () => 'T' }, fetch, sleep })(new Request(URL_));
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer T');
    expect(seen[0]?.headers.has('idempotency-key')).toBe(false);
  });

  it('repeats an unanswered act under one key and with the same body', async () => {
    const { fetch, seen, keys } = server(new TypeError('connection reset'), json(503), json(201));
    await transport({ credentials: visitor, fetch, sleep })(offer(82_000));
    expect(keys()[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys()).size).toBe(1);
    expect(await Promise.all(seen.map((r) => r.json()))).toEqual(Array(3).fill({ price_fen: 82_000 }));
  });

  it('keeps the key when a person presses again after no answer came', async () => {
    const { fetch, keys } = server(new TypeError('offline'), json(201));
    const send = transport({ credentials: visitor, fetch, sleep, backoffMs: [] });
    await expect(send(offer())).rejects.toMatchObject({ kind: 'network' });
    await send(offer());
    expect(keys()[1]).toBe(keys()[0]);
  });

  it('gives two presses at once the same key', async () => {
    const { fetch, keys } = server(json(201), json(201));
    const send = transport({ credentials: visitor, fetch, sleep });
    await Promise.all([send(offer()), send(offer())]);
    expect(keys()[1]).toBe(keys()[0]);
  });

  it('takes a new key for another amount, and after a definite answer', async () => {
    const { fetch, keys } = server(json(201), json(201), json(422), json(201));
    const send = transport({ credentials: visitor, fetch, sleep });
    await send(offer(1));
    await send(offer(2));
    await expect(send(offer(3))).rejects.toBeInstanceOf(ApiError);
    await send(offer(3));
    expect(new Set(keys()).size).toBe(4);
  });

  it('keeps the key over a server fault, whose outcome is not known', async () => {
    const { fetch, keys } = server(json(500), json(201));
    const send = transport({ credentials: visitor, fetch, sleep });
    await expect(send(offer())).rejects.toMatchObject({ kind: 'server', status: 500 });
    await send(offer());
    expect(keys()[1]).toBe(keys()[0]);
  });

  it('leaves a key that the caller chose', async () => {
    const { fetch, keys } = server(json(201));
    await transport({ credentials: visitor, fetch, sleep })(offer(1, { headers: { 'idempotency-key': 'mine' } }));
    expect(keys()).toEqual(['mine']);
  });

  it('refreshes an expired session once and repeats the call under the same key', async () => {
    const { fetch, seen, keys } = server(json(401), json(201));
    const refresh = vi.fn(async () => 'fresh');
    await transport({ credentials: { token: () => 'stale', refresh }, fetch, sleep })(offer());
    expect(refresh).toHaveBeenCalledExactlyOnceWith('stale');
    expect(seen.map((r) => r.headers.get('authorization'))).toEqual(['Bearer stale', 'Bearer fresh']);
    expect(keys()[1]).toBe(keys()[0]);
  });

  it('says that the session is over where it can not be refreshed, or a fresh token is refused too', async () => {
    const gone = server(json(401));
    await expect(
      transport({ credentials: { token: () => 'stale', refresh: async () => null }, fetch: gone.fetch, sleep })(offer())
    ).rejects.toMatchObject({ kind: 'signed-out' });
    const refused = server(json(401), json(401));
    await expect(
      transport({ credentials: { token: () => 'stale', refresh: async () => 'fresh' }, fetch: refused.fetch, sleep })(offer())
    ).rejects.toMatchObject({ kind: 'signed-out' });
  });

  it('does not repeat what was cancelled', async () => {
    const abort = new AbortController();
    abort.abort();
    const { fetch, seen } = server(new DOMException('aborted', 'AbortError'));
    await expect(transport({ credentials: visitor, fetch, sleep })(new Request(URL_, { signal: abort.signal }))).rejects.toMatchObject({
      name: 'AbortError'
    });
    expect(seen.length).toBe(1);
  });

  it('turns a refusal into its findings', async () => {
    const finding = {
      rule: 'auction.step',
      basis: 'rulebook 4.2',
      severity: 'refusal',
      message: { zh: '加价须为 500 元的整数倍', en: 'The raise must be a multiple of ¥500' },
      remedy: { zh: '请改为 83,000 元', en: 'Offer ¥83,000' },
      field: 'price_fen',
      facts: { step: '50000' }
    };
    const { fetch } = server(json(422, { type: '/problems/refused', title: 'Refused', status: 422, findings: [finding] }));
    const error = await transport({ credentials: visitor, fetch, sleep })(offer()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).kind).toBe('refused');
    expect((error as ApiError).findings).toEqual([finding]);
  });

  it('survives an answer that is no problem at all', async () => {
    const { fetch } = server(new Response('<html>Bad Gateway</html>', { status: 500, headers: { 'content-type': 'text/html' } }));
    await expect(transport({ credentials: visitor, fetch, sleep })(offer())).rejects.toMatchObject({ kind: 'server', findings: [] });
  });

  it('reads how long to wait', async () => {
    const busy = new Response('{}', { status: 429, headers: { 'retry-after': '30', 'content-type': 'application/json' } });
    const { fetch } = server(busy);
    await expect(transport({ credentials: visitor, fetch, sleep })(offer())).rejects.toMatchObject({ kind: 'busy', retryAfter: 30 });
  });
});
