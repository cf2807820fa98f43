/**
 * Price bases (计价方式) and the conversions a person sees while typing. The basis is part of a price, never a label.
 * The server's figures decide; these only show, at once, what an amount means per mu and in all.
 */
import { decimal, divideHalfUp, pow10, type Decimal } from './decimal';
import { formatYuan, toFen, type Fen } from './money';
import type { Lang } from '../i18n/language.svelte';

/** The bases in which notices state a price. */
export const PRICE_BASES = [
  'per-mu-year',
  'per-square-metre-month',
  'per-year',
  'first-year',
  'whole-term',
  'per-unit'
] as const;
export type PriceBasis = (typeof PRICE_BASES)[number];

const UNIT: Record<PriceBasis, { zh: string; en: string }> = {
  'per-mu-year': { zh: '元/亩·年', en: 'per mu and year' },
  'per-square-metre-month': { zh: '元/平方米·月', en: 'per m² and month' },
  'per-year': { zh: '元/年', en: 'per year' },
  'first-year': { zh: '元/首年', en: 'for the first year' },
  'whole-term': { zh: '元/全期', en: 'for the whole term' },
  'per-unit': { zh: '元/单位', en: 'per unit' }
};

export function isPriceBasis(value: string): value is PriceBasis {
  return (PRICE_BASES as readonly string[]).includes(value);
}

/** The unit of a basis: `元/亩·年`. An unknown basis is shown as it came. */
export function basisUnit(basis: string, lang: Lang): string {
  return isPriceBasis(basis) ? UNIT[basis][lang] : basis;
}

/** A price with its basis: `820 元/亩·年`, `¥820 per mu and year`. */
export function formatPrice(amount: Fen, basis: string, lang: Lang): string {
  const text = formatYuan(amount, lang);
  return lang === 'zh' ? `${text.replace(/ 元$/, '')} ${basisUnit(basis, lang)}` : `${text} ${basisUnit(basis, lang)}`;
}

/** What the conversions need to know of a lot; what is unknown leaves its figures out. */
export interface Extent {
  /** Area in mu, decimal text. */
  areaMu?: string | null;
  /** Term in years, decimal text. */
  years?: string | null;
}

/** The same price on other bases, in fen, rounded half up. A figure that can't be known is null. */
export interface Meaning {
  perMuYear: bigint | null;
  perYear: bigint | null;
  total: bigint | null;
}

/** An exact fraction. */
interface Ratio {
  top: bigint;
  bottom: bigint;
}

const times = (a: Ratio, b: Ratio): Ratio => ({ top: a.top * b.top, bottom: a.bottom * b.bottom });
const over = (a: Ratio, b: Ratio): Ratio => ({ top: a.top * b.bottom, bottom: a.bottom * b.top });
const ratio = (value: Decimal): Ratio => ({ top: value.units, bottom: pow10(value.scale) });
const fen = (value: Ratio): bigint => divideHalfUp(value.top, value.bottom);

function known(text: string | null | undefined): Ratio | null {
  if (!text) return null;
  const value = decimal(text);
  return value.units > 0n ? ratio(value) : null;
}

/** A mu is 2000/3 square metres exactly. */
const SQUARE_METRES_PER_MU: Ratio = { top: 2000n, bottom: 3n };

/**
 * What `amount` on `basis` comes to per mu and year, per year and for the whole term at a level price.
 * With an escalator the total is more than shown here; the page says so beside the figure.
 */
export function meaning(amount: Fen, basis: PriceBasis, extent: Extent): Meaning {
  const price: Ratio = { top: toFen(amount), bottom: 1n };
  const mu = known(extent.areaMu);
  const years = known(extent.years);
  let perYear: Ratio | null = null;

  switch (basis) {
    case 'per-mu-year':
      perYear = mu && times(price, mu);
      break;
    case 'per-square-metre-month':
      perYear = mu && times(times(price, { top: 12n, bottom: 1n }), times(mu, SQUARE_METRES_PER_MU));
      break;
    case 'per-year':
    case 'first-year':
      perYear = price;
      break;
    case 'whole-term':
      perYear = years && over(price, years);
      break;
    case 'per-unit':
      break;
  }
  const perMuYear = basis === 'per-mu-year' ? price : perYear && mu && over(perYear, mu);
  const total = basis === 'whole-term' ? price : perYear && years && times(perYear, years);
  return {
    perMuYear: perMuYear && fen(perMuYear),
    perYear: perYear && fen(perYear),
    total: total && fen(total)
  };
}

/** Why an amount looks like a slip of the hand, and against what. */
export interface Outlier {
  kind: 'high' | 'low';
  /** Tenths of the reference: 102 means 10.2 times. */
  tenths: bigint;
}

/**
 * Whether an amount is so far from a reference (the leading price, the reserve, the median of comparables) that the person should be asked
 * again: one zero too many or too few. Limits are multiples of the reference, in tenths.
 */
export function outlier(amount: Fen, reference: Fen, highTenths = 30n, lowTenths = 3n): Outlier | null {
  const base = toFen(reference);
  if (base <= 0n) return null;
  const tenths = divideHalfUp(toFen(amount) * 10n, base);
  if (tenths >= highTenths) return { kind: 'high', tenths };
  if (tenths <= lowTenths) return { kind: 'low', tenths };
  return null;
}
