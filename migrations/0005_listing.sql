-- Lots from draft to certificate, what was decided and said of them, and who registered for them.
-- Notices, schedules and the core's states stand as JSON in the core's own form; the columns beside them are what is searched by.

CREATE TABLE listing.lot (
    id uuid NOT NULL CONSTRAINT lot_pkey PRIMARY KEY,
    collective uuid NOT NULL,
    collective_name text NOT NULL,
    region text NOT NULL CONSTRAINT lot_region_check CHECK (region ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14})$'),
    assets uuid[] NOT NULL CONSTRAINT lot_assets_check CHECK (cardinality(assets) <= 50),
    state text COLLATE "C" NOT NULL,
    -- The core's whole state of the lot: the one that decides. `state` is read out of it.
    life jsonb NOT NULL,
    version integer NOT NULL CONSTRAINT lot_version_check CHECK (version >= 1),
    notice jsonb NOT NULL,
    drafted_by uuid NOT NULL,
    submitted_by uuid,
    -- Who has to do something: a reviewer, or the exchange that may announce it.
    waits_for text CONSTRAINT lot_waits_for_check CHECK (waits_for IN ('township', 'county', 'announcement')),
    relists uuid CONSTRAINT lot_relists_fkey REFERENCES listing.lot CONSTRAINT lot_relists_key UNIQUE,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    -- From the announcement on.
    number text COLLATE "C" CONSTRAINT lot_number_key UNIQUE,
    revision integer NOT NULL DEFAULT 0 CONSTRAINT lot_revision_check CHECK (revision >= 0),
    schedule jsonb,
    rulebook_label text NOT NULL DEFAULT '',
    rulebook_digest text,
    reserve_total_fen bigint,
    step_fen bigint,
    deposit_fen bigint,
    geometry text,
    announced_at timestamptz,
    registration_closes_at timestamptz,

    -- From the close of registration and of the room on.
    filed integer,
    qualified integer,
    price_fen bigint,
    total_fen bigint,
    winner_number integer,
    winner_registration uuid,

    -- The chair asked to withdraw it; the exchange has not approved yet.
    withdrawal_asked_by uuid,
    -- Suspended, and its resumption was made public on one day for another.
    resume_noticed_on date,
    resume_on date,
    resume_opens_at timestamptz,
    CONSTRAINT lot_resume_check CHECK ((resume_noticed_on IS NULL) = (resume_on IS NULL)),

    -- The next instant at which time itself moves the lot; none where nothing waits.
    due_at timestamptz,

    -- What the market is searched by.
    words text NOT NULL,
    category text COLLATE "C",
    area_mu numeric,
    per_mu_year_fen bigint,

    CONSTRAINT lot_announced_check CHECK (
        (number IS NULL AND revision = 0 AND schedule IS NULL AND rulebook_digest IS NULL AND reserve_total_fen IS NULL
            AND step_fen IS NULL AND deposit_fen IS NULL AND announced_at IS NULL)
        OR (number IS NOT NULL AND revision >= 1 AND schedule IS NOT NULL AND rulebook_digest IS NOT NULL
            AND reserve_total_fen IS NOT NULL AND step_fen IS NOT NULL AND deposit_fen IS NOT NULL AND announced_at IS NOT NULL))
);
COMMENT ON COLUMN listing.lot.version IS 'Each change of the draft adds one; a change names the version it was made on.';
CREATE INDEX lot_collective_idx ON listing.lot (collective, id DESC);
CREATE INDEX lot_assets_idx ON listing.lot USING gin (assets) WHERE number IS NOT NULL;
CREATE INDEX lot_region_idx ON listing.lot (region text_pattern_ops);
CREATE INDEX lot_state_idx ON listing.lot (state);
CREATE INDEX lot_waits_for_idx ON listing.lot (waits_for, id DESC) WHERE waits_for IS NOT NULL;
CREATE INDEX lot_due_idx ON listing.lot (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX lot_closing_idx ON listing.lot (registration_closes_at, id) WHERE number IS NOT NULL;
CREATE INDEX lot_announced_idx ON listing.lot (announced_at DESC, id DESC) WHERE number IS NOT NULL;
-- A lot is never deleted: the log speaks of it for ever.
REVOKE DELETE ON listing.lot FROM sanbian_listing;

-- Numbers are given without gaps within a county and year: under the row's lock, in the transaction that announces.
CREATE TABLE listing.serial (
    county text NOT NULL CONSTRAINT serial_county_check CHECK (county ~ '^[0-9]{6}$'),
    year integer NOT NULL,
    latest integer NOT NULL CONSTRAINT serial_latest_check CHECK (latest >= 1),
    CONSTRAINT serial_pkey PRIMARY KEY (county, year)
);
REVOKE DELETE ON listing.serial FROM sanbian_listing;

-- Rules that lots were announced under, word for word.
CREATE TABLE listing.rulebook (
    digest text COLLATE "C" NOT NULL CONSTRAINT rulebook_pkey PRIMARY KEY CONSTRAINT rulebook_digest_check CHECK (digest ~ '^[0-9a-f]{64}$'),
    label text NOT NULL,
    region text NOT NULL,
    category text NOT NULL,
    canonical text NOT NULL
);
REVOKE UPDATE, DELETE ON listing.rulebook FROM sanbian_listing;
ALTER TABLE listing.lot ADD CONSTRAINT lot_rulebook_fkey FOREIGN KEY (rulebook_digest) REFERENCES listing.rulebook;

-- Evidence files bound to a lot, by the SHA-256 under which they are kept.
CREATE TABLE listing.lot_document (
    lot uuid NOT NULL CONSTRAINT lot_document_lot_fkey REFERENCES listing.lot,
    digest text COLLATE "C" NOT NULL CONSTRAINT lot_document_digest_check CHECK (digest ~ '^[0-9a-f]{64}$'),
    kind text NOT NULL CONSTRAINT lot_document_kind_check CHECK (kind IN (
        'minutes', 'title', 'valuation', 'mandate', 'photo', 'plan', 'contract-draft', 'other')),
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL CONSTRAINT lot_document_size_check CHECK (size > 0),
    public boolean NOT NULL,
    attached_by uuid NOT NULL,
    attached_at timestamptz NOT NULL,
    CONSTRAINT lot_document_pkey PRIMARY KEY (lot, digest)
);

-- The collective's decision for a lot; a later one takes the place of an earlier one, which stays.
CREATE TABLE listing.decision (
    id uuid NOT NULL CONSTRAINT decision_pkey PRIMARY KEY,
    lot uuid NOT NULL CONSTRAINT decision_lot_fkey REFERENCES listing.lot,
    decision jsonb NOT NULL,
    minutes text COLLATE "C" NOT NULL,
    outside_allowed boolean NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX decision_lot_idx ON listing.decision (lot, recorded_at DESC);
REVOKE UPDATE, DELETE ON listing.decision FROM sanbian_listing;

CREATE TABLE listing.review (
    lot uuid NOT NULL CONSTRAINT review_lot_fkey REFERENCES listing.lot,
    seq integer NOT NULL,
    stage text NOT NULL CONSTRAINT review_stage_check CHECK (stage IN ('township', 'county')),
    outcome text NOT NULL CONSTRAINT review_outcome_check CHECK (outcome IN ('approved', 'returned')),
    reasons text NOT NULL,
    reviewer uuid NOT NULL,
    draft text COLLATE "C" NOT NULL,
    reviewed_at timestamptz NOT NULL,
    CONSTRAINT review_pkey PRIMARY KEY (lot, seq)
);
REVOKE UPDATE, DELETE ON listing.review FROM sanbian_listing;

-- Public notices beside the announcement.
CREATE TABLE listing.note (
    lot uuid NOT NULL CONSTRAINT note_lot_fkey REFERENCES listing.lot,
    seq integer NOT NULL,
    kind text NOT NULL CONSTRAINT note_kind_check CHECK (kind IN (
        'corrected', 'suspended', 'resuming', 'resumed', 'terminated', 'unsold', 'defaulted')),
    text text NOT NULL,
    noted_at timestamptz NOT NULL,
    CONSTRAINT note_pkey PRIMARY KEY (lot, seq)
);
REVOKE UPDATE, DELETE ON listing.note FROM sanbian_listing;

-- Who registered. The log has the registration and a commitment to the party; the tie between them is only here.
CREATE TABLE listing.registration (
    id uuid NOT NULL CONSTRAINT registration_pkey PRIMARY KEY,
    lot uuid NOT NULL CONSTRAINT registration_lot_fkey REFERENCES listing.lot,
    account uuid NOT NULL,
    party uuid NOT NULL,
    -- The core's state of the registration; `state` is read out of it.
    life jsonb NOT NULL,
    state text COLLATE "C" NOT NULL CONSTRAINT registration_state_check CHECK (state IN (
        'filed', 'accepted', 'rejected', 'qualified', 'needs-confirmation', 'withdrawn')),
    priority_claim text,
    priority_rank integer,
    reasons text,
    deposit_fen bigint NOT NULL CONSTRAINT registration_deposit_check CHECK (deposit_fen >= 0),
    -- Whether the money is with the exchange now; the core only knows that it came.
    deposit_held boolean NOT NULL DEFAULT false,
    revision integer NOT NULL,
    salt bytea NOT NULL CONSTRAINT registration_salt_check CHECK (octet_length(salt) = 32),
    filed_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
-- One that stands for each account and each party; who withdrew may come again.
CREATE UNIQUE INDEX registration_account_key ON listing.registration (lot, account) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX registration_party_key ON listing.registration (lot, party) WHERE state <> 'withdrawn';
CREATE INDEX registration_account_idx ON listing.registration (account, id DESC);
CREATE INDEX registration_lot_idx ON listing.registration (lot, id DESC);
CREATE INDEX registration_pending_idx ON listing.registration (lot) WHERE state = 'filed';
REVOKE DELETE ON listing.registration FROM sanbian_listing;

CREATE TABLE listing.registration_document (
    registration uuid NOT NULL CONSTRAINT registration_document_registration_fkey REFERENCES listing.registration,
    digest text COLLATE "C" NOT NULL CONSTRAINT registration_document_digest_check CHECK (digest ~ '^[0-9a-f]{64}$'),
    kind text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL CONSTRAINT registration_document_size_check CHECK (size > 0),
    CONSTRAINT registration_document_pkey PRIMARY KEY (registration, digest)
);
REVOKE UPDATE, DELETE ON listing.registration_document FROM sanbian_listing;
