import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveFeed } from './feed.svelte';

/** An EventSource that the test drives. */
class Line extends EventTarget {
  static all: Line[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    Line.all.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(kind: string, data: unknown, id = ''): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data), lastEventId: id }));
  }
  /** Breaks: the browser tries again by itself, or gives up. */
  fail(final: boolean): void {
    this.readyState = final ? 2 : 0;
    this.onerror?.();
  }
}

const line = (): Line => Line.all.at(-1)!;

function follow() {
  const offers: [unknown, string][] = [];
  const feed = new LiveFeed(
    '/api/v1/lots/7/feed',
    { offer: (data, id) => offers.push([data, id]), snapshot: () => undefined },
    { open: (url) => new Line(url) as unknown as EventSource, silenceMs: 30_000, backoffMs: [1000] }
  );
  return { feed, offers };
}

beforeEach(() => {
  Line.all = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('the live feed', () => {
  it('is live once the line stands, and hands events on', () => {
    const { feed, offers } = follow();
    expect(feed.state).toBe('connecting');
    line().open();
    line().say('offer', { fen: 1 }, '41');
    expect(feed.state).toBe('live');
    expect(offers).toEqual([[{ fen: 1 }, '41']]);
    feed.close();
  });

  it('shows a break while the browser tries again by itself', () => {
    const { feed } = follow();
    line().open();
    line().fail(false);
    expect(feed.state).toBe('reconnecting');
    line().open();
    expect([feed.state, Line.all.length]).toEqual(['live', 1]);
    feed.close();
  });

  it('opens anew where the browser gave up, from the last event on', () => {
    const { feed } = follow();
    line().open();
    line().say('offer', {}, '41');
    line().fail(true);
    vi.advanceTimersByTime(2000);
    expect(line().url).toBe('/api/v1/lots/7/feed?last_event_id=41');
    expect(Line.all.length).toBe(2);
    line().open();
    expect(feed.state).toBe('live');
    feed.close();
  });

  it('shows no offer twice after a replay', () => {
    const { feed, offers } = follow();
    line().open();
    line().say('offer', { n: 1 }, '9');
    line().say('offer', { n: 2 }, '10');
    line().say('offer', { n: 1 }, '9');
    line().say('offer', { n: 3 }, '11');
    expect(offers.map(([, id]) => id)).toEqual(['9', '10', '11']);
    feed.close();
  });

  it('counts a silent line as broken', () => {
    const { feed } = follow();
    line().open();
    vi.advanceTimersByTime(29_000);
    line().say('time', { now_at: new Date().toISOString() });
    vi.advanceTimersByTime(29_000);
    expect(feed.state).toBe('live');
    vi.advanceTimersByTime(1_100);
    expect(feed.state).toBe('reconnecting');
    vi.advanceTimersByTime(2_000);
    expect(Line.all.length).toBe(2);
    feed.close();
  });

  it('stays closed', () => {
    const { feed } = follow();
    line().open();
    feed.close();
    vi.advanceTimersByTime(120_000);
    expect([feed.state, Line.all.length, line().readyState]).toEqual(['closed', 1, 2]);
  });
});
