/** What a bidder has: a party, registrations, deposits, contracts (`sanbian.registry.v1`, `listing.v1`, `settlement.v1`). */
import type { LotDocument } from '../lots/types';
import type { Notice } from '../lots/notice';

export interface BankAccount {
  name: string;
  bank: string;
  number: string;
}

export interface RegisterParty {
  kind: string;
  name: string;
  identity_number: string;
  mobile: string;
  address: string;
  legal_representative?: string | null;
  bank_account?: BankAccount | null;
  on_behalf: boolean;
}

/** The caller's party, masked. */
export interface Party {
  id: string;
  kind: string;
  name: string;
  identity_number: string;
  mobile: string;
  legal_representative?: string | null;
  bank?: string | null;
  bank_account?: string | null;
  registered_at: string;
  has_account: boolean;
}

export interface Registration {
  id: string;
  lot_id: string;
  lot_title: string;
  lot_state: string;
  /** filed, accepted, rejected, qualified, needs-confirmation, withdrawn. */
  state: string;
  review: string;
  reasons?: string | null;
  priority_claim?: string | null;
  priority_rank?: number | null;
  deposit_fen: number;
  deposit_held: boolean;
  revision: number;
  filed_at: string;
  documents: LotDocument[];
}

export interface RegistrationPage {
  items: Registration[];
  next_cursor?: string | null;
}

export interface RegisterForLot {
  revision: number;
  priority_claim?: string | null;
  documents: LotDocument[];
  accepts_terms: boolean;
}

export interface Deposit {
  registration_id: string;
  lot_id: string;
  lot_number: string;
  amount_fen: number;
  /** due, held, release-ordered, released, applied, forfeited, cancelled. */
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

export interface DepositPage {
  items: Deposit[];
  next_cursor?: string | null;
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
  /** drawn, signing, signed, settled, defaulted, terminated. */
  state: string;
  transferor: string;
  transferee: string;
  price_fen: number;
  total_fen: number;
  first_payment_fen: number;
  fee_fen: number;
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
  transferor_fee_fen: number;
}

export interface ContractPage {
  items: Contract[];
  next_cursor?: string | null;
}

/** A file that is kept, as `POST /api/v1/documents` answers. */
export interface StoredDocument {
  digest: string;
  size: number;
  media_type: string;
}
