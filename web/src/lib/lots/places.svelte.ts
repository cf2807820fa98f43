/** The places of lots seen so far, for the choice of a region: nobody knows codes by heart, and the choice must not shrink with the search. */
import { placesOf, type Place } from './market';
import type { LotView } from './types';

let seen = $state.raw<readonly Place[]>([]);

export const places = {
  get all(): readonly Place[] {
    return seen;
  },
  /** Adds those of some lots. */
  learn(lots: readonly LotView[]): void {
    const known = new Map(seen.map((place) => [place.code, place]));
    const before = known.size;
    for (const place of placesOf(lots)) known.set(place.code, place);
    if (known.size > before) seen = [...known.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  }
};
