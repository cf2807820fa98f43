/** Rooms as the public API shows them (`sanbian.bidding.v1`). */
import type { Notice } from '../lots/notice';

export interface Room {
  lot_id: string;
  title: string;
  /** waiting, free, limited, suspended, drawing, closed. */
  phase: string;
  reserve_fen: number;
  step_fen: number;
  max_step_fen?: number | null;
  ceiling_fen?: number | null;
  leading_fen?: number | null;
  leader?: number | null;
  next_fen?: number | null;
  offers: number;
  admitted: number;
  opens_at: string;
  free_until_at: string;
  ends_at: string;
  limited_seconds: number;
  extension_seconds: number;
  extensions: number;
  outcome?: string | null;
  winner?: number | null;
  last_event: number;
  now_at: string;
  notice: Notice;
  region: string;
}

export interface Bid {
  seq: number;
  bidder: number;
  amount_fen: number;
  /** bid or match. */
  kind: string;
  placed_at: string;
  ends_at: string;
}

export interface BidPage {
  items: Bid[];
  next_cursor?: string | null;
}

export interface RoomPlace {
  lot_id: string;
  number: number;
  leads: boolean;
  own_fen?: number | null;
  priority_rank?: number | null;
  may_match: boolean;
  won?: boolean | null;
}

export interface BidReceipt {
  lot_id: string;
  bid: Bid;
  repeated: boolean;
}
