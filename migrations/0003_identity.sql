-- Accounts, roles within regions, sessions. Names and addresses are sealed (AEAD); where a value must be found, its keyed hash stands beside it.

CREATE TABLE identity.account (
    id uuid NOT NULL CONSTRAINT account_pkey PRIMARY KEY,
    username_lookup bytea NOT NULL CONSTRAINT account_username_key UNIQUE,
    username_sealed bytea NOT NULL,
    display_name_sealed bytea NOT NULL,
    password_hash text NOT NULL CONSTRAINT account_password_hash_check CHECK (password_hash LIKE '$argon2id$%'),
    must_change_password boolean NOT NULL,
    region text NOT NULL CONSTRAINT account_region_check CHECK (region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14})?$'),
    created_at timestamptz NOT NULL,
    disabled_at timestamptz
);
-- An account is never deleted: the log speaks of it for ever.
REVOKE DELETE ON identity.account FROM sanbian_identity;

-- Roles held now. Who held what when is in the log.
CREATE TABLE identity.role_grant (
    account uuid NOT NULL CONSTRAINT role_grant_account_fkey REFERENCES identity.account,
    role text NOT NULL CONSTRAINT role_grant_role_check CHECK (role IN (
        'clerk', 'chair', 'member', 'bidder', 'township-reviewer', 'county-reviewer', 'operator', 'finance', 'supervisor', 'administrator')),
    region text NOT NULL CONSTRAINT role_grant_region_check CHECK (region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14})?$'),
    CONSTRAINT role_grant_pkey PRIMARY KEY (account, role, region)
);
CREATE INDEX role_grant_region_idx ON identity.role_grant (region text_pattern_ops);
CREATE INDEX role_grant_administrator_idx ON identity.role_grant (account) WHERE role = 'administrator';
REVOKE UPDATE ON identity.role_grant FROM sanbian_identity;

-- A session is the family of refresh tokens that came one from another. Wall-clock times.
CREATE TABLE identity.session (
    id uuid NOT NULL CONSTRAINT session_pkey PRIMARY KEY,
    account uuid NOT NULL CONSTRAINT session_account_fkey REFERENCES identity.account,
    client_sealed bytea NOT NULL,
    opened_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_why text CONSTRAINT session_ended_why_check CHECK (ended_why IN ('signed-out', 'revoked', 'replayed', 'expired', 'password-changed', 'account-disabled')),
    CONSTRAINT session_ended_check CHECK ((ended_at IS NULL) = (ended_why IS NULL)),
    CONSTRAINT session_times_check CHECK (opened_at <= last_used_at AND opened_at < expires_at)
);
CREATE INDEX session_account_idx ON identity.session (account) WHERE ended_at IS NULL;

-- SHA-256 of each refresh token; the tokens themselves are nowhere. Used ones stay while the session does, to know a replay.
CREATE TABLE identity.refresh_token (
    digest bytea NOT NULL CONSTRAINT refresh_token_pkey PRIMARY KEY CONSTRAINT refresh_token_digest_check CHECK (length(digest) = 32),
    session uuid NOT NULL CONSTRAINT refresh_token_session_fkey REFERENCES identity.session ON DELETE CASCADE,
    issued_at timestamptz NOT NULL,
    used_at timestamptz
);
-- One token of a session is good at any time, whatever the program does.
CREATE UNIQUE INDEX refresh_token_unused_key ON identity.refresh_token (session) WHERE used_at IS NULL;
CREATE INDEX refresh_token_session_idx ON identity.refresh_token (session);

-- Attempts in a row, by keyed hash of what they were made at: an account, an account from a known place, a client address.
CREATE TABLE identity.attempt (
    subject bytea NOT NULL CONSTRAINT attempt_pkey PRIMARY KEY,
    failures integer NOT NULL CONSTRAINT attempt_failures_check CHECK (failures >= 0),
    last_at timestamptz NOT NULL,
    blocked_until timestamptz
);
CREATE INDEX attempt_last_at_idx ON identity.attempt (last_at);

-- Client addresses (keyed hashes) from which an account was signed in: strangers' failures do not lock its owner out there.
CREATE TABLE identity.known_source (
    account uuid NOT NULL CONSTRAINT known_source_account_fkey REFERENCES identity.account,
    source bytea NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT known_source_pkey PRIMARY KEY (account, source)
);
