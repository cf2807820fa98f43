-- Settlement: the books, deposits, bank statements, payouts, contracts, certificates. Who stands behind an account, a bank line or a payout is
-- sealed; money itself is in the clear.

-- The books: double entry. Money is whole fen; every movement debits one account and credits another by the same amount, so that the sum over
-- all accounts is zero, always. Balances are kept by the database itself: the service's role may add accounts and movements, and decide a
-- pending movement once, and nothing else.

CREATE TABLE settlement.account (
    id uuid NOT NULL CONSTRAINT account_pkey PRIMARY KEY,
    code text COLLATE "C" NOT NULL CONSTRAINT account_code_key UNIQUE,
    debits_posted bigint NOT NULL DEFAULT 0 CONSTRAINT account_debits_posted_check CHECK (debits_posted >= 0),
    credits_posted bigint NOT NULL DEFAULT 0 CONSTRAINT account_credits_posted_check CHECK (credits_posted >= 0),
    debits_pending bigint NOT NULL DEFAULT 0 CONSTRAINT account_debits_pending_check CHECK (debits_pending >= 0),
    credits_pending bigint NOT NULL DEFAULT 0 CONSTRAINT account_credits_pending_check CHECK (credits_pending >= 0),
    -- What is owed to somebody never falls below zero, what is ordered but not yet paid included: nothing is paid out twice.
    debits_must_not_exceed_credits boolean NOT NULL,
    credits_must_not_exceed_debits boolean NOT NULL,
    CONSTRAINT account_debits_within_credits CHECK (
        NOT debits_must_not_exceed_credits OR debits_posted + debits_pending <= credits_posted),
    CONSTRAINT account_credits_within_debits CHECK (
        NOT credits_must_not_exceed_debits OR credits_posted + credits_pending <= debits_posted)
);
REVOKE INSERT, UPDATE, DELETE ON settlement.account FROM sanbian_settlement;
GRANT INSERT (id, code, debits_must_not_exceed_credits, credits_must_not_exceed_debits) ON settlement.account TO sanbian_settlement;

CREATE TABLE settlement.transfer (
    id uuid NOT NULL CONSTRAINT transfer_pkey PRIMARY KEY,
    -- The order they are shown in.
    seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT transfer_seq_key UNIQUE,
    debit_id uuid NOT NULL CONSTRAINT transfer_debit_fkey REFERENCES settlement.account,
    credit_id uuid NOT NULL CONSTRAINT transfer_credit_fkey REFERENCES settlement.account,
    -- Below 2^53, so that every JSON reader sees the same figure.
    amount_fen bigint NOT NULL CONSTRAINT transfer_amount_check CHECK (amount_fen BETWEEN 1 AND 9007199254740991),
    state text COLLATE "C" NOT NULL CONSTRAINT transfer_state_check CHECK (state IN ('pending', 'posted', 'voided')),
    reason text COLLATE "C" NOT NULL CONSTRAINT transfer_reason_check CHECK (reason IN (
        'deposit-received', 'deposit-released', 'deposit-applied', 'payment', 'fee', 'proceeds', 'proceeds-paid', 'return', 'forfeit',
        'suspense')),
    -- The lot whose money it is; none for bank lines that match nothing.
    lot_id uuid,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT transfer_between_two CHECK (debit_id <> credit_id),
    CONSTRAINT transfer_settled_check CHECK ((state = 'pending') = (settled_at IS NULL))
);
CREATE INDEX transfer_debit_idx ON settlement.transfer (debit_id, seq);
CREATE INDEX transfer_credit_idx ON settlement.transfer (credit_id, seq);
CREATE INDEX transfer_lot_idx ON settlement.transfer (lot_id, seq) WHERE lot_id IS NOT NULL;
REVOKE UPDATE, DELETE ON settlement.transfer FROM sanbian_settlement;
GRANT UPDATE (state, settled_at) ON settlement.transfer TO sanbian_settlement;

CREATE FUNCTION settlement.refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'the books only grow: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'books_append_only';
END
$$;

-- Statement triggers, since TRUNCATE fires no other; ALWAYS, so that a session in replication mode is refused too.
CREATE TRIGGER account_append_only BEFORE DELETE OR TRUNCATE ON settlement.account
    FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
ALTER TABLE settlement.account ENABLE ALWAYS TRIGGER account_append_only;
CREATE TRIGGER transfer_append_only BEFORE DELETE OR TRUNCATE ON settlement.transfer
    FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
ALTER TABLE settlement.transfer ENABLE ALWAYS TRIGGER transfer_append_only;

CREATE FUNCTION settlement.transfer_decides_once() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'voided' THEN
            RAISE EXCEPTION 'a movement is not voided before it was pending'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'books_append_only';
        END IF;
    ELSIF OLD.state <> 'pending' OR NEW.state = 'pending'
        OR (NEW.id, NEW.seq, NEW.debit_id, NEW.credit_id, NEW.amount_fen, NEW.reason, NEW.lot_id, NEW.created_at)
            IS DISTINCT FROM (OLD.id, OLD.seq, OLD.debit_id, OLD.credit_id, OLD.amount_fen, OLD.reason, OLD.lot_id, OLD.created_at)
    THEN
        RAISE EXCEPTION 'a movement is decided once and never changed: %', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'books_append_only';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER transfer_decides_once BEFORE INSERT OR UPDATE ON settlement.transfer
    FOR EACH ROW EXECUTE FUNCTION settlement.transfer_decides_once();
ALTER TABLE settlement.transfer ENABLE ALWAYS TRIGGER transfer_decides_once;

-- Moves the balances with the movement, under the two accounts' locks, which are taken in the order of their ids. It runs with its owner's
-- rights: the service itself can't write a balance.
CREATE FUNCTION settlement.move_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    posted bigint := CASE NEW.state WHEN 'posted' THEN NEW.amount_fen ELSE 0 END;
    pending bigint := CASE WHEN TG_OP = 'UPDATE' THEN -NEW.amount_fen WHEN NEW.state = 'pending' THEN NEW.amount_fen ELSE 0 END;
BEGIN
    -- NO KEY: the foreign keys of a movement that waits hold a share of the same rows.
    PERFORM FROM settlement.account WHERE id IN (NEW.debit_id, NEW.credit_id) ORDER BY id FOR NO KEY UPDATE;
    UPDATE settlement.account SET debits_posted = debits_posted + posted, debits_pending = debits_pending + pending
        WHERE id = NEW.debit_id;
    UPDATE settlement.account SET credits_posted = credits_posted + posted, credits_pending = credits_pending + pending
        WHERE id = NEW.credit_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER transfer_moves_balances AFTER INSERT OR UPDATE ON settlement.transfer
    FOR EACH ROW EXECUTE FUNCTION settlement.move_balances();
ALTER TABLE settlement.transfer ENABLE ALWAYS TRIGGER transfer_moves_balances;

-- What settlement keeps of announced lots, from the log, and the rules they pin, word for word.

CREATE TABLE settlement.rulebook (
    digest text COLLATE "C" NOT NULL CONSTRAINT rulebook_pkey PRIMARY KEY,
    canonical text NOT NULL
);
REVOKE UPDATE, DELETE ON settlement.rulebook FROM sanbian_settlement;

CREATE TABLE settlement.lot (
    lot_id uuid NOT NULL CONSTRAINT lot_pkey PRIMARY KEY,
    region text COLLATE "C" NOT NULL,
    rulebook text NOT NULL,
    rulebook_digest text COLLATE "C" NOT NULL CONSTRAINT lot_rulebook_fkey REFERENCES settlement.rulebook,
    number text NOT NULL,
    collective_id uuid NOT NULL,
    assets uuid[] NOT NULL,
    -- JSON text of the core's types.
    notice text NOT NULL,
    registration_closes_at timestamptz NOT NULL,
    suspended_at timestamptz
);
CREATE INDEX lot_region_idx ON settlement.lot (region);
REVOKE DELETE ON settlement.lot FROM sanbian_settlement;

-- Bank statements and their lines. A line is kept once, by the bank's own number; its other side and remark are sealed.

CREATE TABLE settlement.statement (
    digest text COLLATE "C" NOT NULL CONSTRAINT statement_pkey PRIMARY KEY,
    imported_by uuid NOT NULL,
    imported_at timestamptz NOT NULL,
    lines integer NOT NULL
);
REVOKE UPDATE, DELETE ON settlement.statement FROM sanbian_settlement;

CREATE TABLE settlement.bank_line (
    id uuid NOT NULL CONSTRAINT bank_line_pkey PRIMARY KEY,
    bank_line text COLLATE "C" NOT NULL CONSTRAINT bank_line_once UNIQUE,
    statement text COLLATE "C" NOT NULL CONSTRAINT bank_line_statement_fkey REFERENCES settlement.statement,
    booked_on date NOT NULL,
    direction text COLLATE "C" NOT NULL CONSTRAINT bank_line_direction_check CHECK (direction IN ('in', 'out')),
    amount_fen bigint NOT NULL CONSTRAINT bank_line_amount_check CHECK (amount_fen BETWEEN 1 AND 9007199254740991),
    sealed bytea NOT NULL,
    -- Keyed hash of the whole line: another line under the same number is found out.
    fingerprint bytea NOT NULL,
    state text COLLATE "C" NOT NULL CONSTRAINT bank_line_state_check CHECK (state IN ('unmatched', 'matched', 'returned')),
    reason text COLLATE "C" CONSTRAINT bank_line_reason_check CHECK (reason IN (
        'no-reference', 'wrong-amount', 'wrong-payer', 'too-late', 'not-due', 'not-approved', 'unknown')),
    resolved_by uuid,
    resolved_at timestamptz,
    -- Why a person decided so; it may name people.
    resolved_why bytea,
    CONSTRAINT bank_line_unmatched_check CHECK (state <> 'unmatched' OR reason IS NOT NULL)
);
CREATE INDEX bank_line_unmatched_idx ON settlement.bank_line (id DESC) WHERE state = 'unmatched';
REVOKE UPDATE, DELETE ON settlement.bank_line FROM sanbian_settlement;
GRANT UPDATE (state, reason, resolved_by, resolved_at, resolved_why) ON settlement.bank_line TO sanbian_settlement;

-- Deposits: one for each registration. The parts of what was received add up, to the fen.

CREATE TABLE settlement.deposit (
    registration_id uuid NOT NULL CONSTRAINT deposit_pkey PRIMARY KEY,
    lot_id uuid NOT NULL CONSTRAINT deposit_lot_fkey REFERENCES settlement.lot,
    reference text COLLATE "C" NOT NULL CONSTRAINT deposit_reference_key UNIQUE,
    -- Whose it is: a keyed hash to find it by, and account and party sealed.
    account_hash bytea NOT NULL,
    holder bytea NOT NULL,
    qualified boolean NOT NULL DEFAULT false,
    phase text COLLATE "C" NOT NULL CONSTRAINT deposit_phase_check CHECK (phase IN (
        'due', 'held', 'bound', 'released', 'applied', 'forfeited', 'divided')),
    required_fen bigint NOT NULL CONSTRAINT deposit_required_check CHECK (required_fen >= 0),
    received_fen bigint NOT NULL CONSTRAINT deposit_received_check CHECK (received_fen >= 0),
    held_fen bigint NOT NULL CONSTRAINT deposit_held_check CHECK (held_fen >= 0),
    released_fen bigint NOT NULL CONSTRAINT deposit_released_check CHECK (released_fen >= 0),
    applied_fen bigint NOT NULL CONSTRAINT deposit_applied_check CHECK (applied_fen >= 0),
    forfeited_fen bigint NOT NULL CONSTRAINT deposit_forfeited_check CHECK (forfeited_fen >= 0),
    -- The bank line that paid it: it goes back to that account.
    line_id uuid CONSTRAINT deposit_line_fkey REFERENCES settlement.bank_line CONSTRAINT deposit_line_key UNIQUE,
    filed_at timestamptz NOT NULL,
    held_at timestamptz,
    return_by date,
    released_at timestamptz,
    CONSTRAINT deposit_balances CHECK (received_fen = held_fen + released_fen + applied_fen + forfeited_fen)
);
CREATE INDEX deposit_lot_idx ON settlement.deposit (lot_id);
CREATE INDEX deposit_account_idx ON settlement.deposit (account_hash, registration_id DESC);
REVOKE DELETE ON settlement.deposit FROM sanbian_settlement;

-- Contracts.

CREATE TABLE settlement.serial (
    kind text COLLATE "C" NOT NULL CONSTRAINT serial_kind_check CHECK (kind IN ('contract', 'certificate')),
    county text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    latest integer NOT NULL CONSTRAINT serial_latest_check CHECK (latest >= 1),
    CONSTRAINT serial_pkey PRIMARY KEY (kind, county, year)
);
COMMENT ON TABLE settlement.serial IS 'Numbers without gaps within county and year: given under the row''s lock, in the transaction that uses them.';
REVOKE DELETE ON settlement.serial FROM sanbian_settlement;

CREATE TABLE settlement.contract (
    id uuid NOT NULL CONSTRAINT contract_pkey PRIMARY KEY,
    number text COLLATE "C" NOT NULL CONSTRAINT contract_number_key UNIQUE,
    lot_id uuid NOT NULL CONSTRAINT contract_lot_fkey REFERENCES settlement.lot,
    registration_id uuid NOT NULL CONSTRAINT contract_registration_fkey REFERENCES settlement.deposit
        CONSTRAINT contract_registration_key UNIQUE,
    state text COLLATE "C" NOT NULL CONSTRAINT contract_state_check CHECK (state IN (
        'drawn', 'signing', 'signed', 'settled', 'defaulted', 'terminated')),
    account_hash bytea NOT NULL,
    -- Both sides as the document names them, and where proceeds go: sealed.
    parties bytea NOT NULL,
    -- The core's agreement in canonical JSON: the bytes whose SHA-256 is signed.
    agreement text NOT NULL,
    digest text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL CONSTRAINT contract_reference_key UNIQUE,
    -- Due with signing: first payment and the transferee's fee.
    due_fen bigint NOT NULL CONSTRAINT contract_due_check CHECK (due_fen >= 0),
    deposit_applied_fen bigint NOT NULL DEFAULT 0 CONSTRAINT contract_applied_check CHECK (deposit_applied_fen >= 0),
    paid_fen bigint NOT NULL DEFAULT 0 CONSTRAINT contract_paid_check CHECK (paid_fen >= 0),
    drawn_at timestamptz NOT NULL,
    sign_by date,
    pay_by date,
    transferor_signed_at timestamptz,
    transferor_signed_by uuid,
    transferee_signed_at timestamptz,
    transferee_signed_by uuid,
    term_from date,
    term_to date,
    ended_at timestamptz,
    CONSTRAINT contract_not_overpaid CHECK (deposit_applied_fen + paid_fen <= due_fen),
    CONSTRAINT contract_settled_check CHECK (state <> 'settled' OR deposit_applied_fen + paid_fen = due_fen),
    CONSTRAINT contract_signed_check CHECK (
        state NOT IN ('signed', 'settled')
        OR (transferor_signed_at IS NOT NULL AND transferee_signed_at IS NOT NULL AND pay_by IS NOT NULL)),
    CONSTRAINT contract_two_hands CHECK (transferor_signed_by <> transferee_signed_by)
);
CREATE UNIQUE INDEX contract_one_a_lot ON settlement.contract (lot_id) WHERE state NOT IN ('defaulted', 'terminated');
CREATE INDEX contract_account_idx ON settlement.contract (account_hash, id DESC);
CREATE INDEX contract_lot_idx ON settlement.contract (lot_id);
REVOKE DELETE ON settlement.contract FROM sanbian_settlement;

CREATE TABLE settlement.contract_payment (
    line_id uuid NOT NULL CONSTRAINT contract_payment_pkey PRIMARY KEY
        CONSTRAINT contract_payment_line_fkey REFERENCES settlement.bank_line,
    contract_id uuid NOT NULL CONSTRAINT contract_payment_contract_fkey REFERENCES settlement.contract,
    amount_fen bigint NOT NULL CONSTRAINT contract_payment_amount_check CHECK (amount_fen > 0)
);
CREATE INDEX contract_payment_contract_idx ON settlement.contract_payment (contract_id);
REVOKE UPDATE, DELETE ON settlement.contract_payment FROM sanbian_settlement;

-- Money to be paid out: ordered by what happened, approved by a person of finance, paid when the bank's statement says so.

CREATE TABLE settlement.payout (
    id uuid NOT NULL CONSTRAINT payout_pkey PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CONSTRAINT payout_kind_check CHECK (kind IN ('deposit-return', 'proceeds', 'line-return')),
    lot_id uuid,
    registration_id uuid,
    contract_id uuid,
    amount_fen bigint NOT NULL CONSTRAINT payout_amount_check CHECK (amount_fen > 0),
    -- The pending movement that the bank's line posts.
    transfer_id uuid NOT NULL CONSTRAINT payout_transfer_fkey REFERENCES settlement.transfer CONSTRAINT payout_transfer_key UNIQUE,
    -- Name and account, sealed; none until it is known.
    payee bytea,
    reference text COLLATE "C" NOT NULL CONSTRAINT payout_reference_key UNIQUE,
    state text COLLATE "C" NOT NULL CONSTRAINT payout_state_check CHECK (state IN ('ordered', 'approved', 'paid')),
    due_on date,
    ordered_at timestamptz NOT NULL,
    -- The person who ordered it; none where a rule did.
    ordered_by uuid,
    approved_at timestamptz,
    approved_by uuid,
    paid_at timestamptz,
    paid_line uuid CONSTRAINT payout_paid_line_fkey REFERENCES settlement.bank_line CONSTRAINT payout_paid_line_key UNIQUE,
    CONSTRAINT payout_four_eyes CHECK (approved_by <> ordered_by),
    CONSTRAINT payout_approved_check CHECK (state = 'ordered' OR (approved_by IS NOT NULL AND payee IS NOT NULL)),
    CONSTRAINT payout_paid_check CHECK ((state = 'paid') = (paid_line IS NOT NULL))
);
CREATE INDEX payout_due_idx ON settlement.payout ((coalesce(due_on, DATE '9999-12-31')), id);
REVOKE DELETE ON settlement.payout FROM sanbian_settlement;

-- Certificates.

CREATE TABLE settlement.certificate (
    id uuid NOT NULL CONSTRAINT certificate_pkey PRIMARY KEY,
    number text COLLATE "C" NOT NULL CONSTRAINT certificate_number_key UNIQUE,
    contract_id uuid NOT NULL CONSTRAINT certificate_contract_fkey REFERENCES settlement.contract,
    lot_id uuid NOT NULL CONSTRAINT certificate_lot_fkey REFERENCES settlement.lot,
    -- The core's fields, sealed: they name people.
    fields bytea NOT NULL,
    digest text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL CONSTRAINT certificate_status_check CHECK (status IN ('valid', 'revoked')),
    prints integer NOT NULL DEFAULT 0 CONSTRAINT certificate_prints_check CHECK (prints >= 0),
    print_requested_by uuid,
    print_requested_at timestamptz,
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_why bytea,
    log_index bigint,
    CONSTRAINT certificate_revoked_check CHECK ((status = 'revoked') = (revoked_at IS NOT NULL))
);
CREATE UNIQUE INDEX certificate_one_valid ON settlement.certificate (contract_id) WHERE status = 'valid';
REVOKE UPDATE, DELETE ON settlement.certificate FROM sanbian_settlement;
GRANT UPDATE (status, prints, print_requested_by, print_requested_at, revoked_at, revoked_why, log_index) ON settlement.certificate
    TO sanbian_settlement;

CREATE TABLE settlement.certificate_print (
    certificate_id uuid NOT NULL CONSTRAINT certificate_print_certificate_fkey REFERENCES settlement.certificate,
    count integer NOT NULL CONSTRAINT certificate_print_count_check CHECK (count >= 1),
    printer uuid NOT NULL,
    approver uuid,
    at timestamptz NOT NULL,
    CONSTRAINT certificate_print_pkey PRIMARY KEY (certificate_id, count),
    CONSTRAINT certificate_print_two CHECK (approver <> printer)
);
REVOKE UPDATE, DELETE ON settlement.certificate_print FROM sanbian_settlement;
