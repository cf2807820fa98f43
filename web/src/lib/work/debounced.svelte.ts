/**
 * Asks the server about what is being typed, once the typing pauses. Only the newest answer counts; the one before stays while the next is on
 * its way, so that nothing jumps. Call it while a component is made.
 */
import { untrack } from 'svelte';
import { ApiError, asApiError } from '../api/problem';

export interface Asked<T> {
  readonly answer: T | null;
  readonly error: ApiError | null;
  /** Whether what is shown is older than what was typed. */
  readonly stale: boolean;
}

export function asked<Q, T>(question: () => Q | null, ask: (question: Q, signal: AbortSignal) => Promise<T>, pauseMs = 450): Asked<T> {
  let answer = $state.raw<T | null>(null);
  let error = $state.raw<ApiError | null>(null);
  let stale = $state(false);
  let last = '';

  $effect(() => {
    const current = question();
    const text = JSON.stringify(current);
    if (text === last) {
      untrack(() => (stale = false));
      return;
    }
    if (current === null) {
      last = text;
      [answer, error, stale] = [null, null, false];
      return;
    }
    const abort = new AbortController();
    untrack(() => (stale = true));
    const timer = setTimeout(() => {
      ask(current, abort.signal).then(
        (value) => {
          if (abort.signal.aborted) return;
          last = text;
          [answer, error, stale] = [value, null, false];
        },
        (reason: unknown) => {
          if (abort.signal.aborted) return;
          // Asked again with the next change; the same question is not asked in a loop.
          last = text;
          [error, stale] = [asApiError(reason), false];
        }
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  });

  return {
    get answer() {
      return answer;
    },
    get error() {
      return error;
    },
    get stale() {
      return stale;
    }
  };
}
