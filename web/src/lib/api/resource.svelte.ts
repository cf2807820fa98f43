/**
 * Data that a page shows: loaded in an effect, loaded anew when what it depends on changes, cancelled when the page is left.
 * While it is loaded again the old data stays, so that nothing jumps.
 */
import { untrack } from 'svelte';
import { ApiError, asApiError } from './problem';

export interface Resource<T> {
  readonly data: T | undefined;
  readonly error: ApiError | null;
  readonly loading: boolean;
  reload(): void;
  /** Puts data there without asking, for example the answer of an act. */
  set(data: T): void;
}

const aborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** Loads once and again whenever something reactive that `load` read before its first `await` changes. Call it while a component is made. */
export function resource<T>(load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  let data = $state.raw<T | undefined>();
  let error = $state.raw<ApiError | null>(null);
  let loading = $state(true);
  let turn = $state(0);

  $effect(() => {
    void turn;
    const abort = new AbortController();
    const promise = load(abort.signal);
    untrack(() => (loading = true));
    promise.then(
      (value) => {
        if (abort.signal.aborted) return;
        [data, error, loading] = [value, null, false];
      },
      (reason: unknown) => {
        if (abort.signal.aborted || aborted(reason)) return;
        [error, loading] = [asApiError(reason), false];
      }
    );
    return () => abort.abort();
  });

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    reload: () => void (turn += 1),
    set: (value) => void ([data, error] = [value, null])
  };
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface Paged<T> {
  readonly items: T[];
  readonly error: ApiError | null;
  readonly loading: boolean;
  /** Whether nothing was found at all. */
  readonly empty: boolean;
  /** Whether the list has been shown to its end. */
  readonly ended: boolean;
  /** Adds the next page. */
  more(): void;
  /** Begins again from the first page. */
  reload(): void;
}

/** A list by cursor, shown page under page. Starts over when something reactive that `load` read changes. */
export function paged<T>(load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>): Paged<T> {
  let items = $state.raw<T[]>([]);
  let cursor: string | undefined;
  let error = $state.raw<ApiError | null>(null);
  let loading = $state(true);
  let ended = $state(false);
  let turn = $state(0);
  let abort = new AbortController();

  function take(promise: Promise<Page<T>>, signal: AbortSignal, fresh: boolean): void {
    loading = true;
    promise.then(
      (page) => {
        if (signal.aborted) return;
        items = fresh ? page.items : [...items, ...page.items];
        cursor = page.next_cursor ?? undefined;
        [ended, error, loading] = [cursor === undefined, null, false];
      },
      (reason: unknown) => {
        if (signal.aborted || aborted(reason)) return;
        [error, loading] = [asApiError(reason), false];
      }
    );
  }

  $effect(() => {
    void turn;
    const mine = new AbortController();
    abort = mine;
    const promise = load(undefined, mine.signal);
    untrack(() => take(promise, mine.signal, true));
    return () => mine.abort();
  });

  return {
    get items() {
      return items;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    get empty() {
      return !loading && !error && items.length === 0;
    },
    get ended() {
      return ended;
    },
    more: () => {
      if (loading || ended) return;
      untrack(() => take(load(cursor, abort.signal), abort.signal, items.length === 0));
    },
    reload: () => void (turn += 1)
  };
}
