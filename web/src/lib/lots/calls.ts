/** Calls to the public market. */
import { json } from '../api/client';
import { rentSpan, spanMonths } from './notice';
import { searchParams, type Search } from './market';
import type { ComparableDeals, LotPage, LotView, PublishedRulebook } from './types';

export function searchLots(search: Search, cursor: string | undefined, signal: AbortSignal, limit = 24): Promise<LotPage> {
  return json('GET', `/api/v1/lots?${searchParams(search, cursor, limit)}`, undefined, signal);
}

export function getLot(id: string, signal: AbortSignal): Promise<LotView> {
  return json('GET', `/api/v1/lots/${encodeURIComponent(id)}`, undefined, signal);
}

export function getRulebook(digest: string, signal: AbortSignal): Promise<PublishedRulebook> {
  return json('GET', `/api/v1/rulebooks/${encodeURIComponent(digest)}`, undefined, signal);
}

/** Deals like a lot's, judged beside its price where it has one per mu and year. */
export function comparablesOf(lot: LotView, signal: AbortSignal): Promise<ComparableDeals> {
  const params = new URLSearchParams({ category: lot.notice.category ?? 'other', region: lot.region, lot_id: lot.id });
  if (lot.area_mu) params.set('mu', lot.area_mu);
  const months = spanMonths(rentSpan(lot.notice.term));
  if (months) params.set('term_months', String(months));
  if (lot.per_mu_year_fen) params.set('per_mu_year_fen', String(lot.per_mu_year_fen));
  return json('GET', `/api/v1/comparables?${params}`, undefined, signal);
}

/** Where a file of a lot is read. */
export function documentHref(lotId: string, digest: string): string {
  return `/api/v1/lots/${lotId}/documents/${digest}`;
}
