/** Money, contracts, certificates (`sanbian.settlement.v1`), as the offices see them. */
import { json } from '../api/client';
import { findingOf, type Finding } from '../api/problem';
import type { Page } from '../api/resource.svelte';
import type { Notice } from '../lots/notice';
import { part, query } from './query';

export interface Deposit {
  registration_id: string;
  lot_id: string;
  lot_number: string;
  amount_fen: number;
  state: string;
  reference: string;
  payee_name: string;
  payee_bank: string;
  payee_account: string;
  due_at?: string | null;
  held_at?: string | null;
  return_by_date?: string | null;
  released_at?: string | null;
}

export interface StatementResult {
  digest: string;
  lines: number;
  new_lines: number;
  matched: number;
  unmatched: number;
  findings: Finding[];
}

export interface BankLine {
  id: string;
  bank_line: string;
  booked_on: string;
  direction: string;
  amount_fen: number;
  counterparty: string;
  counterparty_account: string;
  remark: string;
  state: string;
  reason?: string | null;
}

export interface Payout {
  id: string;
  kind: string;
  lot_id?: string | null;
  amount_fen: number;
  payee: string;
  payee_account: string;
  reference: string;
  state: string;
  due_date?: string | null;
  ordered_at: string;
  paid_at?: string | null;
  /** In full, and only in the answer to whoever confirms the payout. */
  pay_to_name?: string | null;
  pay_to_account?: string | null;
}

export interface BookAccount {
  id: string;
  code: string;
  /** Debits less credits. */
  posted_fen: number;
  pending_fen: number;
}

export interface BookBalance {
  accounts: BookAccount[];
  sum_fen: number;
}

export interface Posting {
  transfer_id: string;
  debit_code: string;
  credit_code: string;
  amount_fen: number;
  state: string;
  reason: string;
  posted_at: string;
}

export interface PaymentDue {
  number: number;
  due_date?: string | null;
  amount_fen: number;
  after_months?: number | null;
}

export interface Contract {
  id: string;
  number: string;
  lot_id: string;
  title: string;
  state: string;
  transferor: string;
  transferee: string;
  price_fen: number;
  total_fen: number;
  first_payment_fen: number;
  fee_fen: number;
  transferor_fee_fen: number;
  deposit_applied_fen: number;
  paid_fen: number;
  outstanding_fen: number;
  reference: string;
  schedule: PaymentDue[];
  term_from_date?: string | null;
  term_to_date?: string | null;
  sign_by_date?: string | null;
  pay_by_date?: string | null;
  transferor_signed_at?: string | null;
  transferee_signed_at?: string | null;
  digest: string;
  certificate_number?: string | null;
  my_side: string;
  notice: Notice;
}

export interface Certificate {
  id: string;
  number: string;
  contract_number: string;
  lot_id: string;
  lot_name: string;
  digest: string;
  status: string;
  prints: number;
  issued_on: string;
  print_requested_at?: string | null;
}

export interface LotMoney {
  postings: Posting[];
  deposits: Deposit[];
  contract?: Contract | null;
}

export const listDeposits = (params: { lot_id?: string; state?: string; cursor?: string }, signal: AbortSignal): Promise<Page<Deposit>> =>
  json('GET', query('/api/v1/deposits', { ...params, limit: 50 }), undefined, signal);

export async function importStatement(csv: string): Promise<StatementResult> {
  const result = await json<StatementResult>('POST', '/api/v1/bank/statements', { csv });
  return { ...result, findings: (result.findings ?? []).map(findingOf) };
}

export const listUnmatched = (cursor: string | undefined, signal: AbortSignal): Promise<Page<BankLine>> =>
  json('GET', query('/api/v1/bank/unmatched', { cursor, limit: 50 }), undefined, signal);

export const resolveLine = (id: string, request: { to: string; reference?: string; reason: string }): Promise<BankLine> =>
  json('POST', `/api/v1/bank/lines/${part(id)}/resolve`, request);

export const listPayouts = (state: string, cursor: string | undefined, signal?: AbortSignal): Promise<Page<Payout>> =>
  json('GET', query('/api/v1/payouts', { state, cursor, limit: 100 }), undefined, signal);

export const approvePayout = (id: string): Promise<Payout> => json('POST', `/api/v1/payouts/${part(id)}/approve`);

export const trialBalance = (signal: AbortSignal): Promise<BookBalance> => json('GET', '/api/v1/books', undefined, signal);

export const listPostings = (accountId: string, cursor: string | undefined, signal: AbortSignal): Promise<Page<Posting>> =>
  json('GET', query(`/api/v1/books/${part(accountId)}/postings`, { cursor, limit: 100 }), undefined, signal);

export const listContracts = (state: string, cursor: string | undefined, signal: AbortSignal): Promise<Page<Contract>> =>
  json('GET', query('/api/v1/contracts', { state, cursor, limit: 50 }), undefined, signal);

export const getContract = (id: string, signal: AbortSignal): Promise<Contract> => json('GET', `/api/v1/contracts/${part(id)}`, undefined, signal);

export const signContract = (contract: Pick<Contract, 'id' | 'digest'>): Promise<Contract> =>
  json('POST', `/api/v1/contracts/${part(contract.id)}/sign`, { digest: contract.digest });

export const issueCertificate = (contractId: string, remarks: string): Promise<Certificate> =>
  json('POST', `/api/v1/contracts/${part(contractId)}/certificate`, { remarks });

export const getCertificate = (number: string, signal: AbortSignal): Promise<Certificate> =>
  json('GET', `/api/v1/certificates/${part(number)}`, undefined, signal);

export const printCertificate = (number: string): Promise<Certificate> => json('POST', `/api/v1/certificates/${part(number)}/prints`);

export const revokeCertificate = (number: string, reason: string): Promise<Certificate> =>
  json('POST', `/api/v1/certificates/${part(number)}/revoke`, { reason });
