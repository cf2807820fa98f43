/** Calls of a bidder. */
import { json, send } from '../api/client';
import { ApiError } from '../api/problem';
import type { LotDocument } from '../lots/types';
import type {
  BankAccount,
  Contract,
  ContractPage,
  Deposit,
  DepositPage,
  Party,
  RegisterForLot,
  RegisterParty,
  Registration,
  RegistrationPage,
  StoredDocument
} from './types';

const page = (path: string, cursor: string | undefined, limit: number): string =>
  `${path}?limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;

/** What a call finds; null where it is not there yet. */
async function maybe<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'not-found') return null;
    throw error;
  }
}

/** The caller's party; null where none is registered. */
export function getMyParty(signal: AbortSignal): Promise<Party | null> {
  return maybe(json<Party>('GET', '/api/v1/me/party', undefined, signal));
}

export function registerParty(party: RegisterParty): Promise<Party> {
  return json('POST', '/api/v1/parties', party);
}

export function updateBankAccount(bank_account: BankAccount): Promise<Party> {
  return json('PUT', '/api/v1/me/party/bank-account', { bank_account });
}

/** Keeps an evidence file; it is bound by its digest afterwards. */
export async function keepFile(file: File): Promise<StoredDocument> {
  const request = new Request(new URL('/api/v1/documents', location.origin), {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' },
    body: file
  });
  return (await send(request)).json() as Promise<StoredDocument>;
}

/** Keeps files and says how a registration binds them. */
export function keepEvidence(files: readonly File[]): Promise<LotDocument[]> {
  return Promise.all(
    files.map(async (file): Promise<LotDocument> => ({ ...(await keepFile(file)), kind: 'other', name: file.name, public: false }))
  );
}

export function registerForLot(lotId: string, registration: RegisterForLot): Promise<Registration> {
  return json('POST', `/api/v1/lots/${encodeURIComponent(lotId)}/registrations`, registration);
}

export function myRegistrations(cursor: string | undefined, signal: AbortSignal, limit = 20): Promise<RegistrationPage> {
  return json('GET', page('/api/v1/me/registrations', cursor, limit), undefined, signal);
}

/** The caller's newest standing registration for a lot; null where there is none. */
export async function myRegistrationFor(lotId: string, signal: AbortSignal): Promise<Registration | null> {
  let cursor: string | undefined;
  // Registrations are newest first and a lot lives some weeks: a few hundred are enough.
  for (let turn = 0; turn < 3; turn += 1) {
    const { items, next_cursor } = await myRegistrations(cursor, signal, 100);
    const own = items.filter((one) => one.lot_id === lotId);
    const found = own.find((one) => one.state !== 'withdrawn') ?? own[0];
    if (found) return found;
    if (!next_cursor) return null;
    cursor = next_cursor;
  }
  return null;
}

export function confirmRegistration(id: string, revision: number): Promise<Registration> {
  return json('POST', `/api/v1/registrations/${encodeURIComponent(id)}/confirm`, { revision });
}

export function withdrawRegistration(id: string): Promise<Registration> {
  return json('POST', `/api/v1/registrations/${encodeURIComponent(id)}/withdraw`, undefined);
}

/** What is due for a registration; null until its reference code is made. */
export function getDeposit(registrationId: string, signal: AbortSignal): Promise<Deposit | null> {
  return maybe(json<Deposit>('GET', `/api/v1/registrations/${encodeURIComponent(registrationId)}/deposit`, undefined, signal));
}

export function myDeposits(cursor: string | undefined, signal: AbortSignal): Promise<DepositPage> {
  return json('GET', page('/api/v1/me/deposits', cursor, 20), undefined, signal);
}

export function listContracts(cursor: string | undefined, signal: AbortSignal): Promise<ContractPage> {
  return json('GET', page('/api/v1/contracts', cursor, 20), undefined, signal);
}

export function getContract(id: string, signal: AbortSignal): Promise<Contract> {
  return json('GET', `/api/v1/contracts/${encodeURIComponent(id)}`, undefined, signal);
}

export function signContract(id: string, digest: string): Promise<Contract> {
  return json('POST', `/api/v1/contracts/${encodeURIComponent(id)}/sign`, { digest });
}
