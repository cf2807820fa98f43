/**
 * The typed client: `api.GET('/api/v1/…')`, with types generated from `openapi.json` (`npm run api`).
 *
 * Every failure is thrown as an `ApiError`, so a page writes `const lot = await answer(api.GET(…))` and nothing else.
 */
import createClient from 'openapi-fetch';
import { session } from '../session/session.svelte';
import type { paths } from './schema';
import { transport } from './transport';

/** Calls with the session's token; also for the few addresses outside the description. */
export const send = transport({ credentials: session.credentials });

export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin,
  fetch: send,
  querySerializer: { array: { style: 'form', explode: true } }
});

/** The data of an answer. The transport has thrown already where there is none. */
export async function answer<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data } = await call;
  return data as T;
}

/** A JSON call by plain address, for what has no generated type. */
export async function json<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const request = new Request(new URL(path, location.origin), {
    method,
    signal,
    headers: body === undefined ? { Accept: 'application/json' } : { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body)
  });
  const response = await send(request);
  return (response.status === 204 ? undefined : await response.json()) as T;
}
