-- Supervision: every step of every lot as the log has it, and alerts.

CREATE TABLE supervision.lot (
    lot_id uuid NOT NULL CONSTRAINT lot_pkey PRIMARY KEY,
    collective_id uuid,
    region text NOT NULL,
    number text NOT NULL DEFAULT '',
    title text NOT NULL DEFAULT '',
    category text NOT NULL DEFAULT '',
    -- The announced notice, to reckon what a price comes to; none before the announcement.
    notice text,
    qualified integer,
    sold boolean NOT NULL DEFAULT false,
    pay_by date,
    settled boolean NOT NULL DEFAULT false,
    steps integer NOT NULL DEFAULT 0,
    last_kind text NOT NULL DEFAULT '',
    last_index bigint NOT NULL,
    last_at timestamptz NOT NULL
);
CREATE INDEX lot_newest_idx ON supervision.lot (last_index DESC);
CREATE INDEX lot_collective_idx ON supervision.lot (collective_id) WHERE qualified = 1;
CREATE INDEX lot_unpaid_idx ON supervision.lot (pay_by) WHERE NOT settled AND pay_by IS NOT NULL;

CREATE TABLE supervision.step (
    log_index bigint NOT NULL CONSTRAINT step_pkey PRIMARY KEY,
    lot_id uuid NOT NULL REFERENCES supervision.lot,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    rulebook text NOT NULL,
    zh text NOT NULL,
    en text NOT NULL
);
CREATE INDEX step_lot_idx ON supervision.step (lot_id, log_index);

CREATE TABLE supervision.alert (
    id uuid NOT NULL CONSTRAINT alert_pkey PRIMARY KEY,
    kind text NOT NULL CONSTRAINT alert_kind_check CHECK (kind IN ('price-far-below', 'single-bidder-again', 'payment-late')),
    lot_id uuid NOT NULL REFERENCES supervision.lot,
    finding text NOT NULL,
    raised_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by uuid,
    reason text,
    CONSTRAINT alert_once UNIQUE (lot_id, kind),
    CONSTRAINT alert_closed_check CHECK ((closed_at IS NULL) = (reason IS NULL))
);
CREATE INDEX alert_newest_idx ON supervision.alert (raised_at DESC, id);
