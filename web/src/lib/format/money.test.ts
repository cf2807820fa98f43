import { describe, expect, it } from 'vitest';
import { figures, formatYuan, inputYuan, readYuan, shortYuan } from './money';

describe('figures', () => {
  it.each([
    [0, '0'],
    [5, '0.05'],
    [123_450, '1,234.50'],
    [123_400, '1,234'],
    [-123_456_789, '-1,234,567.89'],
    [9_007_199_254_740_991, '90,071,992,547,409.91']
  ])('%s fen', (fen, text) => {
    expect(figures(fen)).toBe(text);
  });

  it('keeps the fen where asked', () => {
    expect(figures(123_400, true)).toBe('1,234.00');
  });

  it('refuses a float', () => {
    expect(() => figures(1.5)).toThrow(RangeError);
  });
});

describe('with units', () => {
  it('in both languages', () => {
    expect(formatYuan(123_450, 'zh')).toBe('1,234.50 元');
    expect(formatYuan(123_450, 'en')).toBe('¥1,234.50');
    expect(formatYuan(-100, 'en')).toBe('-¥1');
  });

  it.each([
    [999_900, '9,999 元', '¥9,999'],
    [1_800_000_000, '1,800 万元', '¥18 m'],
    [8_944_000, '约 8.94 万元', '¥89,440'],
    [6_000_000_000, '6,000 万元', '¥60 m'],
    [12_345_678_900, '约 1.23 亿元', 'c. ¥123.46 m'],
    [110_000_000_000, '11 亿元', '¥1.1 bn']
  ])('short: %s fen', (fen, zh, en) => {
    expect(shortYuan(fen, 'zh')).toBe(zh);
    expect(shortYuan(fen, 'en')).toBe(en);
  });
});

describe('readYuan', () => {
  it.each([
    ['820', 82_000],
    ['1,234.5', 123_450],
    ['1,234.50', 123_450],
    ['¥ 80 元', 8_000],
    ['12万', 12_000_000],
    ['1.2亿', 12_000_000_000],
    ['0.000001万', 1],
    ['5.', 500],
    ['\uff11\uff0c\uff12\uff13\uff14\uff0e\uff15', 123_450], // full-width, as Chinese keyboards write
    ['\uffe5 80', 8_000],
    ['0.10', 10]
  ])('%s', (typed, fen) => {
    expect(readYuan(typed)).toEqual({ fen });
  });

  it.each([
    ['', 'empty'],
    ['  元', 'empty'],
    ['-5', 'negative'],
    ['1.005', 'finer-than-fen'],
    ['0.0000001万', 'finer-than-fen'],
    ['1,50', 'not-a-number'],
    ['1.2.3', 'not-a-number'],
    ['abc', 'not-a-number'],
    ['1e5', 'not-a-number'],
    ['90071992547409.92', 'too-large']
  ])('%s is refused', (typed, fault) => {
    expect(readYuan(typed)).toEqual({ fault });
  });

  it('reads back what it writes into an input', () => {
    for (const fen of [0, 1, 99, 100, 8_944_000, 123_456_789]) expect(readYuan(inputYuan(fen))).toEqual({ fen });
    expect(inputYuan(null)).toBe('');
  });
});
