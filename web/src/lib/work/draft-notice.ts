/**
 * The notice that a form of terms says. What the form does not show stays as it was, so that opening a draft and saving it changes nothing. What
 * is not filled in is left out: absent is "not said", and the rules tell what is missing.
 */
import { toInput, toMs } from '../format/time';
import type { AscendingTerms, Escalator, LotComponent, Method, Payment, Priority, Term, UnitPrice } from '../lots/notice';
import { offerBasis } from '../lots/notice';
import { instantOf, type DraftForm, type DraftNotice, type NoticeDates, type Part } from './draft-form';
import { decimalOf, whole } from './typed';

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
