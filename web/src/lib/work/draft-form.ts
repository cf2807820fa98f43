/**
 * The terms of a lot as a form: everything as typed, and back into a notice. What the form does not show stays as it was, so that opening a
 * draft and saving it changes nothing. What is not filled in is left out: absent is "not said", and the rules tell what is missing.
 */
import { parseDecimal } from '../format/decimal';
import { toInput, toMs } from '../format/time';
import type {
  AscendingTerms,
  Escalator,
  LotComponent,
  Method,
  Notice,
  Payment,
  Priority,
  Start,
  Term,
  UnitPrice
} from '../lots/notice';
import { offerBasis, readSpan } from '../lots/notice';
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

/** A whole number above zero, as typed; null where it is none. */
export function whole(typed: string): number | null {
  const plain = typed.normalize('NFKC').trim();
  return /^\d{1,6}$/.test(plain) && Number(plain) > 0 ? Number(plain) : null;
}

/** Plain decimal text, as typed; null where it is none. */
export function decimalOf(typed: string): string | null {
  const plain = typed.normalize('NFKC').replaceAll(',', '').trim();
  return parseDecimal(plain) ? plain : null;
}

function partOf(part: Part): LotComponent[] {
  const amount = decimalOf(part.amount);
  if (!amount && !part.kind.trim() && !part.price) return [];
  return [
    {
      kind: part.kind.trim(),
      ...(amount && part.unit ? { quantity: { amount, unit: part.unit } } : {}),
      ...(part.price ? { price: part.price } : {})
    }
  ];
}

function termOf(form: DraftForm, base: Term | null | undefined): Term | null {
  switch (form.termKind) {
    case 'sale':
      return { kind: 'sale' };
    case 'fixed': {
      if (!form.from || !form.to) return null;
      const kept = base?.kind === 'fixed' && base.from === form.from && base.to === form.to && base.counted;
      return { kind: 'fixed', from: form.from, to: form.to, ...(kept ? { counted: kept } : {}) };
    }
    case 'length': {
      const [years, months, days] = [whole(form.years), whole(form.months), whole(form.days)];
      if (!years && !months && !days) return null;
      const span = `P${years ? `${years}Y` : ''}${months ? `${months}M` : ''}${days ? `${days}D` : ''}`;
      return { kind: 'length', span, start: form.start, at_most: form.atMost };
    }
    case 'until': {
      if (!form.to) return null;
      const kept = base?.kind === 'until' && base.to === form.to && base.start === form.start && base.counted;
      return { kind: 'until', start: form.start, to: form.to, ...(kept ? { counted: kept } : {}) };
    }
    default:
      return null;
  }
}

function escalatorOf(form: DraftForm): Escalator | null {
  const every = whole(form.escalatorEvery);
  const from = whole(form.escalatorFrom);
  switch (form.escalator) {
    case 'none':
      return { kind: 'none' };
    case 'percent': {
      const percent = decimalOf(form.escalatorPercent);
      return percent && every && from ? { kind: 'percent', percent, every_years: every, from_year: from, compounding: form.compounding } : null;
    }
    case 'amount':
      return form.escalatorFen !== null && every && from ? { kind: 'amount', amount: form.escalatorFen, every_years: every, from_year: from } : null;
    case 'steps': {
      const steps = form.steps.flatMap(({ year, percent }) => {
        const [y, p] = [whole(year), decimalOf(percent)];
        return y && p ? [{ year: y, percent: p }] : [];
      });
      return steps.length > 0 ? { kind: 'steps', steps } : null;
    }
    case 'renegotiated':
    case 'open':
      return { kind: form.escalator, ...(every ? { every_years: every } : {}) };
    default:
      return null;
  }
}

/** An amount in the basis that offers are made in; as it was, basis and all, where it was not touched. */
function priced(fen: number | null, basis: string, base: UnitPrice | null | undefined, baseBasis: string): UnitPrice | undefined {
  if (fen === null) return undefined;
  // A figure that stood on a basis of its own keeps it while the offers' basis stays; the rules say where the two don't fit.
  const own = base && base.amount === fen && baseBasis === basis ? base.basis : basis;
  return { amount: fen, basis: own };
}

function methodOf(form: DraftForm, base: Method | null | undefined, basis: string, baseBasis: string): Method | null {
  const auction = (from: AscendingTerms): Method => {
    const { free_minutes: _f, limited_seconds: _l, extension_seconds: _e, step: _s, max_step: _m, ceiling: _c, ...rest } = from;
    const set = <T>(name: string, value: T | null | undefined): Record<string, T> => (value === null || value === undefined ? {} : { [name]: value });
    return {
      ...rest,
      kind: 'ascending',
      ...set('free_minutes', whole(form.freeMinutes)),
      ...set('limited_seconds', whole(form.limitedSeconds)),
      ...set('extension_seconds', whole(form.extensionSeconds)),
      ...set('step', priced(form.stepFen, basis, from.step, baseBasis)),
      ...set('max_step', priced(form.maxStepFen, basis, from.max_step, baseBasis)),
      ...set('ceiling', priced(form.ceilingFen, basis, from.ceiling, baseBasis))
    };
  };
  switch (form.method) {
    case '':
      return null;
    case 'ascending':
      return auction(base?.kind === 'ascending' ? base : {});
    case 'by-bidders': {
      const kept = base?.kind === 'by-bidders' ? base : null;
      const fewer = kept?.fewer.kind === form.fewer ? kept.fewer : ({ kind: form.fewer } as Method);
      const enough = kept && kept.enough.kind !== 'ascending' ? kept.enough : auction(kept?.enough.kind === 'ascending' ? kept.enough : {});
      return { kind: 'by-bidders', at_least: whole(form.atLeast) ?? 2, enough, fewer };
    }
    case 'sealed':
    case 'multi-round': {
      const kept = base?.kind === form.method ? base : ({ kind: form.method } as Extract<Method, { kind: 'sealed' | 'multi-round' }>);
      const { step, ceiling, ...rest } = kept;
      const [newStep, newCeiling] = [priced(form.stepFen, basis, step, baseBasis), priced(form.ceilingFen, basis, ceiling, baseBasis)];
      return { ...rest, ...(newStep ? { step: newStep } : {}), ...(newCeiling ? { ceiling: newCeiling } : {}) } as Method;
    }
    case 'tender': {
      const { award: _, ...rest } = base?.kind === 'tender' ? base : { kind: 'tender' as const, award: null };
      return { ...rest, ...(form.award ? { award: form.award } : {}) } as Method;
    }
    default:
      return base?.kind === form.method ? base : ({ kind: form.method } as Method);
  }
}

function paymentOf(form: DraftForm): Payment | null {
  let plan: Payment['plan'] = null;
  const every = whole(form.planEvery);
  if (form.plan === 'lump-sum') plan = { kind: 'lump-sum' };
  if (form.plan === 'every-years' && every) plan = { kind: 'every-years', years: every };
  if (form.plan === 'every-months' && every) plan = { kind: 'every-months', months: every };
  if (form.plan === 'instalments') {
    const parts = form.instalments.flatMap(({ year, percent }) => {
      const [y, p] = [whole(year), decimalOf(percent)];
      return y && p ? [{ percent: p, year: y }] : [];
    });
    if (parts.length > 0) plan = { kind: 'instalments', parts };
  }
  const count = whole(form.within);
  const words = form.paymentText.trim();
  if (!plan && !count && !form.withinFrom && !words) return null;
  return {
    ...(plan ? { plan } : {}),
    ...(count ? { within: { count, working: form.withinWorking } } : {}),
    ...(form.withinFrom ? { from: form.withinFrom } : {}),
    text: words
  };
}

function priorityOf(form: DraftForm, base: Priority | null | undefined): Priority | null {
  const byRank = new Map<number, string[]>();
  if (form.priority === 'ranks') {
    for (const [holder, rank] of Object.entries(form.ranks)) {
      const place = whole(rank);
      if (place) byRank.set(place, [...(byRank.get(place) ?? []), holder]);
    }
  }
  // Ranks that nobody holds are closed up.
  const ranks = [...byRank.entries()].sort(([a], [b]) => a - b).map(([, holders]) => holders);
  const words = form.priorityText.trim();
  const kept = base?.next_time === true;
  if (form.priority === '' && !form.restrictedTo && !words && !kept) return null;
  const days = whole(form.windowDays);
  const exercise = form.priority === 'ranks' ? form.exercise : '';
  return {
    ranks,
    none: form.priority === 'none',
    ...(exercise ? { exercise } : {}),
    ...(exercise === 'window' && days ? { window_days: days } : {}),
    ...(form.restrictedTo ? { restricted_to: form.restrictedTo } : {}),
    next_time: kept,
    text: words
  };
}

/** A wish as the notice has it: as it was where it was not touched. */
function momentOf(instant: string | null, base: string | null | undefined, hour: string): string | null {
  if (instant === instantOf(base, hour)) return base ?? null;
  return instant ? `${toInput(toMs(instant))}:00+08:00` : null;
}

/** Leaves out what is null, so that "not said" is absent as the core wants it. */
function set<T extends object>(into: T, name: string, value: unknown): void {
  if (value === null || value === undefined) delete (into as Record<string, unknown>)[name];
  else (into as Record<string, unknown>)[name] = value;
}

/** The notice that a form says. `base` is what it was made from: whatever the form does not show is taken from there. */
export function noticeOf(form: DraftForm, base: DraftNotice): DraftNotice {
  const notice: DraftNotice = {
    ...base,
    title: form.title.trim(),
    location: {
      ...base.location,
      province: form.province.trim(),
      city: form.city.trim(),
      county: form.county.trim(),
      township: form.township.trim(),
      village: form.village.trim(),
      detail: form.detail.trim()
    },
    components: form.parts.flatMap(partOf),
    intended_use: form.intendedUse.trim(),
    restrictions: form.restrictions.trim(),
    qualification: form.qualification.trim(),
    special_conditions: form.specialConditions.trim()
  };
  for (const [name, value] of [
    ['category', form.category],
    ['holder', form.holder],
    ['mode', form.mode],
    ['region', form.region.trim()]
  ] as const) {
    set(notice, name, value || null);
  }
  set(notice, 'term', termOf(form, base.term));

  const price = { ...base.price };
  set(price, 'reserve', form.reserveFen !== null && form.basis ? { amount: form.reserveFen, basis: form.basis } : null);
  set(price, 'escalator', escalatorOf(form));
  set(price, 'offers_in', form.offersIn || null);
  notice.price = price;

  const method = { ...base.method };
  set(method, 'method', methodOf(form, base.method?.method, offerBasis(notice), offerBasis(base)));
  set(method, 'venue', form.venue || null);
  set(notice, 'method', method.method || method.venue || method.text ? method : null);

  set(
    notice,
    'deposit',
    form.depositFen === null ? null : { amount: form.depositFen, kind: form.depositKind || 'bid', becomes_performance: form.becomesPerformance }
  );
  set(notice, 'payment', paymentOf(form));
  set(notice, 'priority', priorityOf(form, base.priority));

  const schedule: NoticeDates = { ...base.schedule };
  set(schedule, 'register_to', momentOf(form.registerTo, base.schedule?.register_to, '17'));
  set(schedule, 'auction_from', momentOf(form.auctionFrom, base.schedule?.auction_from, '09'));
  if (base.schedule || Object.keys(schedule).length > 0) notice.schedule = schedule;
  return notice;
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
