/** Calls to rooms. */
import { json } from '../api/client';
import type { BidPage, BidReceipt, PlaceBid, Room, RoomPlace } from './types';

const at = (lotId: string, rest: string): string => `/api/v1/lots/${encodeURIComponent(lotId)}/${rest}`;

export function getRoom(lotId: string, signal?: AbortSignal): Promise<Room> {
  return json('GET', at(lotId, 'room'), undefined, signal);
}

export function listBids(lotId: string, cursor: string | undefined, signal?: AbortSignal): Promise<BidPage> {
  return json('GET', at(lotId, `bids?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`), undefined, signal);
}

export function myPlace(lotId: string, signal?: AbortSignal): Promise<RoomPlace> {
  return json('GET', at(lotId, 'my-place'), undefined, signal);
}

/** Makes an offer. The transport keeps its key until a definite answer came: pressing again after a broken line never bids twice. */
export function placeBid(lotId: string, amountFen: number, kind: 'bid' | 'match', outlierConfirmed: boolean): Promise<BidReceipt> {
  return json('POST', at(lotId, 'bids'), { amount_fen: amountFen, kind, outlier_confirmed: outlierConfirmed } satisfies PlaceBid);
}

export const feedUrl = (lotId: string): string => at(lotId, 'feed');
