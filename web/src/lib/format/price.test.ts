import { describe, expect, it } from 'vitest';
import { formatHectares, formatMu, formatSquareMetres } from './area';
import { divideHalfUp, formatDecimal, formatPercent, parseDecimal } from './decimal';
import { formatPrice, meaning, outlier, readBasis } from './price';

describe('decimals', () => {
  it('rounds half away from zero', () => {
    expect([divideHalfUp(5n, 2n), divideHalfUp(-5n, 2n), divideHalfUp(4n, 3n), divideHalfUp(5n, -3n)]).toEqual([3n, -3n, 1n, -2n]);
  });

  it('are read exactly or not at all', () => {
    expect(parseDecimal('374.60')).toEqual({ units: 37460n, scale: 2 });
    expect(['', '.5', '1e3', '1,000', 'NaN'].map(parseDecimal)).toEqual([null, null, null, null, null]);
  });

  it('are written for reading', () => {
    expect(formatDecimal('1234567.8900')).toBe('1,234,567.89');
    expect(formatDecimal('100')).toBe('100');
    expect(formatDecimal('-0.00000049')).toBe('0');
    expect(formatPercent('0.3', 'zh')).toBe('30%');
    expect(formatPercent('0.12345', 'en')).toBe('12.35 %');
  });
});

describe('areas', () => {
  it('convert from mu', () => {
    expect(formatMu('374.6', 'zh')).toBe('374.6 亩');
    expect(formatHectares('374.6', 'zh')).toBe('24.9733 公顷');
    expect(formatSquareMetres('1', 'en')).toBe('666.67 m²');
  });
});

describe('price bases', () => {
  it('a price per mu and year comes to a year and to the whole term', () => {
    expect(meaning(82_000, 'mu-year', { areaMu: '374.6', years: '5' })).toEqual({
      perMuYear: 82_000n,
      perYear: 30_717_200n,
      total: 153_586_000n
    });
  });

  it('a yearly rent comes to a price per mu, rounded to the fen', () => {
    expect(meaning(16_107_800, 'whole-year', { areaMu: '374.6', years: '3' })).toEqual({
      perMuYear: 43_000n,
      perYear: 16_107_800n,
      total: 48_323_400n
    });
  });

  it('a whole-term price comes to a year', () => {
    expect(meaning(100_000, 'whole-term', { areaMu: '3', years: '7' })).toEqual({ perMuYear: 4762n, perYear: 14_286n, total: 100_000n });
  });

  it('a price per square metre and month uses 2000/3 square metres a mu', () => {
    expect(meaning(1_000, 'square-metre-month', { areaMu: '0.3', years: '1' }).perYear).toBe(2_400_000n);
  });

  it.each([
    ['whole-first-year', '首年', 5_000_000n],
    ['whole-quarter', '季度', 20_000_000n],
    ['whole-day', '天', 1_825_000_000n],
    ['hectare-year', '公顷', 5_000_000n * 2n],
    ['unit-year', '座', 5_000_000n * 8n]
  ])('%s', (code, word, perYear) => {
    expect(meaning(5_000_000, code, { areaMu: '30', years: '1', count: '8' }).perYear).toBe(perYear);
    expect(formatPrice(5_000_000, code, 'zh', '座')).toContain(word);
  });

  it('knows every basis that the rules know', () => {
    const per = ['whole', 'mu', 'square-metre', 'hectare', 'cubic-metre', 'unit', 'grain-mu'];
    const every = ['term', 'year', 'first-year', 'half-year', 'quarter', 'month', 'day'];
    for (const a of per) for (const b of every) expect(readBasis(`${a}-${b}`), `${a}-${b}`).toEqual({ per: a, every: b });
    expect(['mu', 'acre-year', '-year', 'toString-year'].map(readBasis)).toEqual([null, null, null, null]);
  });

  it('leaves out what is not known', () => {
    expect(meaning(100, 'mu-year', {})).toEqual({ perMuYear: 100n, perYear: null, total: null });
    expect(meaning(100, 'unit-term', { areaMu: '2', years: '2' })).toEqual({ perMuYear: null, perYear: null, total: null });
  });

  it('names the basis', () => {
    expect(formatPrice(82_000, 'mu-year', 'zh')).toBe('820 元/亩/年');
    expect(formatPrice(82_000, 'mu-year', 'en')).toBe('¥820 per mu a year');
    expect(formatPrice(82_000, 'mu-fortnight', 'zh')).toBe('820 mu-fortnight');
  });
});

describe('outlier', () => {
  it('one zero too many or too few is asked again', () => {
    expect(outlier(1_000_000, 100_000)).toEqual({ kind: 'high', tenths: 100n });
    expect(outlier(10_000, 100_000)).toEqual({ kind: 'low', tenths: 1n });
  });

  it('so are many steps at once, though the price grew little', () => {
    expect(outlier(1_051_000, 1_000_000, 1_000)).toMatchObject({ kind: 'high' });
    expect(outlier(1_050_000, 1_000_000, 1_000)).toBeNull();
  });

  it('an ordinary raise is not', () => {
    expect([outlier(105_000, 100_000), outlier(150_000, 100_000), outlier(40_000, 100_000), outlier(1, 0)]).toEqual([null, null, null, null]);
  });
});
