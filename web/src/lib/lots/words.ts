/** The terms of a notice in plain words, in the language shown. */
import { formatMu } from '../format/area';
import { formatDecimal } from '../format/decimal';
import { formatYuan } from '../format/money';
import { formatPrice } from '../format/price';
import { formatDate, toMs } from '../format/time';
import { language } from '../i18n';
import { category, eligibility, holder, mode, priorityHolder } from '../i18n/catalogue/rights';
import { terms as t } from '../i18n/catalogue/terms';
import {
  ascendingOf,
  isLand,
  readSpan,
  rentSpan,
  type Escalator,
  type GrainRent,
  type Method,
  type Notice,
  type Payment,
  type Priority,
  type Quantity,
  type Start,
  type Term
} from './notice';
import type { Schedule } from './types';

/** A code's name; the code itself where these pages do not know it. */
function named(names: { has(key: string): boolean }, code: string | null | undefined): string {
  if (!code) return '';
  return names.has(code) ? (names as unknown as (key: string) => string)(code) : code;
}

export const categoryWords = (notice: Notice): string => named(category, notice.category) || (notice.category_text ?? '');
export const modeWords = (notice: Notice): string => named(mode, notice.mode) || (notice.mode_text ?? '');
export const holderWords = (notice: Notice): string => named(holder, notice.holder) || (notice.holder_text ?? '');
export const holderName = (code: string): string => named(priorityHolder, code);

/** `2 年 7 个月`. */
export function spanWords(span: string | null | undefined): string {
  const read = readSpan(span);
  if (!read) return span ?? '';
  const parts = [
    read.years > 0 ? t('year', { n: read.years }) : '',
    read.months > 0 ? t('month', { n: read.months }) : '',
    read.days > 0 ? t('day', { n: read.days }) : ''
  ].filter(Boolean);
  return parts.join(' ') || t('day', { n: 0 });
}

const startWords = (start: Start): string => (t.has(start) ? t(start) : start);
const dayWords = (day: string): string => formatDate(day, language.current);

export function termWords(term: Term | null | undefined): string {
  switch (term?.kind) {
    case 'sale':
      return t('sale');
    case 'fixed':
      return t('fixed', { from: dayWords(term.from), to: dayWords(term.to), span: spanWords(rentSpan(term)) });
    case 'length':
      return t(term.at_most ? 'atMost' : 'length', { span: spanWords(term.span), start: startWords(term.start) });
    case 'until':
      return t('until', { start: startWords(term.start), to: dayWords(term.to) });
    default:
      return t('notSaid');
  }
}

/** The term's length alone, for a card; empty where it is not known. */
export function termShort(term: Term | null | undefined): string {
  if (term?.kind === 'sale') return t('sale');
  if (term?.kind === 'until') return termWords(term);
  return spanWords(rentSpan(term));
}

const everyWords = (years: number | null | undefined): string => {
  if (!years) return '';
  return years === 1 ? t('everyYear') : t('everyYears', { n: years });
};
const percent = (text: string | number): string => formatDecimal(String(text), 4);

/** The escalator; `basis` is that of the price it counts in. */
export function escalatorWords(escalator: Escalator | null | undefined, basis: string): string {
  switch (escalator?.kind) {
    case 'none':
      return t('level');
    case 'percent':
      return t(escalator.compounding ? 'percentCompound' : 'percentSimple', {
        from: escalator.from_year,
        every: everyWords(escalator.every_years),
        percent: percent(escalator.percent)
      });
    case 'amount':
      return t('amountMore', {
        from: escalator.from_year,
        every: everyWords(escalator.every_years),
        amount: formatPrice(escalator.amount, basis, language.current)
      });
    case 'steps':
      return escalator.steps.map((step) => t('oneStep', { year: step.year, percent: percent(step.percent) })).join(t('comma'));
    case 'renegotiated':
      return t('renegotiated', { every: everyWords(escalator.every_years) }).trim();
    case 'open':
      return t('open', { every: everyWords(escalator.every_years) });
    default:
      return t('notSaid');
  }
}

export function grainWords(grain: GrainRent): string {
  const said = t('grain', { grain: grain.grain || t('grainAny'), jin: formatDecimal(String(grain.jin), 4) });
  if (grain.pricing.kind === 'price-of-year') return `${said}${t('comma')}${t('grainYear')}`;
  if (grain.pricing.kind !== 'reference') return said;
  // A price of a jin may have decimals of a fen: 131.5 fen are 1.315 yuan.
  const yuan = formatDecimal(shiftTwo(String(grain.pricing.fen_per_jin)), 6);
  return `${said}${t('comma')}${t('grainReference', { price: language.current === 'zh' ? `${yuan} 元` : `¥${yuan}` })}`;
}

/** Fen as decimal text in yuan. */
function shiftTwo(fen: string): string {
  const [whole = '0', fraction = ''] = fen.split('.');
  const digits = whole.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`;
}

export function methodWords(method: Method | null | undefined): string {
  if (!method) return t('notSaid');
  if (method.kind === 'by-bidders') {
    const [enough, fewer] = [methodWords(method.enough), methodWords(method.fewer)];
    const lower = (text: string): string => (language.current === 'en' ? text.charAt(0).toLowerCase() + text.slice(1) : text);
    return t('byBidders', { n: method.at_least, enough, fewer: lower(fewer) });
  }
  const name = t.has(method.kind) ? t(method.kind) : method.kind;
  if (method.kind === 'tender' && method.award) return `${name}${t('comma')}${t(method.award)}`;
  return name;
}

/** What the schedule of an announced lot says of its auction; it fills what the notice leaves open. */
type Running = Pick<Schedule, 'auction_opens' | 'free_until' | 'limited_seconds' | 'extension_seconds'>;

/** How the auction runs: free period, limited period, extensions. Empty where nothing of it is published. */
export function runWords(method: Method | null | undefined, schedule?: Running | null): string {
  const auction = ascendingOf(method);
  if (!auction) return '';
  const minutes = schedule ? Math.round((toMs(schedule.free_until) - toMs(schedule.auction_opens)) / 60_000) : auction.free_minutes;
  const window = schedule?.limited_seconds ?? auction.limited_seconds;
  const extension = schedule?.extension_seconds ?? auction.extension_seconds;
  return [
    minutes ? t('freePeriod', { minutes }) : '',
    window && extension ? t('limitedPeriod', { window, extension }) : '',
    auction.extension_cap ? t('extensionCap', { n: auction.extension_cap }) : ''
  ]
    .filter(Boolean)
    .join(t('comma'));
}

export function paymentWords(payment: Payment | null | undefined): string {
  if (!payment) return t('notSaid');
  const { plan, within, from } = payment;
  let said = '';
  if (plan?.kind === 'lump-sum') said = t('lump-sum');
  if (plan?.kind === 'every-years') said = plan.years === 1 ? t('yearly') : t('everyFewYears', { n: plan.years });
  if (plan?.kind === 'every-months') said = t('everyMonths', { n: plan.months });
  if (plan?.kind === 'instalments') {
    said = plan.parts.map((part) => t('instalment', { year: part.year, percent: percent(part.percent) })).join(t('comma'));
  }
  const first =
    within && from
      ? t('within', { anchor: t(`from-${from}`), days: t(within.working ? 'workingDays' : 'calendarDays', { n: within.count }) })
      : '';
  return [said, first].filter(Boolean).join(t('semicolon')) || (payment.text ?? '') || t('notSaid');
}

export function priorityWords(priority: Priority | null | undefined): string {
  if (!priority) return t('notSaid');
  if (priority.none) return t('noPriority');
  const ranks = (priority.ranks ?? []).map((rank) => rank.map(holderName).join(t('or'))).join(t('then'));
  let how = '';
  if (priority.exercise === 'match') how = t('match');
  if (priority.exercise === 'window') how = t('window', { n: priority.window_days ?? 0 });
  return [ranks, how, priority.next_time ? t('nextTime') : ''].filter(Boolean).join(t('semicolon')) || (priority.text ?? '') || t('notSaid');
}

export function eligibilityWords(priority: Priority | null | undefined): string {
  return named(eligibility, priority?.restricted_to);
}

export function quantityWords(quantity: Quantity | null | undefined): string {
  if (!quantity) return '';
  const unit = t.has(quantity.unit) ? t(quantity.unit as 'mu') : quantity.unit;
  return `${formatDecimal(quantity.amount, 6)} ${unit}`;
}

/** How much of it there is: mu for land, else what the notice counts in. Empty where it does not say. */
export function sizeWords(notice: Notice, areaMu: string | null | undefined): string {
  const parts = notice.components ?? [];
  const [only] = parts;
  if (areaMu && (isLand(notice) || parts.length > 1)) return formatMu(areaMu, language.current);
  return parts.length === 1 ? quantityWords(only?.quantity) : '';
}

/** An amount in yuan, in the language shown. */
export const yuanWords = (fen: number): string => formatYuan(fen, language.current);
