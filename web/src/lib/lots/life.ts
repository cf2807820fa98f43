/** The life of a lot as a row of steps: what happened and when, from the log; what is to come, from its dates. */
import type { ReadEntry } from '../log/entry';
import { lotStep } from '../i18n/catalogue/states';
import type { LotView } from './types';

type StepId = keyof typeof lotStep.catalogue;

export const LIFE: readonly StepId[] = [
  'draft',
  'submitted',
  'township-reviewed',
  'county-reviewed',
  'announced',
  'registration-closed',
  'bidding',
  'result-notice',
  'contract',
  'settled',
  'certified'
];

export interface LifeStep {
  id: StepId;
  status: 'done' | 'current' | 'todo' | 'skipped' | 'stopped';
  /** When it happened, or is to happen; RFC 3339 or a day. */
  at: string | null;
  /** Position of its entry in the log. */
  index: number | null;
}

/** The step that an entry of the log records; null where it is part of a step only. */
export function stepOf(entry: Pick<ReadEntry, 'kind' | 'body'>): StepId | null {
  const { kind, body } = entry;
  switch (kind) {
    case 'lot.drafted':
      return 'draft';
    case 'lot.submitted':
      return 'submitted';
    case 'lot.reviewed':
      if (body.outcome !== 'approved') return null;
      return body.stage === 'county' ? 'county-reviewed' : 'township-reviewed';
    case 'lot.announced':
      return 'announced';
    case 'registration.closed':
      return 'registration-closed';
    case 'room.opened':
      return 'bidding';
    case 'result.published':
      return 'result-notice';
    case 'contract.signed':
      return body.complete === true ? 'contract' : null;
    case 'contract.settled':
      return 'settled';
    case 'certificate.issued':
      return 'certified';
    default:
      return null;
  }
}

/** How far a state is; null for those that stand beside the path. */
const REACHED: Record<string, StepId> = {
  draft: 'draft',
  returned: 'draft',
  submitted: 'submitted',
  'township-reviewed': 'township-reviewed',
  'county-reviewed': 'county-reviewed',
  announced: 'announced',
  'registration-closed': 'registration-closed',
  bidding: 'bidding',
  'priority-exercise': 'bidding',
  'result-notice': 'result-notice',
  contract: 'contract',
  settled: 'settled',
  certified: 'certified'
};

const STOPPED = new Set(['suspended', 'terminated', 'unsold', 'defaulted']);

/** What is needed of a lot. */
export type Living = Pick<LotView, 'state' | 'schedule' | 'qualified' | 'price_fen' | 'notice_to_date' | 'sign_by_date'>;

/** Where a lot that left the path stood: the furthest step in the log, else what its figures show. */
function stoppedAt(lot: Living, recorded: ReadonlyMap<StepId, ReadEntry>): StepId {
  if (lot.state === 'defaulted') return 'contract';
  const furthest = LIFE.findLast((step) => recorded.has(step));
  if (furthest && LIFE.indexOf(furthest) >= LIFE.indexOf('announced')) return furthest;
  if (lot.price_fen) return 'result-notice';
  return lot.qualified === null || lot.qualified === undefined ? 'announced' : 'registration-closed';
}

/** The steps of a lot. `story` is what the log says of it, newest first; without it, only the dates of the announcement are known. */
export function lifeOf(lot: Living, story: readonly ReadEntry[] = []): LifeStep[] {
  const recorded = new Map<StepId, ReadEntry>();
  for (const entry of story) {
    const step = stepOf(entry);
    // The newest counts: a lot may have been submitted twice. An announcement counts from its first day.
    if (step && (!recorded.has(step) || step === 'announced')) recorded.set(step, entry);
  }
  const stopped = STOPPED.has(lot.state);
  const standing = LIFE.indexOf(stopped ? stoppedAt(lot, recorded) : (REACHED[lot.state] ?? 'announced'));
  const planned: Partial<Record<StepId, string | null>> = {
    announced: lot.schedule.announced_at,
    'registration-closed': lot.schedule.registration_closes,
    bidding: lot.schedule.auction_opens
  };
  const past = new Set(['settled', 'certified']);
  return LIFE.map((id, at): LifeStep => {
    const entry = recorded.get(id);
    // "Settled" and "certified" are what was done; the other states are what is being done.
    const here = at === standing;
    let status: LifeStep['status'] = at < standing || (here && past.has(id)) ? 'done' : here ? 'current' : 'todo';
    if (here && stopped) status = 'stopped';
    if (id === 'certified' && lot.state === 'settled') status = 'current';
    const reviewed = recorded.has('submitted') && recorded.has('announced');
    if (status === 'done' && !entry && reviewed && (id === 'county-reviewed' || id === 'township-reviewed')) status = 'skipped';
    // The room is there before its time; what counts is when offers begin.
    const opens = id === 'bidding' && typeof entry?.body.opens === 'string' ? entry.body.opens : null;
    const done = status !== 'todo';
    return { id, status, at: opens ?? (done ? entry?.at : null) ?? planned[id] ?? null, index: done ? (entry?.index ?? null) : null };
  });
}
