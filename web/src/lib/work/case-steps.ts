/** The steps of a case as one reads them: who, masked; and a long auction folded. Pure. */
import type { CaseStep } from './supervision';

/** Offers shown before the rest is folded: the first and the last say what happened. */
const FIRST = 2;
const LAST = 2;

export type Actor = { kind: 'system' } | { kind: 'bidder'; number: number } | { kind: 'registration'; id: string } | { kind: 'person'; name: string };

export function actorOf(actor: string): Actor {
  if (actor === 'system' || actor === '') return { kind: 'system' };
  const bidder = /^bidder:(\d+)$/.exec(actor);
  // Before the close, a bidder is known by the registration alone.
  const registration = /^registration:(.+)$/.exec(actor);
  if (registration) return { kind: 'registration', id: registration[1] ?? '' };
  return bidder ? { kind: 'bidder', number: Number(bidder[1]) } : { kind: 'person', name: actor };
}

export type Row = { kind: 'step'; step: CaseStep } | { kind: 'folded'; id: string; steps: CaseStep[] };

/** The steps in order, with long runs of offers folded in their middle. */
export function fold(steps: readonly CaseStep[], opened: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < steps.length; ) {
    let end = at;
    while (steps[end]?.kind === 'bid.placed') end += 1;
    const run = steps.slice(at, end);
    const id = String(run[0]?.index ?? '');
    if (run.length > FIRST + LAST + 1 && !opened.has(id)) {
      const middle = run.slice(FIRST, run.length - LAST);
      rows.push(...run.slice(0, FIRST).map((step): Row => ({ kind: 'step', step })));
      rows.push({ kind: 'folded', id, steps: middle });
      rows.push(...run.slice(run.length - LAST).map((step): Row => ({ kind: 'step', step })));
      at = end;
    } else {
      const one = steps[at];
      if (one) rows.push({ kind: 'step', step: one });
      at += 1;
    }
  }
  return rows;
}
