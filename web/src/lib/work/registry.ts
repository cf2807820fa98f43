/** The registry: collectives with their members, assets, what is measured (`sanbian.registry.v1`). */
import type { MultiPolygon, Polygon } from 'geojson';
import { json } from '../api/client';
import { findingOf, type Finding } from '../api/problem';
import type { Page } from '../api/resource.svelte';
import { part, query } from './query';

export interface BankAccount {
  name: string;
  bank: string;
  number: string;
}

export interface Charter {
  adopted_on: string;
  digest?: string;
  representatives?: number;
  reserve_percent?: string;
  share_mode?: string;
}

export interface Collective {
  id: string;
  name: string;
  uscc: string;
  holder: string;
  region: string;
  address: string;
  charter?: Charter | null;
  members: number;
  voters: number;
  households: number;
  members_recorded_at?: string | null;
  registered_at: string;
  legal_representative?: string | null;
  bank?: string | null;
  bank_account?: string | null;
}

export interface RegisterCollective {
  name: string;
  uscc: string;
  holder: string;
  region: string;
  address: string;
  legal_representative: string;
  legal_representative_mobile?: string;
  bank_account: BankAccount;
  charter?: Charter;
}

export interface MemberEntry {
  name: string;
  identity_number: string;
  relation: string;
  lacks_capacity?: boolean;
  self_supporting?: boolean;
}

export interface HouseholdEntry {
  number: string;
  members: MemberEntry[];
}

export interface MembersImported {
  collective: Collective;
  joined: number;
  left: number;
  findings: Finding[];
}

export interface Member {
  id: string;
  household_id: string;
  household_number: string;
  name: string;
  identity_number: string;
  relation: string;
  votes: boolean;
}

export type Surface = Polygon | MultiPolygon;

export interface AssetValuation {
  value_fen: number;
  valued_on: string;
  valuer: string;
  report?: string;
}

export interface AssetDescription {
  category: string;
  name: string;
  location: string;
  region: string;
  stated_mu?: string | null;
  quantity?: string | null;
  unit?: string | null;
  land_use: string;
  geometry?: Surface | null;
  title_number?: string | null;
  title_until_on?: string | null;
  valuation?: AssetValuation | null;
  photos: string[];
}

export interface Asset {
  id: string;
  collective_id: string;
  collective_name: string;
  description: AssetDescription;
  measured_square_metres?: string | null;
  measured_mu?: string | null;
  srid?: number | null;
  geometry_digest?: string | null;
  findings: Finding[];
  version: number;
  registered_at: string;
  updated_at: string;
  announced_lot_id?: string | null;
}

export interface Survey {
  area_square_metres?: string | null;
  area_mu?: string | null;
  srid?: number | null;
  findings: Finding[];
}

export interface LandRight {
  id: string;
  asset_id: string;
  holder_party_id?: string | null;
  kind: string;
  from_on: string;
  until_on: string;
  partial: boolean;
  lot_id?: string | null;
  state: string;
  end_reason?: string | null;
  recorded_at: string;
}

export interface Encumbrance {
  id: string;
  asset_id: string;
  kind: string;
  document?: string | null;
  consent?: string | null;
  recorded_at: string;
  lifted_at?: string | null;
  lift_reason?: string | null;
}

/** Findings of an answer, in the one shape of the pages. */
const readFindings = <T extends { findings?: unknown }>(from: T): T & { findings: Finding[] } => ({
  ...from,
  findings: Array.isArray(from.findings) ? from.findings.map(findingOf) : []
});

export const listCollectives = (params: { region?: string; name?: string; cursor?: string; limit?: number }, signal?: AbortSignal): Promise<Page<Collective>> =>
  json('GET', query('/api/v1/collectives', params), undefined, signal);

export const getCollective = (id: string, signal?: AbortSignal): Promise<Collective> => json('GET', `/api/v1/collectives/${part(id)}`, undefined, signal);

export const registerCollective = (request: RegisterCollective): Promise<Collective> => json('POST', '/api/v1/collectives', request);

export const updateCollectiveAccount = (id: string, bank_account: BankAccount): Promise<Collective> =>
  json('PUT', `/api/v1/collectives/${part(id)}/bank-account`, { bank_account });

export const importMembers = async (id: string, households: HouseholdEntry[]): Promise<MembersImported> =>
  readFindings(await json<MembersImported>('PUT', `/api/v1/collectives/${part(id)}/members`, { households }));

export const listMembers = (id: string, cursor: string | undefined, signal: AbortSignal): Promise<Page<Member>> =>
  json('GET', query(`/api/v1/collectives/${part(id)}/members`, { cursor, limit: 50 }), undefined, signal);

export const survey = async (request: { geometry: Surface; stated_mu?: string; region?: string; category?: string }, signal: AbortSignal): Promise<Survey> =>
  readFindings(await json<Survey>('POST', '/api/v1/surveys', request, signal));

export async function listAssets(
  params: { collective_id?: string; region?: string; category?: string; cursor?: string; limit?: number },
  signal?: AbortSignal
): Promise<Page<Asset>> {
  const page = await json<Page<Asset>>('GET', query('/api/v1/assets', params), undefined, signal);
  return { ...page, items: page.items.map(readFindings) };
}

export const getAsset = async (id: string, signal?: AbortSignal): Promise<Asset> =>
  readFindings(await json<Asset>('GET', `/api/v1/assets/${part(id)}`, undefined, signal));

export const createAsset = async (collective_id: string, description: AssetDescription): Promise<Asset> =>
  readFindings(await json<Asset>('POST', '/api/v1/assets', { collective_id, description }));

export const updateAsset = async (asset: Pick<Asset, 'id' | 'version'>, description: AssetDescription): Promise<Asset> =>
  readFindings(await json<Asset>('PUT', `/api/v1/assets/${part(asset.id)}`, { description, version: asset.version }));

export const listRights = (id: string, signal: AbortSignal): Promise<{ items: LandRight[] }> =>
  json('GET', `/api/v1/assets/${part(id)}/rights`, undefined, signal);

export const listEncumbrances = (id: string, signal: AbortSignal): Promise<{ items: Encumbrance[] }> =>
  json('GET', `/api/v1/assets/${part(id)}/encumbrances`, undefined, signal);
