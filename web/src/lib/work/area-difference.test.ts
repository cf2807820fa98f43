import { describe, expect, it } from 'vitest';
import { decimalText } from '../format/decimal';
import { areaDifference } from './area-difference';

const read = (stated: string, measured: string) => {
  const difference = areaDifference(stated, measured);
  return difference && [decimalText(difference.mu), difference.share && decimalText(difference.share)];
};

describe('the difference of areas', () => {
  it('is exact, whichever has more places', () => {
    expect(read('374.6', '376.0012')).toEqual(['1.4012', '0.0037']);
    expect(read('10.5', '10')).toEqual(['-0.5', '-0.0500']);
    expect(read('12', '12.0')).toEqual(['0.0', '0.0000']);
  });

  it('has no share of nothing, and none of words', () => {
    expect(read('1', '0')).toEqual(['-1', null]);
    expect(read('x', '1')).toBeNull();
  });
});
