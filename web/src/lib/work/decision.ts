/**
 * The arithmetic of a collective decision (民主决策), shown while it is written down: two thirds of all who may vote, never of those present.
 * Whole numbers only. The share shown is the law's; where the rulebook asks for more, its finding says so.
 */

/** 三分之二. */
const TOP = 2;
const BOTTOM = 3;

/** The least number of people that makes two thirds of `all`. */
export function needed(all: number): number {
  return Math.ceil((all * TOP) / BOTTOM);
}

export interface Tally {
  eligible: number;
  present: number;
  inFavour: number;
  against: number;
  abstained: number;
}

export interface Reckoned {
  /** Votes needed of all. */
  needed: number;
  /** How many are missing; 0 where it carries. */
  missing: number;
  carries: boolean;
  /** What two thirds of those present would be: the usual mistake, worth naming where it would let the decision pass. */
  mistaken: boolean;
  /** Those present whose vote is not counted. */
  uncounted: number;
  /** Why the figures can't be true. */
  fault: 'none-eligible' | 'more-present' | 'more-votes' | null;
}

export function reckon(tally: Tally): Reckoned {
  const votes = tally.inFavour + tally.against + tally.abstained;
  const least = needed(tally.eligible);
  let fault: Reckoned['fault'] = null;
  if (tally.eligible <= 0) fault = 'none-eligible';
  else if (tally.present > tally.eligible) fault = 'more-present';
  else if (votes > tally.present) fault = 'more-votes';
  const carries = fault === null && tally.inFavour * BOTTOM >= tally.eligible * TOP;
  return {
    needed: least,
    missing: carries ? 0 : Math.max(0, least - tally.inFavour),
    carries,
    mistaken: fault === null && !carries && tally.present > 0 && tally.inFavour * BOTTOM >= tally.present * TOP,
    uncounted: fault === null ? tally.present - votes : 0,
    fault
  };
}

/** A count as typed; null where it is none. */
export function readCount(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/\s|人|户|票/g, '');
  if (!/^\d{1,7}$/.test(plain)) return null;
  return Number(plain);
}
