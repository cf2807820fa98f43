/**
 * A room on the page: its feed, the offers, the caller's own place. Made once the room was read; `close` it when the page is left.
 */
import { LiveFeed, type FeedOptions, type FeedState } from '../api/feed.svelte';
import { ApiError, asApiError } from '../api/problem';
import { feedUrl, getRoom, listBids, myPlace, placeBid } from './calls';
import { happened, hasGap, placeIn, withBid, withBids, withRoom, type Happening, type RoomState } from './state';
import type { Bid, BidReceipt, Room, RoomPlace } from './types';

export interface LiveRoomOptions {
  /** Asks for the caller's own place: for bidders who are signed in. */
  bidder: boolean;
  /** What a person must hear of, in order. */
  onnews?: (news: Happening[]) => void;
  feed?: FeedOptions;
}

export class LiveRoom {
  #state = $state.raw<RoomState>() as RoomState;
  #place = $state.raw<RoomPlace | null>(null);
  #placeError = $state.raw<ApiError | null>(null);
  #placeAsked = $state(false);
  #feed = $state.raw<LiveFeed | null>(null);
  #abort = new AbortController();
  #filling = false;

  constructor(
    room: Room,
    private readonly options: LiveRoomOptions
  ) {
    this.#state = withRoom(null, room);
    void this.#fill();
    void this.refreshPlace();
    if (room.phase === 'closed') return;
    this.#feed = new LiveFeed(
      feedUrl(room.lot_id),
      {
        snapshot: (data) => this.#see(data as Room),
        phase: (data) => this.#see(data as Room),
        closed: (data) => this.#see(data as Room),
        bid: (data, id) => this.#hear(data as Bid, Number(id))
      },
      options.feed
    );
  }

  get room(): Room {
    return this.#state.room;
  }

  get bids(): readonly Bid[] {
    return this.#state.bids;
  }

  /** The caller's place; null for who is not admitted. */
  get place(): RoomPlace | null {
    return this.#place && placeIn(this.#state, this.#place);
  }

  /** Whether it is known if the caller has a place. */
  get placeKnown(): boolean {
    return !this.options.bidder || this.#placeAsked;
  }

  /** Why the place could not be read, where it is not just that there is none. */
  get placeError(): ApiError | null {
    return this.#placeError;
  }

  get line(): FeedState {
    return this.#feed?.state ?? 'closed';
  }

  close(): void {
    this.#feed?.close();
    this.#abort.abort();
  }

  /** Makes an offer. What was accepted stands in the list at once. Throws the refusal. */
  async offer(amountFen: number, kind: 'bid' | 'match', outlierConfirmed = false): Promise<BidReceipt> {
    const receipt = await placeBid(this.room.lot_id, amountFen, kind, outlierConfirmed);
    if (receipt.bid) this.#hear(receipt.bid);
    return receipt;
  }

  /** Asks for the caller's place anew. */
  async refreshPlace(): Promise<void> {
    if (!this.options.bidder) return;
    try {
      this.#place = await myPlace(this.room.lot_id, this.#abort.signal);
      this.#placeError = null;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      const failure = asApiError(error);
      // Not admitted: there is no place, and nothing is wrong.
      if (failure.kind === 'forbidden' || failure.kind === 'not-found') this.#place = null;
      else this.#placeError = failure;
    } finally {
      this.#placeAsked = true;
    }
  }

  /** Reads the room by a call, as after an offer that was refused because the page was behind. */
  async refresh(): Promise<void> {
    const room = await getRoom(this.room.lot_id, this.#abort.signal).catch(() => null);
    if (room) this.#see(room);
  }

  #see(room: Room): void {
    this.#take(withRoom(this.#state, room));
    void this.#fill();
    // A closed room says nothing more: without this the browser would call again and again.
    if (this.room.phase === 'closed') this.#feed?.close();
  }

  #hear(bid: Bid, event = 0): void {
    this.#take(withBid(this.#state, bid, Number.isSafeInteger(event) ? event : 0));
    void this.#fill();
  }

  #take(state: RoomState): void {
    const before = this.#state;
    this.#state = state;
    const news = happened(before, state, this.#place?.number ?? null);
    if (news.length > 0) this.options.onnews?.(news);
    const moved = before.room.leader !== state.room.leader || before.room.phase !== state.room.phase;
    if (moved && this.#place?.priority_rank) void this.refreshPlace();
  }

  /** Gets the offers that were missed. */
  async #fill(): Promise<void> {
    if (this.#filling || !hasGap(this.#state)) return;
    this.#filling = true;
    try {
      const page = await listBids(this.room.lot_id, undefined, this.#abort.signal);
      this.#state = withBids(this.#state, page.items);
    } catch {
      // The list stays short; the next event tries again.
    } finally {
      this.#filling = false;
    }
  }
}
