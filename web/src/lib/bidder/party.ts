/** The form of a party: what is asked of whom, and how it is sent. */
import type { BankAccount, RegisterParty } from './types';

/** Kinds that people register themselves. */
export const KINDS = ['natural-person', 'household', 'company', 'cooperative', 'public-body', 'other'] as const;
export type PartyKind = (typeof KINDS)[number];

export interface PartyDraft {
  kind: PartyKind;
  name: string;
  identity_number: string;
  mobile: string;
  address: string;
  legal_representative: string;
  account: BankAccount;
}

/** Whether a resident identity number is asked for, and no legal representative. */
export const isPerson = (kind: string): boolean => kind === 'natural-person' || kind === 'household';

/** The fields that findings may name. */
export const FIELDS = [
  'kind',
  'name',
  'identity_number',
  'mobile',
  'address',
  'legal_representative',
  'bank_account.name',
  'bank_account.bank',
  'bank_account.number'
] as const;

/** Whether all that is asked for is filled in. What is right, the rules say. */
export function ready(draft: PartyDraft): boolean {
  const always = [draft.name, draft.identity_number, draft.mobile, draft.address, ...Object.values(draft.account)];
  return [...always, ...(isPerson(draft.kind) ? [] : [draft.legal_representative])].every((value) => value.trim() !== '');
}

/** Numbers as people type or paste them: full-width digits, spaces between groups, a small x at the end of an identity number. */
export const plainNumber = (typed: string): string => typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();

export function plainAccount(account: BankAccount): BankAccount {
  return { name: account.name.trim(), bank: account.bank.trim(), number: plainNumber(account.number) };
}

export function partyOf(draft: PartyDraft): RegisterParty {
  return {
    kind: draft.kind,
    name: draft.name.trim(),
    identity_number: plainNumber(draft.identity_number),
    mobile: plainNumber(draft.mobile),
    address: draft.address.trim(),
    ...(isPerson(draft.kind) ? {} : { legal_representative: draft.legal_representative.trim() }),
    bank_account: plainAccount(draft.account),
    on_behalf: false
  };
}
