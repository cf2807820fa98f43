/** Lots as the public API shows them (`sanbian.listing.v1`, `sanbian.pricing.v1`). */
import type { Finding } from '../api/problem';
import type { Notice } from './notice';

/** The dates of an announced lot, RFC 3339. */
export interface Schedule {
  announced_at: string;
  registration_closes: string;
  auction_opens: string;
  free_until: string;
  limited_seconds: number;
  extension_seconds: number;
}

export interface LotDocument {
  digest: string;
  kind: string;
  name: string;
  media_type: string;
  size: number;
  public: boolean;
}

export interface LotNote {
  kind: string;
  text: string;
  noted_at: string;
}

export interface LotView {
  id: string;
  number: string;
  state: string;
  collective_id: string;
  collective_name: string;
  region: string;
  asset_ids: string[];
  notice: Notice;
  schedule: Schedule;
  revision: number;
  rulebook: string;
  rulebook_digest: string;
  area_mu?: string | null;
  reserve_fen: number;
  step_fen: number;
  reserve_total_fen: number;
  per_mu_year_fen?: number | null;
  deposit_fen: number;
  documents: LotDocument[];
  registrations?: number | null;
  qualified?: number | null;
  price_fen?: number | null;
  total_fen?: number | null;
  winner_number?: number | null;
  notice_to_date?: string | null;
  sign_by_date?: string | null;
  notes: LotNote[];
  /** GeoJSON text. */
  geometry?: string | null;
}

export interface LotPage {
  items: LotView[];
  next_cursor?: string | null;
}

export interface ComparableDeal {
  lot_id: string;
  number: string;
  title: string;
  region: string;
  mu: string;
  term_months?: number | null;
  per_mu_year_fen: number;
  total_fen: number;
  qualified: number;
  sold_on: string;
}

export interface ComparableDeals {
  items: ComparableDeal[];
  count: number;
  lower_quartile_fen?: number | null;
  median_fen?: number | null;
  upper_quartile_fen?: number | null;
  region: string;
  since_date: string;
  finding?: Finding | null;
}

export interface PublishedRulebook {
  digest: string;
  label: string;
  region: string;
  category: string;
  /** Canonical JSON. */
  text: string;
}
