-- The transparency log: what waits to be sequenced, the entries, the tree's tiles, and the one checkpoint.
-- Tables belong to the migrations' owner; the service's role may do no more than is granted here.

-- Whether bytes are an entry of the log. What this refuses fails the act that made it, instead of halting the sequencer later:
-- UTF-8 JSON without NUL, the envelope's members, integers that every JSON reader sees alike, no absurd depth.
CREATE FUNCTION ledger.is_entry(body bytea) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    entry jsonb := convert_from(body, 'UTF8')::jsonb;
BEGIN
    RETURN coalesce(
        jsonb_typeof(entry -> 'kind') = 'string'
        AND jsonb_typeof(entry -> 'actor') = 'string'
        AND jsonb_typeof(entry -> 'subject') = 'string'
        AND jsonb_typeof(entry -> 'region') = 'string'
        AND jsonb_typeof(entry -> 'rulebook') = 'string'
        AND jsonb_typeof(entry -> 'body') = 'object'
        AND (entry ->> 'at')::timestamptz IS NOT NULL
        AND (entry ->> 'at') ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'
        AND NOT jsonb_path_exists(entry, '$.** ? (@.type() == "number" && (@ != @.floor() || @.abs() > 9007199254740991))')
        AND NOT jsonb_path_exists(entry, '$.**{100 to last}'),
        false);
END
$$;

CREATE TABLE ledger.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pkey PRIMARY KEY,
    body bytea NOT NULL
        CONSTRAINT outbox_body_size CHECK (octet_length(body) <= 65535)
        CONSTRAINT outbox_body_entry CHECK (ledger.is_entry(body))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);
COMMENT ON TABLE ledger.outbox IS 'Entries of committed acts that have no index yet. The sequencer reads it by deleting: ids are not commit order.';

CREATE TABLE ledger.entry (
    idx bigint NOT NULL CONSTRAINT entry_pkey PRIMARY KEY CONSTRAINT entry_idx_positive CHECK (idx >= 0),
    body bytea NOT NULL,
    -- Taken from the body when it was sequenced, to find entries by.
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL
);
COMMENT ON TABLE ledger.entry IS 'The log: INSERT and SELECT only. body is canonical JSON; its RFC 6962 leaf hash stands in ledger.tile.';
CREATE INDEX entry_subject_idx ON ledger.entry (subject, idx);
CREATE INDEX entry_kind_idx ON ledger.entry (kind, idx);
CREATE INDEX entry_actor_idx ON ledger.entry (actor, idx);

CREATE TABLE ledger.tile (
    level smallint NOT NULL CONSTRAINT tile_level CHECK (level BETWEEN 0 AND 7),
    idx bigint NOT NULL CONSTRAINT tile_idx_positive CHECK (idx >= 0),
    hashes bytea NOT NULL CONSTRAINT tile_hashes_whole CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
    CONSTRAINT tile_pkey PRIMARY KEY (level, idx)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
-- Hashes don't compress.
ALTER TABLE ledger.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
COMMENT ON TABLE ledger.tile IS 'The tree, staged with the entries it is of: what is published, and published again after a crash, is read from here.';

CREATE TABLE ledger.checkpoint (
    single boolean NOT NULL DEFAULT true CONSTRAINT checkpoint_pkey PRIMARY KEY CONSTRAINT checkpoint_single CHECK (single),
    size bigint NOT NULL CONSTRAINT checkpoint_size_positive CHECK (size >= 0),
    root bytea NOT NULL CONSTRAINT checkpoint_root_length CHECK (octet_length(root) = 32),
    note text NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE ledger.checkpoint IS 'The newest signed checkpoint: one row, changed by compare-and-swap in the transaction that adds its entries.';

CREATE FUNCTION ledger.refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'the log only grows: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_append_only';
END
$$;

-- Statement triggers, since TRUNCATE fires no other; ALWAYS, so that a session in replication mode is refused too.
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER entry_append_only;
CREATE TRIGGER tile_append_only BEFORE DELETE OR TRUNCATE ON ledger.tile
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.tile ENABLE ALWAYS TRIGGER tile_append_only;
CREATE TRIGGER checkpoint_append_only BEFORE DELETE OR TRUNCATE ON ledger.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.checkpoint ENABLE ALWAYS TRIGGER checkpoint_append_only;

CREATE FUNCTION ledger.tile_grows() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF (NEW.level, NEW.idx) IS DISTINCT FROM (OLD.level, OLD.idx)
        OR substring(NEW.hashes FOR octet_length(OLD.hashes)) IS DISTINCT FROM OLD.hashes
    THEN
        RAISE EXCEPTION 'a tile only grows: level %, index %', OLD.level, OLD.idx
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_append_only';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER tile_grows BEFORE UPDATE ON ledger.tile FOR EACH ROW EXECUTE FUNCTION ledger.tile_grows();
ALTER TABLE ledger.tile ENABLE ALWAYS TRIGGER tile_grows;

CREATE FUNCTION ledger.checkpoint_grows() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root) THEN
        RAISE EXCEPTION 'a checkpoint only grows: % entries after %', NEW.size, OLD.size
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_append_only';
    END IF;
    IF NEW.size <> (SELECT coalesce(max(idx) + 1, 0) FROM ledger.entry) THEN
        RAISE EXCEPTION 'a checkpoint of % entries does not fit the entries there are', NEW.size
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_checkpoint_fits';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER checkpoint_grows BEFORE UPDATE ON ledger.checkpoint FOR EACH ROW EXECUTE FUNCTION ledger.checkpoint_grows();
ALTER TABLE ledger.checkpoint ENABLE ALWAYS TRIGGER checkpoint_grows;

-- Take back what the schema's default privileges gave too much of.
REVOKE UPDATE ON ledger.outbox FROM sanbian_ledger;
REVOKE UPDATE, DELETE ON ledger.entry FROM sanbian_ledger;
REVOKE DELETE ON ledger.tile, ledger.checkpoint FROM sanbian_ledger;

-- The one door into the log, for every service and nobody else: it runs with the ledger's rights inside the caller's transaction,
-- so that the entry is there if and only if the act is. To be called last, after the rows the act is about are locked: then the
-- order of entries about one thing is the order of the acts on it.
CREATE SCHEMA outbox;

CREATE FUNCTION outbox.append(bodies bytea[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO ledger.outbox (body) SELECT body FROM unnest(bodies) WITH ORDINALITY AS given (body, place) ORDER BY place
$$;
COMMENT ON FUNCTION outbox.append(bytea[]) IS 'Appends entries (canonical JSON, at most 65,535 bytes each) to the log with the transaction, in this order.';

GRANT CREATE ON SCHEMA outbox TO sanbian_ledger;
ALTER FUNCTION outbox.append(bytea[]) OWNER TO sanbian_ledger;
REVOKE CREATE ON SCHEMA outbox FROM sanbian_ledger;
REVOKE ALL ON FUNCTION outbox.append(bytea[]) FROM PUBLIC;

DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY['ledger', 'identity', 'registry', 'listing', 'bidding', 'settlement', 'pricing', 'supervision'] LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA outbox TO %I', 'sanbian_' || service);
        EXECUTE format('GRANT EXECUTE ON FUNCTION outbox.append(bytea[]) TO %I', 'sanbian_' || service);
    END LOOP;
END
$$;
