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
    let changed = false;
    for (const place of placesOf(lots)) {
      const before = known.get(place.code);
      const name = before && before.name !== place.name ? '' : place.name;
      if (before?.name === name) continue;
      known.set(place.code, { code: place.code, name });
      changed = true;
    }
    if (changed) seen = [...known.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  }
};
