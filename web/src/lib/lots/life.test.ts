import { describe, expect, it } from 'vitest';
import type { ReadEntry } from '../log/entry';
import { lifeOf, type Living } from './life';

const schedule = {
  announced_at: '2026-03-02T01:00:00.000Z', registration_closes: '2026-03-16T09:00:00.000Z', auction_opens: '2026-03-18T01:00:00.000Z',
  free_until: '2026-03-18T02:00:00.000Z', limited_seconds: 300, extension_seconds: 300
};
const lot = (state: string, change: Partial<Living> = {}): Living => ({ state, schedule, ...change });
const entry = (index: number, kind: string, body: Record<string, unknown> = {}): ReadEntry => ({
  index, kind, at: `2026-03-0${1 + (index % 9)}T00:00:00.000Z`, actor: '', subject: 'lot:x', region: '', rulebook: '', body, text: '', leafHash: ''
});
/** Newest first, as the log's explorer answers. */
const story = [
  entry(7, 'registration.closed'), entry(6, 'lot.announced'), entry(5, 'lot.reviewed', { stage: 'township', outcome: 'approved' }),
  entry(4, 'lot.submitted'), entry(3, 'lot.reviewed', { stage: 'township', outcome: 'returned' }), entry(2, 'lot.submitted'), entry(1, 'lot.drafted')
];
const status = (steps: ReturnType<typeof lifeOf>): string => steps.map((step) => step.status[0]).join('');

describe('the life of a lot', () => {
  it('shows planned days without the log', () => {
    const steps = lifeOf(lot('announced'));
    expect(status(steps)).toBe('ddddctttttt');
    expect(steps.map((step) => step.at).filter(Boolean)).toEqual([schedule.announced_at, schedule.registration_closes, schedule.auction_opens]);
  });

  it('takes times and proofs from the log, the newest submission and the skipped review among them', () => {
    const steps = lifeOf(lot('bidding'), story);
    expect(status(steps)).toBe('dddsddctttt');
    expect(steps.map((step) => step.index)).toEqual([1, 4, 5, null, 6, 7, null, null, null, null, null]);
    expect(steps[6]?.at).toBe(schedule.auction_opens);
  });

  it('begins the auction when offers begin, not when its room is made', () => {
    const early = [entry(8, 'room.opened', { opens: schedule.auction_opens }), ...story];
    const waiting = lifeOf(lot('registration-closed'), early)[6];
    expect(waiting).toEqual({ id: 'bidding', status: 'todo', at: schedule.auction_opens, index: null });
    expect(lifeOf(lot('bidding'), early)[6]).toEqual({ id: 'bidding', status: 'current', at: schedule.auction_opens, index: 8 });
  });

  it('ends with what was done', () => {
    expect(status(lifeOf(lot('settled')))).toBe('ddddddddddc');
    expect(status(lifeOf(lot('certified')))).toBe('ddddddddddd');
  });

  it('stops where it stopped', () => {
    expect(status(lifeOf(lot('unsold', { qualified: 0 })))).toBe('dddddsttttt');
    expect(status(lifeOf(lot('suspended')))).toBe('ddddsttttt'.padEnd(11, 't'));
    expect(status(lifeOf(lot('terminated'), story))).toBe('dddsdsttttt');
    expect(status(lifeOf(lot('defaulted', { price_fen: 1 })))).toBe('ddddddddstt');
  });
});
