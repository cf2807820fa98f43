/**
 * The notice of a lot (公告), the JSON that the core writes: everything that a notice need not say is absent. Decimals are text, money is
 * whole fen, days are `YYYY-MM-DD` and hours are in Beijing. Follows `sanbian_domain::notice`.
 */
import { decimal, formatDecimal, pow10, type Decimal } from '../format/decimal';
import type { Extent } from '../format/price';

/** An amount and the basis that it stands on. */
export interface UnitPrice {
  amount: number;
  basis: string;
}

export interface Quantity {
  amount: string;
  /** mu, square-metre, hectare, cubic-metre, cubic-metre-year, or a measure word such as 间. */
  unit: string;
}

export interface LotComponent {
  kind?: string;
  quantity?: Quantity | null;
  price?: UnitPrice | null;
}

export type Start = 'signing' | 'handover' | 'award' | 'unstated';

export type Term =
  | { kind: 'sale' }
  | { kind: 'fixed'; from: string; to: string; counted?: string | null }
  | { kind: 'length'; span: string; start: Start; at_most?: boolean }
  | { kind: 'until'; start: Start; to: string; counted?: string | null };

export type Escalator =
  | { kind: 'none' }
  | { kind: 'percent'; percent: string; every_years: number; from_year: number; compounding: boolean }
  | { kind: 'amount'; amount: number; every_years: number; from_year: number }
  | { kind: 'steps'; steps: { year: number; percent: string }[] }
  | { kind: 'renegotiated'; every_years?: number | null }
  | { kind: 'open'; every_years?: number | null };

export interface GrainRent {
  grain: string;
  jin: string;
  basis: string;
  pricing: { kind: 'reference'; fen_per_jin: string } | { kind: 'price-of-year'; fen_per_jin?: string | null } | { kind: 'unstated' };
  step?: string | null;
}

export interface PriceTerms {
  reserve?: UnitPrice | null;
  grain?: GrainRent | null;
  escalator?: Escalator | null;
  published_total?: number | null;
  confidential_reserve?: boolean;
  offers_in?: string | null;
}

export interface AscendingTerms {
  free_minutes?: number | null;
  limited_seconds?: number | null;
  extension_seconds?: number | null;
  extension_cap?: number | null;
  step?: UnitPrice | null;
  max_step?: UnitPrice | null;
  ceiling?: UnitPrice | null;
  steps_from?: 'reserve' | 'leading';
}

type Tie = 'draw' | 'offer-again' | 'earlier';
interface Sealed {
  tie?: Tie | null;
  step?: UnitPrice | null;
  ceiling?: UnitPrice | null;
}

export type Method =
  | ({ kind: 'ascending' } & AscendingTerms)
  | ({ kind: 'sealed' } & Sealed)
  | ({ kind: 'multi-round'; rounds?: number | null } & Sealed)
  | { kind: 'descending'; step?: UnitPrice | null; every_seconds?: number | null; floor?: UnitPrice | null }
  | ({ kind: 'tender'; award?: 'highest-price' | 'lowest-price' | 'scored' | null } & Sealed)
  | { kind: 'negotiated' }
  | { kind: 'fixed-price-draw' }
  | { kind: 'by-bidders'; at_least: number; enough: Method; fewer: Method };

export interface Payment {
  plan?:
    | { kind: 'lump-sum' }
    | { kind: 'every-years'; years: number }
    | { kind: 'every-months'; months: number }
    | { kind: 'instalments'; parts: { percent: string; year: number }[] }
    | null;
  within?: { count: number; working: boolean } | null;
  from?: 'award' | 'result-notice' | 'signing' | null;
  text?: string;
}

export interface Priority {
  ranks?: string[][];
  none?: boolean;
  exercise?: 'match' | 'window' | null;
  window_days?: number | null;
  restricted_to?: string | null;
  next_time?: boolean;
  text?: string;
}

export interface Location {
  province?: string;
  city?: string;
  county?: string;
  township?: string;
  village?: string;
  detail?: string;
}

export interface NoticeDeposit {
  amount: number;
  kind: string;
  becomes_performance?: boolean;
}

export interface Notice {
  title?: string;
  category?: string | null;
  category_text?: string;
  holder?: string | null;
  holder_text?: string;
  mode?: string | null;
  mode_text?: string;
  region?: string | null;
  location?: Location;
  components?: LotComponent[];
  term?: Term | null;
  price?: PriceTerms;
  method?: { method?: Method | null; venue?: 'online' | 'onsite' | 'both' | null; text?: string } | null;
  deposit?: NoticeDeposit | null;
  other_deposits?: { kind: string; amount?: UnitPrice | null; text?: string }[];
  payment?: Payment | null;
  intended_use?: string;
  restrictions?: string;
  priority?: Priority | null;
  qualification?: string;
  special_conditions?: string;
  takers?: number | null;
}

const LAND = new Set(['contracted-land', 'collective-land', 'four-wastes', 'forest', 'water', 'construction-land']);

/** Whether the lot is land or water, whose price people compare per mu and year; nobody does so for a shop. As the core's `Category::is_land`. */
export const isLand = (notice: Notice): boolean => LAND.has(notice.category ?? '');

/** The basis that offers are made in; a price without one is for the whole term. */
export function offerBasis(notice: Notice): string {
  return notice.price?.offers_in ?? notice.price?.reserve?.basis ?? 'whole-term';
}

/** An ISO 8601 span such as `P2Y7M`, taken apart; null where it is none. */
export function readSpan(text: string | null | undefined): { years: number; months: number; days: number } | null {
  const parts = /^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(text ?? '');
  return parts && { years: Number(parts[1] ?? 0), months: Number(parts[2] ?? 0), days: Number(parts[3] ?? 0) };
}

/** Whole months of a span that counts no days, for searching comparable deals. */
export function spanMonths(text: string | null | undefined): number | null {
  const span = readSpan(text);
  return span && span.years * 12 + span.months;
}

/** The length between two days, both included, in whole years, months and days, as the core reckons it; null where it runs backwards. */
export function spanBetween(from: string, to: string): string | null {
  const [y = 0, m = 0, d = 0] = from.split('-').map(Number);
  const [endY = 0, endM = 0, endD = 0] = to.split('-').map(Number);
  const end = Date.UTC(endY, endM - 1, endD + 1);
  if (!(end > Date.UTC(y, m - 1, d))) return null;
  /** The day so many months after `from`; where the month is too short, its last day. */
  const after = (months: number): number => {
    const last = new Date(Date.UTC(y, m + months, 0)).getUTCDate();
    return Date.UTC(y, m - 1 + months, Math.min(d, last));
  };
  let months = 0;
  while (after(months + 1) <= end) months += 1;
  const days = Math.round((end - after(months)) / 86_400_000);
  const years = Math.floor(months / 12);
  const rest = months % 12;
  return `P${years ? `${years}Y` : ''}${rest ? `${rest}M` : ''}${days || months === 0 ? `${days}D` : ''}`;
}

/** The span that rent is counted for; null for a sale, and where it starts on a day not known yet. */
export function rentSpan(term: Term | null | undefined): string | null {
  switch (term?.kind) {
    case 'fixed':
      return term.counted ?? spanBetween(term.from, term.to);
    case 'length':
      return term.span;
    case 'until':
      return term.counted ?? null;
    default:
      return null;
  }
}

/** A span in years as decimal text, for prices by the year; null where it is not a fraction of months. */
export function spanYears(text: string | null): string | null {
  const span = readSpan(text);
  if (!span) return null;
  // 4380 parts make a year, as in the core: a month is 365 of them, a day 12. Twelve places are far below a fen.
  const parts = BigInt((span.years * 12 + span.months) * 365 + span.days * 12);
  const scale = 12;
  const units = (parts * pow10(scale)) / 4380n;
  const whole = formatDecimal({ units, scale }, scale).replaceAll(',', '');
  return units > 0n ? whole : null;
}

/** The sum of quantities in one unit; null where they differ or one is missing. */
function sum(components: readonly LotComponent[], unitOf: (unit: string) => boolean): Decimal | null {
  let units = 0n;
  const scale = 8;
  for (const { quantity } of components) {
    if (!quantity || !unitOf(quantity.unit)) return null;
    const one = decimal(quantity.amount);
    if (one.scale > scale) return null;
    units += one.units * pow10(scale - one.scale);
  }
  return components.length > 0 ? { units, scale } : null;
}

/** What the conversions on the page need to know of a lot. `areaMu` is the server's own figure. */
export function extentOf(notice: Notice, areaMu: string | null | undefined): Extent {
  const AREA = ['mu', 'square-metre', 'hectare'];
  const count = sum(notice.components ?? [], (unit) => !AREA.includes(unit));
  return {
    areaMu: areaMu ?? null,
    years: spanYears(rentSpan(notice.term)),
    count: count && formatDecimal(count, 8).replaceAll(',', '')
  };
}

/** The measure word behind a price per unit (个、座、台). */
export function countWord(notice: Notice): string | undefined {
  const word = notice.components?.find(({ quantity }) => quantity && /^[\u4e00-\u9fff]/.test(quantity.unit))?.quantity?.unit;
  return word ?? undefined;
}

/** The place as one line, from the county down; names that repeat their parent are said once. */
export function placeOf(notice: Notice, whole = false): string {
  const at = notice.location ?? {};
  const names = whole ? [at.province, at.city, at.county, at.township, at.village] : [at.county, at.township, at.village];
  const parts = names.filter((name, index): name is string => Boolean(name) && name !== names[index - 1] && name !== '省直辖');
  return parts.length > 0 ? parts.join('') : (at.detail ?? '');
}

/** The terms of the ascending auction, also where it depends on the number of bidders. */
export function ascendingOf(method: Method | null | undefined): AscendingTerms | null {
  if (method?.kind === 'ascending') return method;
  if (method?.kind === 'by-bidders') return ascendingOf(method.enough) ?? ascendingOf(method.fewer);
  return null;
}
