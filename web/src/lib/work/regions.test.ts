import { describe, expect, it } from 'vitest';
import { isRegion, regionsOf, regionWords } from './regions';

describe('regions', () => {
  it('have codes of known lengths', () => {
    expect(['', '50', '5001', '500155', '500155001', '500155001203', '50015500120301', '5', '500', 'ab', '50015x'].map(isRegion)).toEqual([
      true, true, true, true, true, true, true, false, false, false, false
    ]);
  });

  it('are said with their level', () => {
    expect(['', '500155', '500155001203', '123'].map(regionWords)).toEqual(['全国', '500155 · 县级', '500155001203 · 村级', '123']);
  });

  it('of some roles are the widest ones', () => {
    const grants = [
      { role: 'clerk', region: '500155001203' },
      { role: 'chair', region: '500155001' },
      { role: 'operator', region: '' },
      { role: 'clerk', region: '500156001001' }
    ] as const;
    expect(regionsOf(grants, ['clerk', 'chair'])).toEqual(['500155001', '500156001001']);
    expect(regionsOf(grants, ['operator', 'clerk'])).toEqual(['']);
    expect(regionsOf(grants, ['finance'])).toEqual([]);
  });
});
