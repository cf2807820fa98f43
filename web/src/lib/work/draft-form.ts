/** The terms of a lot as a form: everything as typed. `draft-notice.ts` goes the way back. */
import type { AscendingTerms, Escalator, Method, Notice, Start, Term, UnitPrice } from '../lots/notice';
import { readSpan } from '../lots/notice';
import type { Asset } from './registry';

/** Days and hours that a draft wishes for, in Beijing: `2026-03-13` or `2026-03-13T16:00:00+08:00`. */
export type NoticeDates = Partial<
  Record<'announce_from' | 'announce_to' | 'register_from' | 'register_to' | 'auction_from' | 'auction_to', string | null>
>;
export type DraftNotice = Notice & { schedule?: NoticeDates };

export interface Part {
  kind: string;
  amount: string;
  unit: string;
  /** A price of its own, where a lot has several; kept as it is. */
  price?: UnitPrice | null;
}

/** Holders of priority rights that a form can rank. */
export const HOLDERS = ['member', 'sitting-lessee', 'co-owner', 'other'] as const;

export interface DraftForm {
  title: string;
  category: string;
  holder: string;
  mode: string;
  region: string;
  province: string;
  city: string;
  county: string;
  township: string;
  village: string;
  detail: string;
  parts: Part[];

  termKind: '' | Term['kind'];
  from: string | null;
  to: string | null;
  years: string;
  months: string;
  days: string;
  start: Start;
  atMost: boolean;

  reserveFen: number | null;
  basis: string;
  offersIn: string;
  escalator: '' | Escalator['kind'];
  escalatorPercent: string;
  escalatorFen: number | null;
  escalatorEvery: string;
  escalatorFrom: string;
  compounding: boolean;
  steps: { year: string; percent: string }[];

  method: '' | Method['kind'];
  venue: string;
  freeMinutes: string;
  limitedSeconds: string;
  extensionSeconds: string;
  stepFen: number | null;
  maxStepFen: number | null;
  ceilingFen: number | null;
  atLeast: string;
  fewer: Method['kind'];
  award: string;

  depositFen: number | null;
  depositKind: string;
  becomesPerformance: boolean;

  plan: '' | 'lump-sum' | 'every-years' | 'every-months' | 'instalments';
  planEvery: string;
  instalments: { year: string; percent: string }[];
  within: string;
  withinWorking: boolean;
  withinFrom: '' | 'award' | 'result-notice' | 'signing';
  paymentText: string;

  priority: '' | 'none' | 'ranks';
  /** Rank by holder; empty where the holder has none. */
  ranks: Record<string, string>;
  exercise: '' | 'match' | 'window';
  windowDays: string;
  restrictedTo: string;
  priorityText: string;

  intendedUse: string;
  restrictions: string;
  qualification: string;
  specialConditions: string;

  /** Wishes, RFC 3339; the rules put them off where they are too early. */
  registerTo: string | null;
  auctionFrom: string | null;
}

/** What stands in a field for a value. */
const text = (value: string | number | null | undefined): string => (value === null || value === undefined ? '' : String(value));

/** The instant of a published day or hour; a day alone is meant at that hour. */
export function instantOf(moment: string | null | undefined, hour: string): string | null {
  if (!moment) return null;
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(moment) ? `${moment}T${hour}:00:00+08:00` : moment);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

/** The auction's figures, wherever they stand in the method. */
function ascending(method: Method | null | undefined): AscendingTerms {
  if (method?.kind === 'ascending') return method;
  if (method?.kind === 'by-bidders' && method.enough.kind === 'ascending') return method.enough;
  return {};
}

export function formOf(notice: DraftNotice): DraftForm {
  const at = notice.location ?? {};
  const term = notice.term;
  const span = readSpan(term?.kind === 'length' ? term.span : null);
  const price = notice.price ?? {};
  const escalator = price.escalator;
  const method = notice.method?.method;
  const auction = ascending(method);
  const sealed: { step?: UnitPrice | null; ceiling?: UnitPrice | null } =
    method?.kind === 'sealed' || method?.kind === 'multi-round' ? method : {};
  const payment = notice.payment;
  const plan = payment?.plan;
  const priority = notice.priority;
  const ranks: Record<string, string> = Object.fromEntries(HOLDERS.map((holder) => [holder, '']));
  priority?.ranks?.forEach((rank, index) => rank.forEach((holder) => (ranks[holder] = String(index + 1))));
  return {
    title: text(notice.title),
    category: text(notice.category),
    holder: text(notice.holder),
    mode: text(notice.mode),
    region: text(notice.region),
    province: text(at.province),
    city: text(at.city),
    county: text(at.county),
    township: text(at.township),
    village: text(at.village),
    detail: text(at.detail),
    parts: (notice.components ?? []).map(({ kind, quantity, price }) => ({
      kind: text(kind),
      amount: text(quantity?.amount),
      unit: quantity?.unit ?? 'mu',
      price: price ?? null
    })),

    termKind: term?.kind ?? '',
    from: term?.kind === 'fixed' ? term.from : null,
    to: term?.kind === 'fixed' || term?.kind === 'until' ? term.to : null,
    years: span?.years ? String(span.years) : '',
    months: span?.months ? String(span.months) : '',
    days: span?.days ? String(span.days) : '',
    start: term?.kind === 'length' || term?.kind === 'until' ? term.start : 'signing',
    atMost: term?.kind === 'length' && term.at_most === true,

    reserveFen: price.reserve?.amount ?? null,
    basis: price.reserve?.basis ?? '',
    offersIn: text(price.offers_in),
    escalator: escalator?.kind ?? '',
    escalatorPercent: escalator?.kind === 'percent' ? text(escalator.percent) : '',
    escalatorFen: escalator?.kind === 'amount' ? escalator.amount : null,
    escalatorEvery: escalator && 'every_years' in escalator ? text(escalator.every_years) : '',
    escalatorFrom: escalator && 'from_year' in escalator ? text(escalator.from_year) : '2',
    compounding: escalator?.kind === 'percent' ? escalator.compounding : true,
    steps: escalator?.kind === 'steps' ? escalator.steps.map(({ year, percent }) => ({ year: text(year), percent: text(percent) })) : [],

    method: method?.kind ?? '',
    venue: text(notice.method?.venue),
    freeMinutes: text(auction.free_minutes),
    limitedSeconds: text(auction.limited_seconds),
    extensionSeconds: text(auction.extension_seconds),
    stepFen: auction.step?.amount ?? sealed.step?.amount ?? null,
    maxStepFen: auction.max_step?.amount ?? null,
    ceilingFen: auction.ceiling?.amount ?? sealed.ceiling?.amount ?? null,
    atLeast: method?.kind === 'by-bidders' ? text(method.at_least) : '2',
    fewer: method?.kind === 'by-bidders' ? method.fewer.kind : 'negotiated',
    award: method?.kind === 'tender' ? text(method.award) : '',

    depositFen: notice.deposit?.amount ?? null,
    depositKind: notice.deposit?.kind ?? 'bid',
    becomesPerformance: notice.deposit?.becomes_performance ?? false,

    plan: plan?.kind ?? '',
    planEvery: plan?.kind === 'every-years' ? text(plan.years) : plan?.kind === 'every-months' ? text(plan.months) : '1',
    instalments: plan?.kind === 'instalments' ? plan.parts.map(({ year, percent }) => ({ year: text(year), percent: text(percent) })) : [],
    within: text(payment?.within?.count),
    withinWorking: payment?.within?.working ?? true,
    withinFrom: payment?.from ?? '',
    paymentText: text(payment?.text),

    priority: priority?.none ? 'none' : priority?.ranks?.length ? 'ranks' : '',
    ranks,
    exercise: priority?.exercise ?? '',
    windowDays: text(priority?.window_days),
    restrictedTo: text(priority?.restricted_to),
    priorityText: text(priority?.text),

    intendedUse: text(notice.intended_use),
    restrictions: text(notice.restrictions),
    qualification: text(notice.qualification),
    specialConditions: text(notice.special_conditions),

    registerTo: instantOf(notice.schedule?.register_to, '17'),
    auctionFrom: instantOf(notice.schedule?.auction_from, '09')
  };
}

/** What some assets say of a lot made of them, for fields that are still empty. */
export function fromAssets(form: DraftForm, assets: readonly Pick<Asset, 'description' | 'measured_mu'>[]): Partial<DraftForm> {
  const [first] = assets;
  if (!first) return {};
  const same = (of: (asset: Pick<Asset, 'description' | 'measured_mu'>) => string | null | undefined): string => {
    const value = of(first) ?? '';
    return assets.every((asset) => (of(asset) ?? '') === value) ? value : '';
  };
  const found: Partial<DraftForm> = {};
  if (!form.category) found.category = same((asset) => asset.description.category);
  if (!form.region) found.region = same((asset) => asset.description.region);
  if (!form.title) found.title = assets.map((asset) => asset.description.name).join('、');
  if (!form.detail) found.detail = assets.map((asset) => asset.description.location).join('；');
  if (!form.intendedUse) found.intendedUse = same((asset) => asset.description.land_use);
  if (form.parts.every((part) => !part.amount && !part.kind)) {
    found.parts = assets.map(({ description, measured_mu }) => ({
      kind: assets.length > 1 ? description.name : '',
      amount: text(description.stated_mu ?? description.quantity ?? measured_mu),
      unit: description.stated_mu || !description.unit ? 'mu' : description.unit
    }));
  }
  return found;
}
