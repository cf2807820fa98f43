import { describe, expect, it } from 'vitest';
import { formatClock, formatDate, formatDateTime, formatLeft, fromInput, isoDate, left, speakLeft, toInput } from './time';

const AT = '2024-12-31T16:30:07.000Z'; // half past midnight of New Year in Beijing

describe('Beijing time', () => {
  it('is eight hours ahead, over the turn of the year', () => {
    expect(formatDateTime(AT, 'zh')).toBe('2025年1月1日 00:30');
    expect(formatDateTime(AT, 'en', true)).toBe('1 Jan 2025, 00:30:07');
    expect(formatDate(AT, 'zh', true)).toBe('2025年1月1日（周三）');
    expect(formatDate(AT, 'en', true)).toBe('Wed 1 Jan 2025');
    expect(formatClock(AT)).toBe('00:30:07');
    expect(isoDate(AT)).toBe('2025-01-01');
  });

  it('takes a plain date as it stands', () => {
    expect(formatDate('2028-08-31', 'zh')).toBe('2028年8月31日');
  });

  it('goes into an input and back', () => {
    expect(toInput(AT)).toBe('2025-01-01T00:30');
    expect(fromInput('2025-01-01T00:30')).toBe('2024-12-31T16:30:00.000Z');
    expect(fromInput('')).toBeNull();
    expect(toInput(null)).toBe('');
  });

  it('refuses what is not a time', () => {
    expect(() => formatDate('soon', 'zh')).toThrow(RangeError);
  });
});

describe('what is left', () => {
  it('is over only when it is over', () => {
    expect(left(1)).toMatchObject({ ended: false, seconds: 1 });
    expect(left(0)).toMatchObject({ ended: true, seconds: 0 });
    expect(left(-5)).toMatchObject({ ended: true, days: 0, seconds: 0 });
  });

  it('is shown and spoken', () => {
    const ms = ((2 * 24 + 3) * 3600 + 4 * 60 + 5) * 1000;
    expect(formatLeft(ms, 'zh')).toBe('2 天 03:04:05');
    expect(formatLeft(245_000, 'en')).toBe('00:04:05');
    expect(speakLeft(ms, 'zh')).toBe('2 天 3 小时');
    expect(speakLeft(245_000, 'en')).toBe('4 minutes 5 seconds');
    expect(speakLeft(0, 'zh')).toBe('0 秒');
  });
});
