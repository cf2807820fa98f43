import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServerClock } from './clock.svelte';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-03-02T01:00:00Z'), toFake: ['Date', 'performance', 'setTimeout', 'setInterval'] }));
afterEach(() => vi.useRealTimers());

/** A server whose clock is `aheadMs` off the device's, with a line that takes `rttMs` there and back. */
function serverClock(rttMs: number) {
  const state = { aheadMs: 0 };
  const clock = new ServerClock(async () => {
    vi.advanceTimersByTime(rttMs / 2);
    const now = new Date(Date.now() + state.aheadMs).toISOString();
    vi.advanceTimersByTime(rttMs / 2);
    return { now };
  });
  const error = (): number => Math.abs(clock.nowMs() - (Date.now() + state.aheadMs));
  return { state, clock, error };
}

describe('the server clock', () => {
  it('follows the server where the device is wrong, allowing for the way there and back', async () => {
    const { state, clock, error } = serverClock(400);
    state.aheadMs = -3_600_000;
    expect(clock.synced).toBe(false);
    await clock.sync();
    expect(error()).toBeLessThan(2);
    expect(clock.synced).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(error()).toBeLessThan(2);
  });

  it('follows at once when a demonstration moves the business clock, and says so', async () => {
    const { state, clock, error } = serverClock(100);
    await clock.sync();
    expect(clock.moved).toBe(false);
    state.aheadMs = 5 * 86_400_000;
    await clock.sync();
    expect(error()).toBeLessThan(2);
    expect(clock.moved).toBe(true);
  });

  it('hears a move through the feed', async () => {
    const { state, clock, error } = serverClock(100);
    await clock.sync();
    state.aheadMs = 3_600_000;
    clock.heard(new Date(Date.now() + state.aheadMs).toISOString());
    expect(error()).toBeLessThan(1_500);
  });

  it('is not made worse by a late stamp from the feed', async () => {
    const { clock, error } = serverClock(20);
    await clock.sync();
    clock.heard(new Date(Date.now() - 900).toISOString());
    expect(error()).toBeLessThan(20);
  });

  it('goes on where the server does not answer', async () => {
    const clock = new ServerClock(async () => {
      throw new TypeError('offline');
    });
    const before = clock.nowMs();
    await clock.sync();
    vi.advanceTimersByTime(1000);
    expect(clock.nowMs() - before).toBeCloseTo(1000, 0);
  });
});
