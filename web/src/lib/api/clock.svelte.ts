/**
 * The server's clock on the page. Deadlines follow it, never the device's clock, which may be wrong or be changed by its owner.
 *
 * The offset is kept against the monotonic clock and corrected by `GET /api/v1/time` and by the live feed's `time` events. In a
 * demonstration the business clock can be moved: a sample that contradicts what is known replaces it at once.
 */
import { createSubscriber } from 'svelte/reactivity';
import { toMs } from '../format/time';

/** How often the clock is compared while something on the page shows it. */
const SYNC_MS = 15_000;
/** What a stamp that came through the feed may be off by, in milliseconds. */
const FEED_ERROR_MS = 1_500;
/** A business clock further than this from the device's own is said to be moved. */
const MOVED_MS = 120_000;

/** What `GET /api/v1/time` answers. */
export interface ServerTime {
  now: string;
  /** Whether this is a demonstration whose clock may be moved. */
  movable?: boolean;
}

const monotonic = (): number => performance.now();

export class ServerClock {
  #offset = $state(Date.now() - monotonic());
  #synced = $state(false);
  #movable = $state(false);
  #error = Number.POSITIVE_INFINITY;
  #measuredAt = 0;
  #subscribe: () => void;

  constructor(private readonly fetcher: () => Promise<ServerTime> = askTime) {
    this.#subscribe = createSubscriber((update) => {
      let timer: ReturnType<typeof setTimeout>;
      const tick = (): void => {
        update();
        timer = setTimeout(tick, 1000 - (this.nowMs() % 1000));
      };
      timer = setTimeout(tick, 1000 - (this.nowMs() % 1000));
      const poll = setInterval(() => void this.sync(), SYNC_MS);
      const wake = (): void => {
        if (document.visibilityState === 'visible') void this.sync();
      };
      document.addEventListener('visibilitychange', wake);
      void this.sync();
      return () => {
        clearTimeout(timer);
        clearInterval(poll);
        document.removeEventListener('visibilitychange', wake);
      };
    });
  }

  /** The server's time in milliseconds. Reading it in markup or in an effect updates every second. */
  get now(): number {
    this.#subscribe();
    return this.nowMs();
  }

  /** Whether a sample of the server's clock has been taken yet. Reading it keeps the clock compared, as `now` does. */
  get synced(): boolean {
    this.#subscribe();
    return this.#synced;
  }

  /** Whether the business clock was moved away from the time of day, as a demonstration does. */
  get moved(): boolean {
    return this.#synced && Math.abs(this.#offset + monotonic() - Date.now()) > MOVED_MS;
  }

  /** Whether this is a demonstration, whose clock may be moved. Changes once, so a `resource` may depend on it; `now` changes every second. */
  get movable(): boolean {
    return this.#movable;
  }

  /** The server's time in milliseconds, read once. */
  nowMs(): number {
    return this.#offset + monotonic();
  }

  /** Takes one sample from the server. A failure leaves the clock as it was: it goes on by itself. */
  async sync(): Promise<void> {
    try {
      const sent = monotonic();
      const { now, movable } = await this.fetcher();
      const received = monotonic();
      this.#movable = movable ?? false;
      this.#take(toMs(now) + (received - sent) / 2 - received, (received - sent) / 2);
    } catch {
      // Offline, or the server restarts: the next sample will tell.
    }
  }

  /** Notes a stamp from the live feed. Where it contradicts the clock, the clock is asked for again to be exact. */
  heard(now: string): void {
    if (this.#take(toMs(now) - monotonic(), FEED_ERROR_MS)) void this.sync();
  }

  /** Takes a sample where it is better than, or contradicts, what is known. Says whether it contradicted. */
  #take(offset: number, error: number): boolean {
    const aged = this.#error + (monotonic() - this.#measuredAt) / 1000; // clocks drift apart by at most 1 ms a second
    const contradicts = this.#synced && Math.abs(offset - this.#offset) > error + aged;
    if (!this.#synced || contradicts || error <= aged) {
      this.#offset = offset;
      this.#error = error;
      this.#measuredAt = monotonic();
      this.#synced = true;
    }
    return contradicts;
  }
}

async function askTime(): Promise<ServerTime> {
  const response = await fetch('/api/v1/time', { cache: 'no-store' });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as ServerTime;
}

export const clock = new ServerClock();
