-- Bidding: rooms, and the offers in them. Nothing here ties an offer to a party in the clear: bidders stand as numbers, whose tie to a
-- registration is sealed, and are found by a keyed hash of lot and account.

CREATE TABLE bidding.room (
    lot_id uuid NOT NULL CONSTRAINT room_pkey PRIMARY KEY,
    region text NOT NULL,
    rulebook text NOT NULL,
    title text NOT NULL,
    -- The announced notice (JSON text as it stands in the log) and the terms that follow from it (JSON of the core's type).
    notice text NOT NULL,
    terms text NOT NULL,
    outlier_steps integer NOT NULL,
    outlier_multiple text NOT NULL,
    -- announced (no bidders yet), open (bidders admitted), drawing, closed.
    state text NOT NULL CONSTRAINT room_state_check CHECK (state IN ('announced', 'open', 'drawing', 'closed')),
    opens_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    admitted integer NOT NULL DEFAULT 0,
    closed_at timestamptz,
    outcome text,
    winner integer,
    price_fen bigint,
    CONSTRAINT room_closed_check CHECK ((state = 'closed') = (outcome IS NOT NULL))
);
CREATE INDEX room_running_idx ON bidding.room (ends_at, lot_id) WHERE state <> 'closed';

CREATE TABLE bidding.qualified (
    registration_id uuid NOT NULL CONSTRAINT qualified_pkey PRIMARY KEY,
    lot_id uuid NOT NULL
);
CREATE INDEX qualified_lot_idx ON bidding.qualified (lot_id);

CREATE TABLE bidding.bidder (
    lot_id uuid NOT NULL REFERENCES bidding.room,
    number integer NOT NULL CHECK (number > 0),
    account_hash bytea NOT NULL,
    sealed bytea NOT NULL,
    commitment text NOT NULL,
    priority_rank smallint,
    CONSTRAINT bidder_pkey PRIMARY KEY (lot_id, number),
    CONSTRAINT bidder_once UNIQUE (lot_id, account_hash)
);

-- feed is the event's place in the room's own order, shared with room_event.
CREATE TABLE bidding.bid (
    lot_id uuid NOT NULL REFERENCES bidding.room,
    seq bigint NOT NULL CHECK (seq > 0),
    feed bigint NOT NULL CHECK (feed > 0),
    number integer NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    kind text NOT NULL CONSTRAINT bid_kind_check CHECK (kind IN ('bid', 'match')),
    placed_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    key_hash bytea,
    CONSTRAINT bid_pkey PRIMARY KEY (lot_id, seq),
    CONSTRAINT bid_feed_key UNIQUE (lot_id, feed),
    CONSTRAINT bid_once UNIQUE (lot_id, key_hash),
    CONSTRAINT bid_by_admitted FOREIGN KEY (lot_id, number) REFERENCES bidding.bidder
);

CREATE TABLE bidding.room_event (
    lot_id uuid NOT NULL REFERENCES bidding.room,
    feed bigint NOT NULL CHECK (feed > 0),
    kind text NOT NULL CHECK (kind IN ('suspended', 'resumed', 'closed')),
    at timestamptz NOT NULL,
    CONSTRAINT room_event_pkey PRIMARY KEY (lot_id, feed)
);

-- What the exchange asks of a room (from the log); the room itself says when it happens.
CREATE TABLE bidding.room_order (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT room_order_pkey PRIMARY KEY,
    lot_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('suspend', 'resume', 'terminate')),
    done boolean NOT NULL DEFAULT false
);
CREATE INDEX room_order_waiting_idx ON bidding.room_order (lot_id) WHERE NOT done;

-- Accepted offers and what happened in a room are history: nobody changes them.
REVOKE UPDATE, DELETE ON bidding.bid, bidding.room_event, bidding.bidder FROM sanbian_bidding;
