/** What a bidder has: a party, registrations, deposits, contracts (`sanbian.registry.v1`, `listing.v1`, `settlement.v1`). */
import type { components } from '../api/schema';
import type { WithNotice } from '../lots/types';

type Schemas = components['schemas'];

export type BankAccount = Schemas['BankAccount'];
export type RegisterParty = Schemas['RegisterPartyRequest'];
/** Masked. */
export type Party = Schemas['Party'];
export type Registration = Schemas['Registration'];
export type RegistrationPage = Schemas['RegistrationPage'];
export type RegisterForLot = Schemas['RegisterForLotRequest'];
export type Deposit = Schemas['Deposit'];
export type DepositPage = Schemas['DepositPage'];
export type PaymentDue = Schemas['PaymentDue'];
export type Contract = WithNotice<Schemas['Contract']>;
export interface ContractPage {
  items: Contract[];
  next_cursor?: string | null;
}
export type StoredDocument = Schemas['StoredDocument'];
