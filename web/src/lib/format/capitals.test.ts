import { describe, expect, it } from 'vitest';
import { capitals } from './capitals';

describe('capitals', () => {
  // The examples printed in 支付结算办法, 附件一.
  it.each([
    [140_950n, '人民币壹仟肆佰零玖元伍角'],
    [600_714n, '人民币陆仟零柒元壹角肆分'],
    [168_032n, '人民币壹仟陆佰捌拾元零叁角贰分'],
    [10_700_053n, '人民币壹拾万柒仟元零伍角叁分'],
    [1_640_902n, '人民币壹万陆仟肆佰零玖元零贰分'],
    [32_504n, '人民币叁佰贰拾伍元零肆分']
  ])('writes %s fen as the regulation does', (fen, text) => {
    expect(capitals(fen)).toBe(text);
  });

  it.each([
    [0, '人民币零元整'],
    [1, '人民币壹分'],
    [10, '人民币壹角'],
    [15, '人民币壹角伍分'],
    [100, '人民币壹元整'],
    [1_000, '人民币壹拾元整'],
    [10_000, '人民币壹佰元整'],
    [10_100, '人民币壹佰零壹元整'],
    [11_000, '人民币壹佰壹拾元整'],
    [1_000_000, '人民币壹万元整'],
    [1_000_100, '人民币壹万零壹元整'],
    [1_050_000, '人民币壹万零伍佰元整'],
    [1_100_000, '人民币壹万壹仟元整'],
    [10_010_000, '人民币壹拾万零壹佰元整'],
    [11_750_000, '人民币壹拾壹万柒仟伍佰元整'],
    [100_000_000, '人民币壹佰万元整'],
    [1_800_000_000, '人民币壹仟捌佰万元整'],
    [10_000_000_000, '人民币壹亿元整'],
    [10_000_000_100, '人民币壹亿零壹元整'],
    [10_000_050_000, '人民币壹亿零伍佰元整'],
    [100_050_000_000, '人民币壹拾亿零伍拾万元整'],
    [100_000_000_000_000, '人民币壹万亿元整'],
    [123_450_000_000_000, '人民币壹万贰仟叁佰肆拾伍亿元整'],
    [-140_950, '人民币负壹仟肆佰零玖元伍角']
  ])('writes %s fen', (fen, text) => {
    expect(capitals(fen)).toBe(text);
  });

  it('refuses what is not whole fen', () => {
    expect(() => capitals(0.5)).toThrow(RangeError);
    expect(() => capitals(2 ** 60)).toThrow(RangeError);
  });

  // Reads the capitals back by a second, simpler path and compares over many amounts.
  it('can be read back to the same amount', () => {
    const digit = (c: string): number => '零壹贰叁肆伍陆柒捌玖'.indexOf(c);
    const read = (text: string): bigint => {
      let rest = text.replace('人民币', '').replace('整', '');
      let fen = 0n;
      const cut = rest.indexOf('元');
      const yuan = cut < 0 ? '' : rest.slice(0, cut);
      rest = cut < 0 ? rest : rest.slice(cut + 1);
      let total = 0n;
      let section = 0n;
      let last = 0n;
      for (const c of yuan) {
        if (digit(c) >= 0) last = BigInt(digit(c));
        else if (c === '亿') [total, section, last] = [(total + section + last) * 100_000_000n, 0n, 0n];
        else if (c === '万') [total, section, last] = [total + (section + last) * 10_000n, 0n, 0n];
        else [section, last] = [section + last * { 拾: 10n, 佰: 100n, 仟: 1000n }[c]!, 0n];
      }
      fen = (total + section + last) * 100n;
      for (const [, d = '', unit] of rest.matchAll(/([壹贰叁肆伍陆柒捌玖])([角分])/g)) {
        fen += BigInt(digit(d)) * (unit === '角' ? 10n : 1n);
      }
      return fen;
    };
    let seed = 20240925n;
    for (let i = 0; i < 4000; i += 1) {
      seed = (seed * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
      const amount = (seed >> 11n) % 10n ** BigInt(1 + (i % 14));
      expect(read(capitals(amount))).toBe(amount);
    }
  });
});
