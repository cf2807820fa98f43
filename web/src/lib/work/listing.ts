/** Drafts, reviews, announcements, registrations (`sanbian.listing.v1`), as the offices see them. */
import { json, send } from '../api/client';
import { findingOf, type Finding } from '../api/problem';
import type { Page } from '../api/resource.svelte';
import type { Notice } from '../lots/notice';
import type { LotDocument, LotView, Schedule } from '../lots/types';
import { part, query } from './query';

export interface DraftFindings {
  findings: Finding[];
  /** Label of the rulebook version that judged. */
  rulebook: string;
  reserve_total_fen?: number | null;
  first_year_fen?: number | null;
  per_mu_year_fen?: number | null;
}

export interface CollectiveDecision {
  id?: string | null;
  assembly: string;
  notice_on: string;
  held_on: string;
  eligible: number;
  present: number;
  in_favour: number;
  against: number;
  abstained: number;
  minutes_digest: string;
  outside_allowed: boolean;
  matters: string[];
  party_discussed_on?: string | null;
  households?: number | null;
  mandate_households?: number | null;
  mandates_given?: number | null;
  township_approved?: boolean | null;
  credit_checked?: boolean | null;
  capacity_checked?: boolean | null;
}

export interface LotReview {
  stage: string;
  outcome: string;
  reasons: string;
  reviewer_id: string;
  reviewed_at: string;
}

export interface LotDraft {
  id: string;
  collective_id: string;
  collective_name: string;
  region: string;
  asset_ids: string[];
  state: string;
  version: number;
  notice: Notice;
  check?: DraftFindings | null;
  documents: LotDocument[];
  decision?: CollectiveDecision | null;
  reviews: LotReview[];
  next_review?: string | null;
  created_at: string;
  updated_at: string;
  relists_lot_id?: string | null;
  /** What the caller may do now: edit, decide, submit, withdraw, review, announce, relist. */
  may: string[];
}

export interface DraftTerms {
  collective_id: string;
  asset_ids: string[];
  notice: Notice;
}

export interface AnnouncementPlan {
  schedule: Schedule;
  working_days: number;
  deposit_fen: number;
  rulebook: string;
}

export interface AnnouncementWish {
  auction_opens_at?: string;
  free_minutes?: number;
}

export interface Registration {
  id: string;
  lot_id: string;
  lot_title: string;
  lot_state: string;
  state: string;
  review: string;
  reasons?: string | null;
  priority_claim?: string | null;
  priority_rank?: number | null;
  deposit_fen: number;
  deposit_held: boolean;
  revision: number;
  filed_at: string;
  party_name?: string | null;
  party_id_number?: string | null;
  documents: LotDocument[];
}

export interface StoredDocument {
  digest: string;
  size: number;
  media_type: string;
}

const readCheck = (check: DraftFindings): DraftFindings => ({ ...check, findings: (check.findings ?? []).map(findingOf) });

function readDraft(draft: LotDraft): LotDraft {
  return { ...draft, check: draft.check ? readCheck(draft.check) : null };
}

const drafts = '/api/v1/drafts';
const at = (id: string, rest = ''): string => `${drafts}/${part(id)}${rest}`;
const lot = (id: string, rest = ''): string => `/api/v1/lots/${part(id)}${rest}`;

async function draftOf(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<LotDraft> {
  return readDraft(await json<LotDraft>(method, path, body, signal));
}

async function draftsOf(path: string, signal: AbortSignal): Promise<Page<LotDraft>> {
  const page = await json<Page<LotDraft>>('GET', path, undefined, signal);
  return { ...page, items: page.items.map(readDraft) };
}

export const checkDraft = async (terms: DraftTerms, signal: AbortSignal): Promise<DraftFindings> =>
  readCheck(await json<DraftFindings>('POST', `${drafts}/check`, terms, signal));

export const createDraft = (terms: DraftTerms): Promise<LotDraft> => draftOf('POST', drafts, terms);

export const updateDraft = (draft: LotDraft, terms: Pick<DraftTerms, 'asset_ids' | 'notice'>): Promise<LotDraft> =>
  draftOf('PUT', at(draft.id), { asset_ids: terms.asset_ids, notice: terms.notice, version: draft.version });

export const getDraft = (id: string, signal: AbortSignal): Promise<LotDraft> => draftOf('GET', at(id), undefined, signal);

export const listDrafts = (state: string, cursor: string | undefined, signal: AbortSignal, limit = 30): Promise<Page<LotDraft>> =>
  draftsOf(query(drafts, { state, cursor, limit }), signal);

export const recordDecision = (id: string, decision: CollectiveDecision): Promise<LotDraft> => draftOf('POST', at(id, '/decision'), { decision });

export const submitDraft = (draft: LotDraft): Promise<LotDraft> => draftOf('POST', at(draft.id, '/submit'), { version: draft.version });

export const withdrawDraft = (id: string): Promise<LotDraft> => draftOf('POST', at(id, '/withdraw'));

export const relistLot = (id: string): Promise<LotDraft> => draftOf('POST', lot(id, '/relist'));

export const reviewQueue = (cursor: string | undefined, signal: AbortSignal): Promise<Page<LotDraft>> =>
  draftsOf(query('/api/v1/review-queue', { cursor, limit: 50 }), signal);

export const reviewDraft = (draft: LotDraft, outcome: string, reasons: string): Promise<LotDraft> =>
  draftOf('POST', at(draft.id, '/review'), { outcome, reasons, version: draft.version });

export const planAnnouncement = (id: string, wish: AnnouncementWish, signal: AbortSignal): Promise<AnnouncementPlan> =>
  json('GET', query(at(id, '/plan'), { ...wish }), undefined, signal);

export const announceLot = (id: string, wish: AnnouncementWish): Promise<LotView> => json('POST', at(id, '/announce'), wish);

export const correctLot = (id: string, notice: Notice, revision: number): Promise<LotView> => json('POST', lot(id, '/correct'), { notice, revision });

export const suspendLot = (id: string, reason: string, note: string): Promise<LotView> => json('POST', lot(id, '/suspend'), { reason, note });

export const resumeLot = (id: string, auction_opens_at: string | null): Promise<LotView> =>
  json('POST', lot(id, '/resume'), auction_opens_at ? { auction_opens_at } : {});

export const terminateLot = (id: string, reason: string, note: string): Promise<LotView> => json('POST', lot(id, '/terminate'), { reason, note });

export const declareDefault = (id: string, reason: string): Promise<LotView> => json('POST', lot(id, '/default'), { reason });

export const listRegistrations = (id: string, cursor: string | undefined, signal: AbortSignal): Promise<Page<Registration>> =>
  json('GET', query(lot(id, '/registrations'), { cursor, limit: 50 }), undefined, signal);

export const reviewRegistration = (id: string, verdict: { outcome: string; priority_accepted: boolean; reasons: string }): Promise<Registration> =>
  json('POST', `/api/v1/registrations/${part(id)}/review`, verdict);

/** Keeps a file at the exchange. It is bound to nothing yet; the same file again does nothing twice. */
export async function storeDocument(file: Blob): Promise<StoredDocument> {
  const request = new Request(new URL('/api/v1/documents', location.origin), {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' },
    body: file
  });
  return (await (await send(request)).json()) as StoredDocument;
}

export const attachDocument = (id: string, document: LotDocument): Promise<LotDraft> => draftOf('POST', at(id, '/documents'), { document });

export const removeDocument = (id: string, digest: string): Promise<LotDraft> => draftOf('DELETE', at(id, `/documents/${part(digest)}`));

/** A file's content, for who may read it. */
export async function readDocument(lotId: string, digest: string): Promise<Blob> {
  return (await send(new Request(new URL(lot(lotId, `/documents/${part(digest)}`), location.origin)))).blob();
}
