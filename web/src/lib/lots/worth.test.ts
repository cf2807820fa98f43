import { describe, expect, it } from 'vitest';
import type { Escalator } from './notice';
import { worthOf, type Priced } from './worth';

/** 374.6 mu at 820 yuan a mu and year over 5 years. */
function lot(escalator: Escalator | undefined, totalFen: number, muYearFen: number): Priced {
  return {
    notice: {
      category: 'collective-land',
      components: [{ quantity: { amount: '374.6', unit: 'mu' } }],
      term: { kind: 'length', span: 'P5Y', start: 'signing' },
      price: { reserve: { amount: 82_000, basis: 'mu-year' }, ...(escalator ? { escalator } : {}) }
    },
    area_mu: '374.6',
    reserve_fen: 82_000,
    reserve_total_fen: totalFen,
    per_mu_year_fen: muYearFen
  };
}

describe('an offer', () => {
  it('at a level rent is plain multiplication', () => {
    const worth = worthOf(lot(undefined, 153_586_000, 82_000));
    expect(worth(82_000)).toEqual({ perMuYear: 82_000n, perYear: 30_717_200n, total: 153_586_000n });
    expect(worth(90_000).total).toBe(168_570_000n);
  });

  it('at a rent that rises by per cent grows with the total at the reserve', () => {
    // 30,717,200 fen in the first year, 2 % more each year, each year rounded to the fen.
    const years = [30_717_200, 31_331_544, 31_958_175, 32_597_339, 33_249_286];
    const total = years.reduce((sum, year) => sum + year, 0);
    const worth = worthOf(lot({ kind: 'percent', percent: '2', every_years: 1, from_year: 2, compounding: true }, total, 85_346));
    expect(worth(82_000).total).toBe(BigInt(total));
    expect(worth(164_000).total).toBe(BigInt(total) * 2n);
    expect(worth(164_000).perMuYear).toBe(170_692n);
    expect(worth(82_000).perYear).toBeNull();
  });

  it('at a rent that rises by amounts moves with it', () => {
    // 50 yuan a mu more from the third year on: 374.6 mu x 50 yuan x 3 years more in all.
    const total = 153_586_000 + 374_6 * 500 * 3;
    const worth = worthOf(lot({ kind: 'amount', amount: 5_000, every_years: 5, from_year: 3 }, total, 85_000));
    expect(worth(82_000).total).toBe(BigInt(total));
    expect(worth(83_000)).toEqual({ perMuYear: 86_000n, perYear: null, total: BigInt(total + 1_873_000) });
  });

  it('for a shop is not told per mu', () => {
    const shop = lot(undefined, 153_586_000, 82_000);
    expect(worthOf({ ...shop, notice: { ...shop.notice, category: 'operating-asset' } })(82_000)).toEqual({ perMuYear: null, perYear: 30_717_200n, total: 153_586_000n });
  });

  it('for the whole term is itself', () => {
    const priced: Priced = { ...lot(undefined, 50_000_000, 26_695), notice: { ...lot(undefined, 0, 0).notice, price: { reserve: { amount: 50_000_000, basis: 'whole-term' } } }, reserve_fen: 50_000_000 };
    expect(worthOf(priced)(60_000_000)).toMatchObject({ total: 60_000_000n, perYear: 12_000_000n });
  });

  it('of parts with prices of their own goes by the server’s total', () => {
    const parts = lot(undefined, 100_000_000, 53_390);
    expect(worthOf(parts)(82_000).total).toBe(100_000_000n);
    expect(worthOf({ ...parts, reserve_total_fen: 0 })(82_000).total).toBe(153_586_000n);
  });
});
