/**
 * Price bases (计价方式) and the conversions a person sees while typing. The basis is part of a price, never a label.
 * The server's figures decide; these only show, at once, what an amount means per mu and in all.
 */
import { decimal, divideHalfUp, pow10, type Decimal } from './decimal';
import { formatYuan, toFen, type Fen } from './money';
import type { Lang } from '../i18n/language.svelte';

/** For how much of the object, and for how much time, a price stands; the API writes both as one code such as `mu-year`. */
const PER = {
  whole: { zh: '', en: '' },
  mu: { zh: '/亩', en: 'per mu' },
  'square-metre': { zh: '/平方米', en: 'per m²' },
  hectare: { zh: '/公顷', en: 'per ha' },
  'cubic-metre': { zh: '/立方米', en: 'per m³' },
  unit: { zh: '/件', en: 'per unit' },
  'grain-mu': { zh: '/亩（实物折价）', en: 'per mu (grain rent)' }
} as const;
/** Longer suffixes first, so that `-first-year` is not read as `-year`. `aYear` is how many make a year. */
const EVERY = {
  'first-year': { zh: '（首年）', en: 'for the first year', aYear: 1n },
  'half-year': { zh: '/半年', en: 'a half-year', aYear: 2n },
  quarter: { zh: '/季度', en: 'a quarter', aYear: 4n },
  month: { zh: '/月', en: 'a month', aYear: 12n },
  year: { zh: '/年', en: 'a year', aYear: 1n },
  term: { zh: '（总价）', en: 'in all', aYear: null },
  day: { zh: '/天', en: 'a day', aYear: 365n }
} as const;

type Per = keyof typeof PER;
type Every = keyof typeof EVERY;

/** A basis taken apart. */
export interface PriceBasis {
  per: Per;
  every: Every;
}

/** Reads a code such as `square-metre-month`; null where these pages do not know it. */
export function readBasis(code: string): PriceBasis | null {
  for (const every of Object.keys(EVERY) as Every[]) {
    const head = code.slice(0, -every.length - 1);
    if (code.endsWith(`-${every}`) && Object.hasOwn(PER, head)) return { per: head as Per, every };
  }
  return null;
}

/**
 * The unit of a basis: `元/亩/年`, `per mu a year`. `counted` is the measure word behind a price per unit (个、座、台).
 * An unknown basis is shown as it came.
 */
export function basisUnit(code: string, lang: Lang, counted = '件'): string {
  const basis = readBasis(code);
  if (!basis) return code;
  const per = basis.per === 'unit' && lang === 'zh' ? `/${counted}` : PER[basis.per][lang];
  const every = basis.every === 'term' && basis.per !== 'whole' ? { zh: '（整个期限）', en: 'for the whole term' } : EVERY[basis.every];
  return lang === 'zh' ? `元${per}${every.zh}` : [per, every.en].filter(Boolean).join(' ');
}

/** A price with its basis: `820 元/亩/年`, `¥820 per mu a year`. */
export function formatPrice(amount: Fen, code: string, lang: Lang, counted?: string): string {
  const text = formatYuan(amount, lang);
  const unit = basisUnit(code, lang, counted);
  return lang === 'zh' ? `${text.replace(/ 元$/, '')} ${unit}` : `${text} ${unit}`;
}

/** What the conversions need to know of a lot; what is unknown leaves its figures out. */
export interface Extent {
  /** Area in mu, decimal text. */
  areaMu?: string | null;
  /** Term in years, decimal text. */
  years?: string | null;
  /** How many things or cubic metres, decimal text. */
  count?: string | null;
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

/** How many of what a price stands for lie in the object; null where that is not known. */
function unitsOf(per: Per, extent: Extent): Ratio | null {
  const mu = known(extent.areaMu);
  switch (per) {
    case 'whole':
      return { top: 1n, bottom: 1n };
    case 'mu':
    case 'grain-mu':
      return mu;
    case 'square-metre': // a mu is 2000/3 square metres exactly
      return mu && times(mu, { top: 2000n, bottom: 3n });
    case 'hectare': // 15 mu are a hectare
      return mu && over(mu, { top: 15n, bottom: 1n });
    case 'unit':
    case 'cubic-metre':
      return known(extent.count);
  }
}

/**
 * What `amount` on the basis `code` comes to per mu and year, per year and for the whole term at a level price.
 * With an escalator the total is another; the page says so beside the figure.
 */
export function meaning(amount: Fen, code: string, extent: Extent): Meaning {
  const none: Meaning = { perMuYear: null, perYear: null, total: null };
  const basis = readBasis(code);
  if (!basis) return none;
  const price: Ratio = { top: toFen(amount), bottom: 1n };
  const mu = known(extent.areaMu);
  const years = known(extent.years);
  const units = unitsOf(basis.per, extent);
  const inAll = units && times(price, units);
  const { aYear } = EVERY[basis.every];

  let perYear: Ratio | null;
  let total: Ratio | null;
  if (aYear === null) {
    total = inAll;
    perYear = total && years && over(total, years);
  } else {
    perYear = inAll && times(inAll, { top: aYear, bottom: 1n });
    total = perYear && years && times(perYear, years);
  }
  const muYear = (code === 'mu-year' || code === 'grain-mu-year') && price;
  const perMuYear = muYear || (perYear && mu && over(perYear, mu));
  return { perMuYear: perMuYear && fen(perMuYear), perYear: perYear && fen(perYear), total: total && fen(total) };
}

/** From where on an amount is odd; parameters of the rulebook, which the server applies too. */
export interface OutlierLimits {
  /** More steps above the current price than this. */
  steps: bigint;
  /** More than this multiple of the current price, in tenths. */
  highTenths: bigint;
  /** At most this multiple of the current price, in tenths: a slip where a seller states a price. */
  lowTenths: bigint;
}

/** Why an amount looks like a slip of the hand. */
export interface Outlier {
  kind: 'high' | 'low';
  /** Tenths of the reference: 102 means 10.2 times. */
  tenths: bigint;
}

/** What the pages ask about where no rulebook says otherwise. The server asks again by its own limits whatever the page does. */
export const OUTLIER_LIMITS: OutlierLimits = { steps: 50n, highTenths: 15n, lowTenths: 3n };

/**
 * Whether an amount is so far from a reference (the leading price, the reserve, the median of comparables) that the person should be asked
 * again: one zero too many or too few, or a total in place of a unit price. Never refuses: it may be meant.
 */
export function outlier(amount: Fen, reference: Fen, step: Fen | null = null, limits: OutlierLimits = OUTLIER_LIMITS): Outlier | null {
  const [value, base] = [toFen(amount), toFen(reference)];
  if (base <= 0n) return null;
  const tenths = divideHalfUp(value * 10n, base);
  const steps = step !== null && toFen(step) > 0n ? (value - base) / toFen(step) : 0n;
  if (value * 10n > base * limits.highTenths || steps > limits.steps) return { kind: 'high', tenths };
  if (value * 10n <= base * limits.lowTenths) return { kind: 'low', tenths };
  return null;
}
