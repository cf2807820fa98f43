/** Lots as the public API shows them (`sanbian.listing.v1`, `sanbian.pricing.v1`). */
import type { components } from '../api/schema';
import type { Notice } from './notice';

type Schemas = components['schemas'];

/** A message that holds a notice, with the notice as these pages read it: any of its parts may be missing, as in a draft. */
export type WithNotice<T> = Omit<T, 'notice'> & { notice: Notice };

export type Schedule = Schemas['Schedule'];
export type LotDocument = Schemas['LotDocument'];
export type LotNote = Schemas['LotNote'];
export type LotView = WithNotice<Schemas['LotView']>;
export interface LotPage {
  items: LotView[];
  next_cursor?: string | null;
}
export type ComparableDeal = Schemas['ComparableDeal'];
export type ComparableDeals = Schemas['ComparableDeals'];
export type PublishedRulebook = Schemas['PublishedRulebook'];
