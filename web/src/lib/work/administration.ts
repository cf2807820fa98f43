/** Accounts and their roles (`sanbian.identity.v1`), as administrators see them. */
import { json } from '../api/client';
import type { Page } from '../api/resource.svelte';
import { part, query } from './query';

export interface AccountGrant {
  role: string;
  region: string;
}

export interface ManagedAccount {
  id: string;
  username: string;
  display_name: string;
  region: string;
  created_at: string;
  disabled_at?: string | null;
  must_change_password: boolean;
  grants: AccountGrant[];
}

const accounts = '/api/v1/admin/accounts';

export const listAccounts = (cursor: string | undefined, signal: AbortSignal): Promise<Page<ManagedAccount>> =>
  json('GET', query(accounts, { cursor, limit: 50 }), undefined, signal);

export const findAccount = (username: string): Promise<ManagedAccount> => json('POST', `${accounts}/find`, { username });

export const createAccount = (request: { username: string; initial_password: string; display_name: string; region: string }): Promise<ManagedAccount> =>
  json('POST', accounts, request);

export const grantRole = (id: string, grant: AccountGrant): Promise<ManagedAccount> =>
  json('POST', `${accounts}/${part(id)}/grants`, { role: grant.role, region: grant.region });

/** The region goes along even where it is empty: everywhere is a region of its own. */
export const revokeRole = (id: string, grant: AccountGrant): Promise<ManagedAccount> =>
  json('DELETE', `${accounts}/${part(id)}/grants?role=${part(grant.role)}&region=${part(grant.region)}`);

export const disableAccount = (id: string): Promise<ManagedAccount> => json('POST', `${accounts}/${part(id)}/disable`);
