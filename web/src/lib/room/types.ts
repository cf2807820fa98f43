/** Rooms as the public API shows them (`sanbian.bidding.v1`). Amounts are fen of the lot's price basis. */
import type { components } from '../api/schema';
import type { WithNotice } from '../lots/types';

type Schemas = components['schemas'];

export type Room = WithNotice<Schemas['Room']>;
export type Bid = Schemas['Bid'];
export type BidPage = Schemas['BidPage'];
export type RoomPlace = Schemas['RoomPlace'];
export type BidReceipt = Schemas['BidReceipt'];
export type PlaceBid = Schemas['PlaceBidRequest'];
