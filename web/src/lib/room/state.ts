/**
 * What a room shows, from the events of its feed: a snapshot is the whole, a bid changes it. Pure, so that any order of events that the line
 * may give can be tested.
 *
 * **Invariants:** an offer stands once, however often it came; nothing older ever replaces what is newer; the list is newest first.
 */
import { toMs } from '../format/time';
import type { Bid, Room, RoomPlace } from './types';

export interface RoomState {
  room: Room;
  /** Offers known, newest first. There may be gaps: see `hasGap`. */
  bids: readonly Bid[];
}

/** Offers kept for showing; the rest stays in the log. */
export const KEPT = 200;

/** Takes a whole room: a snapshot, a change of phase, the close, or the answer of a call. One older than what is known is left. */
export function withRoom(state: RoomState | null, room: Room): RoomState {
  if (!state) return { room, bids: [] };
  const older = room.last_event < state.room.last_event || room.offers < state.room.offers;
  const reopened = state.room.phase === 'closed' && room.phase !== 'closed';
  return older || reopened ? state : { room, bids: state.bids };
}

/** Takes an accepted offer. `event` is its position in the feed, where it came by it. */
export function withBid(state: RoomState, bid: Bid, event = 0): RoomState {
  const bids = insert(state.bids, [bid]);
  if (bid.seq <= state.room.offers) return bids === state.bids ? state : { ...state, bids };
  const { room } = state;
  return {
    bids,
    room: {
      ...room,
      leading_fen: bid.amount_fen,
      leader: bid.bidder,
      next_fen: leastAfter(room, bid.amount_fen),
      offers: bid.seq,
      ends_at: bid.ends_at,
      extensions: toMs(bid.ends_at) > toMs(room.ends_at) ? room.extensions + 1 : room.extensions,
      last_event: Math.max(room.last_event, event)
    }
  };
}

/** Takes offers that a call listed. They fill gaps and change nothing else. */
export function withBids(state: RoomState, bids: readonly Bid[]): RoomState {
  return { ...state, bids: insert(state.bids, bids) };
}

function insert(known: readonly Bid[], fresh: readonly Bid[]): readonly Bid[] {
  const seqs = new Set(known.map((bid) => bid.seq));
  const unknown = fresh.filter((bid) => !seqs.has(bid.seq));
  if (unknown.length === 0) return known;
  return [...known, ...unknown].sort((a, b) => b.seq - a.seq).slice(0, KEPT);
}

/** The least that can be offered above a leading price; none at the ceiling. As the core's `least_bid`. */
function leastAfter(room: Room, leading: number): number | null {
  const least = leading + room.step_fen;
  const ceiling = room.ceiling_fen ?? null;
  if (ceiling === null) return least;
  return leading >= ceiling ? null : Math.min(least, ceiling);
}

/** Whether offers are missing among the newest `window`: they were made while the line was broken. */
export function hasGap(state: RoomState, window = 50): boolean {
  const wanted = Math.min(state.room.offers, window);
  for (let n = 0; n < wanted; n += 1) if (state.bids[n]?.seq !== state.room.offers - n) return true;
  return false;
}

/** `closing`: the time is over, the result not yet said. */
export type Phase = 'waiting' | 'free' | 'limited' | 'suspended' | 'closing' | 'drawing' | 'closed';

/** The phase at a moment of the server's clock: the room says what stands still or is over, time says the rest. */
export function phaseAt(room: Room, nowMs: number): Phase {
  if (room.phase === 'closed' || room.phase === 'drawing' || room.phase === 'suspended') return room.phase;
  if (nowMs < toMs(room.opens_at)) return 'waiting';
  if (nowMs < toMs(room.free_until_at)) return 'free';
  return nowMs < toMs(room.ends_at) ? 'limited' : 'closing';
}

/** The moment that the count-down runs to; none where nothing runs. */
export function nextMoment(room: Room, phase: Phase): string | null {
  if (phase === 'waiting') return room.opens_at;
  if (phase === 'free') return room.free_until_at;
  return phase === 'limited' ? room.ends_at : null;
}

/** The caller's place after what happened in the room since it was asked for. Whether they may match, only the server knows. */
export function placeIn(state: RoomState, place: RoomPlace): RoomPlace {
  const own = state.bids.reduce((most, bid) => (bid.bidder === place.number ? Math.max(most, bid.amount_fen) : most), place.own_fen ?? 0);
  const closed = state.room.phase === 'closed';
  return {
    ...place,
    leads: state.room.leader === place.number,
    own_fen: own > 0 ? own : null,
    won: closed ? state.room.winner === place.number : (place.won ?? null)
  };
}

/** Something that a person in the room must hear of. */
export type Happening =
  | { kind: 'offer'; bid: Bid }
  | { kind: 'leading'; fen: number }
  | { kind: 'outbid'; fen: number; by: number }
  | { kind: 'extended'; until: string }
  | { kind: 'phase'; phase: Phase }
  | { kind: 'closed'; outcome: string; winner: number | null; fen: number | null; won: boolean | null };

/** What happened between two states, as one person saw it. `number` is theirs; none for who only watches. */
export function happened(before: RoomState | null, after: RoomState, number: number | null): Happening[] {
  if (!before) return [];
  const [was, is] = [before.room, after.room];
  const news: Happening[] = [];
  const fen = is.leading_fen ?? null;
  const led = number !== null && was.leader === number;
  const leads = number !== null && is.leader === number;
  if (is.offers > was.offers && fen !== null) {
    if (leads && !led) news.push({ kind: 'leading', fen });
    else if (led && !leads) news.push({ kind: 'outbid', fen, by: is.leader ?? 0 });
    else if (!leads && after.bids[0]) news.push({ kind: 'offer', bid: after.bids[0] });
  }
  if (is.phase !== 'closed' && is.offers > was.offers && toMs(is.ends_at) > toMs(was.ends_at)) news.push({ kind: 'extended', until: is.ends_at });
  if (is.phase === 'closed' && was.phase !== 'closed') {
    const winner = is.winner ?? null;
    news.push({ kind: 'closed', outcome: is.outcome ?? 'unsold', winner, fen: winner === null ? null : fen, won: number === null ? null : winner === number });
  } else if (is.phase !== was.phase && (is.phase === 'suspended' || was.phase === 'suspended' || is.phase === 'drawing')) {
    news.push({ kind: 'phase', phase: is.phase as Phase });
  }
  return news;
}
