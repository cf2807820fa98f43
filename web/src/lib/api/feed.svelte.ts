/**
 * The live feed of a room: server-sent events with replay. A break in the line is shown, and after it the server replays what was missed
 * from the last event's id, so that a reader sees every offer once and in order.
 */
import { clock } from './clock.svelte';

/** `live`: events flow. `connecting`: the first try. `reconnecting`: the line broke; what is shown may be old. `closed`: by us. */
export type FeedState = 'connecting' | 'live' | 'reconnecting' | 'closed';

/** What to do with each kind of event; the data is parsed JSON. `time` events set the clock by themselves. */
export type FeedHandlers = Record<string, (data: unknown, id: string) => void>;

export interface FeedOptions {
  /** Makes the connection; another one in tests. */
  open?: (url: string) => EventSource;
  /** Silence after which the line counts as broken, in milliseconds. The server sends `time` at least every 10 s. */
  silenceMs?: number;
  /** Waits before opening anew, in milliseconds; the last one repeats. */
  backoffMs?: readonly number[];
}

/** Follows one feed until `close`. Open it in an effect and close it in that effect's teardown. */
export class LiveFeed {
  #state = $state<FeedState>('connecting');
  #lastId = '';
  #source: EventSource | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  readonly #open: (url: string) => EventSource;
  readonly #silenceMs: number;
  readonly #backoffMs: readonly number[];
  readonly #online = (): void => this.#connect();

  constructor(
    private readonly url: string,
    private readonly handlers: FeedHandlers,
    options: FeedOptions = {}
  ) {
    this.#open = options.open ?? ((at) => new EventSource(at));
    this.#silenceMs = options.silenceMs ?? 30_000;
    this.#backoffMs = options.backoffMs ?? [500, 1000, 2000, 4000, 8000, 15_000];
    globalThis.addEventListener?.('online', this.#online);
    this.#connect();
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Id of the last event seen. */
  get lastId(): string {
    return this.#lastId;
  }

  close(): void {
    globalThis.removeEventListener?.('online', this.#online);
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    this.#source?.close();
    this.#source = null;
    this.#state = 'closed';
  }

  #connect(): void {
    if (this.#state === 'closed') return;
    clearTimeout(this.#retry);
    this.#source?.close();
    // A browser sends Last-Event-ID only when it reconnects by itself; a connection that we open anew says it in the address.
    const at = this.#lastId ? `${this.url}?last_event_id=${encodeURIComponent(this.#lastId)}` : this.url;
    const source = this.#open(at);
    this.#source = source;
    source.onopen = () => this.#alive();
    source.onerror = () => {
      if (source !== this.#source) return;
      this.#state = 'reconnecting';
      // 2: the browser gave up, for example on a 503 while the server restarts. Otherwise it is trying by itself.
      if (source.readyState === 2) this.#again();
    };
    for (const [kind, handle] of Object.entries(this.handlers)) this.#listen(source, kind, handle);
    if (!('time' in this.handlers)) this.#listen(source, 'time', () => undefined);
    this.#guard();
  }

  #listen(source: EventSource, kind: string, handle: (data: unknown, id: string) => void): void {
    source.addEventListener(kind, (event: MessageEvent<string>) => {
      if (source !== this.#source) return;
      this.#alive();
      const id = event.lastEventId;
      if (kind !== 'snapshot' && this.#seen(id)) return;
      if (id) this.#lastId = id;
      const data: unknown = event.data ? JSON.parse(event.data) : null;
      if (kind === 'time') clock.heard((data as { now_at: string }).now_at);
      handle(data, id);
    });
  }

  /**
   * Whether an event is older than one already handled. Ids count upwards, and a server that can't tell exactly where a reader stood may replay
   * too much. An event without an id of its own, such as `time`, carries the last one's and is always taken.
   */
  #seen(id: string): boolean {
    return /^\d+$/.test(id) && /^\d+$/.test(this.#lastId) && BigInt(id) < BigInt(this.#lastId);
  }

  #alive(): void {
    this.#failures = 0;
    this.#state = 'live';
    this.#guard();
  }

  /** A line that says nothing for too long is broken, whatever the browser believes. */
  #guard(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#state = 'reconnecting';
      this.#again();
    }, this.#silenceMs);
  }

  #again(): void {
    clearTimeout(this.#retry);
    const wait = this.#backoffMs[Math.min(this.#failures, this.#backoffMs.length - 1)] ?? 1000;
    this.#failures += 1;
    // Spread out, so that a thousand watchers do not all come back in the same instant.
    this.#retry = setTimeout(() => this.#connect(), wait * (0.5 + Math.random()));
  }
}
