import { describe, expect, it } from 'vitest';
import { firstPassword } from './password';

describe('a first password', () => {
  it('is four groups of four without look-alikes', () => {
    for (let n = 0; n < 50; n += 1) expect(firstPassword()).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  });

  it('is another one each time, and uses every sign', () => {
    const all = Array.from({ length: 200 }, () => firstPassword());
    expect(new Set(all).size).toBe(200);
    expect(new Set(all.join('').replaceAll('-', '')).size).toBe(31);
  });

  it('follows its source', () => {
    expect(firstPassword(() => 0)).toBe('aaaa-aaaa-aaaa-aaaa');
    expect(firstPassword((below) => below - 1)).toBe('9999-9999-9999-9999');
  });
});
