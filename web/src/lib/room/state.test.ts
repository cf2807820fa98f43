import { describe, expect, it } from 'vitest';
import { happened, hasGap, KEPT, nextMoment, phaseAt, placeIn, withBid, withBids, withRoom, type RoomState } from './state';
import type { Bid, Room } from './types';

const AT = '2026-03-09T02:00:00.000Z';
const minutes = (n: number): string => new Date(Date.parse(AT) + n * 60_000).toISOString();

function room(change: Partial<Room> = {}): Room {
  return {
    lot_id: 'l', title: '东二地', phase: 'free', reserve_fen: 80_000, step_fen: 1_000, offers: 0, admitted: 3,
    next_fen: 80_000, opens_at: AT, free_until_at: minutes(60), ends_at: minutes(65), limited_seconds: 300, extension_seconds: 300,
    extensions: 0, last_event: 0, now_at: AT, notice: {}, region: '500101001001', ...change
  };
}

const bid = (seq: number, bidder: number, amount_fen: number, ends = 65, kind = 'bid'): Bid => ({
  seq, bidder, amount_fen, kind, placed_at: minutes(seq), ends_at: minutes(ends)
});

/** A room after some offers, as a reader who saw all of them. */
function after(bids: Bid[], change: Partial<Room> = {}): RoomState {
  return bids.reduce((state, one) => withBid(state, one, one.seq), withRoom(null, room(change)));
}

describe('offers', () => {
  it('lead, and say what is next', () => {
    const state = after([bid(1, 2, 80_000), bid(2, 5, 81_000)]);
    expect(state.room).toMatchObject({ leading_fen: 81_000, leader: 5, next_fen: 82_000, offers: 2, last_event: 2, extensions: 0 });
    expect(state.bids.map((one) => one.seq)).toEqual([2, 1]);
  });

  it('stand once, however often they come, and late ones change nothing that is newer', () => {
    const both = [bid(1, 2, 80_000), bid(2, 5, 81_000)];
    const state = after(both);
    expect(withBid(state, both[1] as Bid)).toBe(state);
    const late = withBid(after([bid(2, 5, 81_000)]), bid(1, 2, 80_000));
    expect(late.room).toMatchObject({ leading_fen: 81_000, leader: 5, offers: 2 });
    expect(late.bids.map((one) => one.seq)).toEqual([2, 1]);
  });

  it('in any order come to the same', () => {
    const all = [1, 2, 3, 4].map((seq) => bid(seq, seq % 3, 79_000 + seq * 1_000));
    const inOrder = after(all);
    for (const order of [[3, 0, 2, 1], [1, 3, 0, 2], [3, 2, 1, 0]]) {
      const other = after(order.map((n) => all[n] as Bid));
      expect(other.bids).toEqual(inOrder.bids);
      expect(other.room.leading_fen).toBe(inOrder.room.leading_fen);
    }
  });

  it('move the end, and the extension is counted', () => {
    const state = after([bid(1, 2, 80_000), bid(2, 5, 81_000, 68)]);
    expect(state.room).toMatchObject({ ends_at: minutes(68), extensions: 1 });
  });

  it('stop at the ceiling', () => {
    const terms = { ceiling_fen: 82_500 };
    expect(after([bid(1, 2, 81_000)], terms).room.next_fen).toBe(82_000);
    expect(after([bid(1, 2, 82_000)], terms).room.next_fen).toBe(82_500);
    expect(after([bid(1, 2, 82_500)], terms).room.next_fen).toBeNull();
  });

  it('are kept up to a number', () => {
    const state = after(Array.from({ length: KEPT + 5 }, (_, n) => bid(n + 1, 1, 80_000 + n * 1_000)));
    expect(state.bids).toHaveLength(KEPT);
    expect(state.bids[0]?.seq).toBe(KEPT + 5);
  });
});

describe('gaps', () => {
  it('are seen after a snapshot and filled by a call', () => {
    const missed = withRoom(after([bid(1, 2, 80_000)]), room({ offers: 3, leading_fen: 82_000, leader: 2, last_event: 3 }));
    expect(hasGap(missed)).toBe(true);
    const filled = withBids(missed, [bid(3, 2, 82_000), bid(2, 5, 81_000), bid(1, 2, 80_000)]);
    expect(hasGap(filled)).toBe(false);
    expect(filled.room).toBe(missed.room);
  });

  it('are none in an empty room, nor beyond the window', () => {
    expect(hasGap(withRoom(null, room()))).toBe(false);
    const late = withRoom(null, room({ offers: 3 }));
    expect(hasGap(withBids(late, [bid(3, 1, 82_000), bid(2, 2, 81_000)]), 2)).toBe(false);
  });
});

describe('rooms', () => {
  it('are not replaced by older ones, nor opened again', () => {
    const state = after([bid(1, 2, 80_000)]);
    expect(withRoom(state, room())).toBe(state);
    const closed = withRoom(state, room({ phase: 'closed', offers: 1, last_event: 2, outcome: 'sold', winner: 2 }));
    expect(closed.room.phase).toBe('closed');
    expect(closed.bids).toHaveLength(1);
    expect(withRoom(closed, room({ phase: 'limited', offers: 1, last_event: 2 }))).toBe(closed);
  });

  it('have the phase that the clock says, where nothing stands still', () => {
    const at = (minute: number, phase = 'waiting') => phaseAt(room({ phase }), Date.parse(minutes(minute)));
    expect([at(-1), at(0), at(59), at(60), at(64), at(65)]).toEqual(['waiting', 'free', 'free', 'limited', 'limited', 'closing']);
    expect([at(30, 'suspended'), at(70, 'drawing'), at(70, 'closed')]).toEqual(['suspended', 'drawing', 'closed']);
    expect(['waiting', 'free', 'limited', 'closing'].map((phase) => nextMoment(room(), phase as 'free'))).toEqual([AT, minutes(60), minutes(65), null]);
  });
});

describe('the own place', () => {
  const place = { lot_id: 'l', number: 2, leads: true, own_fen: 80_000, may_match: false };

  it('follows the offers', () => {
    expect(placeIn(after([bid(1, 2, 80_000), bid(2, 5, 81_000)]), place)).toMatchObject({ leads: false, own_fen: 80_000 });
    expect(placeIn(after([bid(1, 5, 80_000), bid(2, 2, 84_000)]), place)).toMatchObject({ leads: true, own_fen: 84_000, won: null });
  });

  it('is won or not once it is closed', () => {
    const closed = withRoom(after([bid(1, 2, 80_000)]), room({ phase: 'closed', offers: 1, last_event: 2, outcome: 'sold', winner: 2, leader: 2 }));
    expect(placeIn(closed, place).won).toBe(true);
    expect(placeIn(closed, { ...place, number: 5 }).won).toBe(false);
  });
});

describe('what a person hears', () => {
  const before = after([bid(1, 2, 80_000)]);

  it('is told by whose eyes see it', () => {
    const next = withBid(before, bid(2, 5, 81_000));
    expect(happened(before, next, 2)).toEqual([{ kind: 'outbid', fen: 81_000, by: 5 }]);
    expect(happened(before, next, 5)).toEqual([{ kind: 'leading', fen: 81_000 }]);
    expect(happened(before, next, 7)).toEqual([{ kind: 'offer', bid: bid(2, 5, 81_000) }]);
    expect(happened(before, next, null)).toEqual([{ kind: 'offer', bid: bid(2, 5, 81_000) }]);
    expect(happened(null, next, 2)).toEqual([]);
    expect(happened(next, next, 2)).toEqual([]);
  });

  it('includes an extension', () => {
    const next = withBid(before, bid(2, 5, 81_000, 70));
    expect(happened(before, next, 2).map((one) => one.kind)).toEqual(['outbid', 'extended']);
  });

  it('a match of the same price outbids too', () => {
    expect(happened(before, withBid(before, bid(2, 5, 80_000, 65, 'match')), 2)[0]).toMatchObject({ kind: 'outbid', by: 5 });
  });

  it('includes a standstill and the close, once', () => {
    const still = withRoom(before, room({ phase: 'suspended', offers: 1, last_event: 2 }));
    expect(happened(before, still, null)).toEqual([{ kind: 'phase', phase: 'suspended' }]);
    const sold = withRoom(before, room({ phase: 'closed', offers: 1, last_event: 2, outcome: 'sold', winner: 2, leading_fen: 80_000, leader: 2 }));
    expect(happened(before, sold, 2)).toEqual([{ kind: 'closed', outcome: 'sold', winner: 2, fen: 80_000, won: true }]);
    expect(happened(before, sold, 5)).toMatchObject([{ won: false }]);
    expect(happened(sold, sold, 2)).toEqual([]);
    const unsold = withRoom(withRoom(null, room()), room({ phase: 'closed', outcome: 'unsold', last_event: 1 }));
    expect(happened(withRoom(null, room()), unsold, null)).toMatchObject([{ outcome: 'unsold', winner: null, fen: null, won: null }]);
  });
});
