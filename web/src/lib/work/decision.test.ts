import { describe, expect, it } from 'vitest';
import { needed, readCount, reckon } from './decision';

const tally = (eligible: number, present: number, inFavour: number, against = 0, abstained = 0) => ({ eligible, present, inFavour, against, abstained });

describe('two thirds of all', () => {
  it('is rounded up to people', () => {
    expect([1, 2, 3, 4, 100, 151, 300].map(needed)).toEqual([1, 2, 2, 3, 67, 101, 200]);
  });

  it('carries exactly at the edge', () => {
    expect(reckon(tally(300, 250, 200, 40, 10))).toMatchObject({ carries: true, missing: 0, needed: 200, uncounted: 0, fault: null });
    expect(reckon(tally(300, 250, 199, 40, 11))).toMatchObject({ carries: false, missing: 1, mistaken: true });
  });

  it('is not two thirds of those present', () => {
    // 90 of 120 present are three quarters of them, and less than half of the 200 who may vote.
    expect(reckon(tally(200, 120, 90, 30))).toMatchObject({ carries: false, needed: 134, missing: 44, mistaken: true });
    expect(reckon(tally(200, 120, 70, 50))).toMatchObject({ carries: false, mistaken: false });
  });

  it('is not reckoned with figures that can’t be true', () => {
    expect(reckon(tally(0, 0, 0)).fault).toBe('none-eligible');
    expect(reckon(tally(10, 11, 5)).fault).toBe('more-present');
    expect(reckon(tally(10, 8, 8, 1))).toMatchObject({ fault: 'more-votes', carries: false, uncounted: 0 });
  });

  it('shows who did not vote', () => {
    expect(reckon(tally(100, 90, 70, 10, 5)).uncounted).toBe(5);
  });

  it('reads counts as people type them', () => {
    expect(['120', '１２０人', ' 7 户 ', '', '-1', '1.5', 'abc', '99999999'].map(readCount)).toEqual([120, 120, 7, null, null, null, null, null]);
  });
});
