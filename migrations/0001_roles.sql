-- One role and one schema a service. No role reads another's schema; the only door into the log is outbox.append.
-- Roles belong to the cluster, not to the database: another database of the same cluster may have made them already.
DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY['ledger', 'identity', 'registry', 'listing', 'bidding', 'settlement', 'pricing', 'supervision'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT', 'sanbian_' || service);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        EXECUTE format('CREATE SCHEMA %I', service);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', service, 'sanbian_' || service);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', service, 'sanbian_' || service);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I', service, 'sanbian_' || service);
    END LOOP;
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Every service keeps, in its own schema: the first answer to each idempotency key, and how far it has read the log.
DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY['ledger', 'identity', 'registry', 'listing', 'bidding', 'settlement', 'pricing', 'supervision'] LOOP
        EXECUTE format($sql$
            CREATE TABLE %1$I.idempotency (
                account uuid NOT NULL,
                key text NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
                act text NOT NULL,
                request_digest bytea NOT NULL,
                response bytea,
                at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT idempotency_pkey PRIMARY KEY (account, key)
            )$sql$, service);
        EXECUTE format($sql$
            CREATE TABLE %1$I.cursor (
                reader text NOT NULL CONSTRAINT cursor_pkey PRIMARY KEY,
                next_index bigint NOT NULL CHECK (next_index >= 0)
            )$sql$, service);
    END LOOP;
END
$$;
