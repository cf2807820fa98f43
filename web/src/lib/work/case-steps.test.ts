import { describe, expect, it } from 'vitest';
import { actorOf, fold } from './case-steps';
import type { CaseStep } from './supervision';

const step = (index: number, kind: string): CaseStep => ({ index, kind, happened_at: '', actor: '', rulebook: '', zh: '', en: '' });
const run = (from: number, count: number): CaseStep[] => Array.from({ length: count }, (_, n) => step(from + n, 'bid.placed'));
const shape = (steps: CaseStep[], opened: string[] = []) => fold(steps, new Set(opened)).map((row) => (row.kind === 'step' ? row.step.index : `…${row.steps.length}`));

describe('a case', () => {
  it('says who did a step', () => {
    expect(['system', '', 'bidder:12', '张*', 'bidder:x', 'registration:0197-ab'].map(actorOf)).toEqual([
      { kind: 'system' },
      { kind: 'system' },
      { kind: 'bidder', number: 12 },
      { kind: 'person', name: '张*' },
      { kind: 'person', name: 'bidder:x' },
      { kind: 'registration', id: '0197-ab' }
    ]);
  });

  it('folds a long auction and nothing else', () => {
    const steps = [step(1, 'room.opened'), ...run(2, 9), step(20, 'room.closed')];
    expect(shape(steps)).toEqual([1, 2, 3, '…5', 9, 10, 20]);
    expect(shape([step(1, 'room.opened'), ...run(2, 5), step(20, 'room.closed')])).toEqual([1, 2, 3, 4, 5, 6, 20]);
    expect(shape([])).toEqual([]);
  });

  it('unfolds what is asked for, and keeps two auctions apart', () => {
    const steps = [...run(1, 6), step(10, 'room.suspended'), ...run(11, 6)];
    expect(shape(steps)).toEqual([1, 2, '…2', 5, 6, 10, 11, 12, '…2', 15, 16]);
    expect(shape(steps, ['1'])).toEqual([1, 2, 3, 4, 5, 6, 10, 11, 12, '…2', 15, 16]);
  });
});
