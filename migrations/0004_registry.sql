-- The registry: parties, collectives with members, assets and parcels, rights and charges on them (LADM, ISO 19152).
--
-- The database itself sees to three things, whatever code writes to it:
--   * a geometry is stored only measured: the area is computed here, in the CGCS2000 zone of the land (registry.assets_survey);
--   * no two rights of one tier run at the same time on the same land (rights_asset_term_excl and registry.rights_guard);
--   * a recorded right can only be ended, never moved, lengthened or taken back to life.

-- Geometry ------------------------------------------------------------------------------------------------------------------------

-- A GeoJSON polygon or multipolygon as land in CGCS2000 longitude and latitude (EPSG 4490).
CREATE FUNCTION registry.land(geojson text) RETURNS public.geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT ST_Multi(ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(geojson)), 4490))
$$;

-- The CGCS2000 3-degree Gauss-Krüger zone of a longitude: EPSG 4534 (central meridian 75°E) to 4554 (135°E), coordinates without
-- zone prefix. A zone reaches 1.5° to each side; the meridian between two zones belongs to the eastern one.
CREATE FUNCTION registry.gauss_kruger_srid(lon double precision) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT 4534 - 25 + greatest(25, least(45, floor((lon + 1.5) / 3.0)::integer))
$$;

-- The zone that land is measured in: that of its centroid.
CREATE FUNCTION registry.zone_of(land public.geometry) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT registry.gauss_kruger_srid(ST_X(ST_Centroid(land)))
$$;

-- Area in the plane of the land's zone, in square metres, rounded half up to the hundredth: what surveys give.
CREATE FUNCTION registry.area_m2(land public.geometry) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT round(ST_Area(ST_Transform(land, registry.zone_of(land)))::numeric, 2)
$$;

-- Whether a plane geometry in metres holds a piece that is land, and not just the sliver where two surveys of one boundary differ:
-- more than 1 m², and more than 0.2 m wide on the average (twice the area over the perimeter).
CREATE FUNCTION registry.holds_land(plane public.geometry) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT FROM ST_Dump(ST_CollectionExtract(plane, 3)) AS piece
        WHERE ST_Area(piece.geom) > 1.0 AND 2.0 * ST_Area(piece.geom) > 0.2 * ST_Perimeter(piece.geom)
    )
$$;

-- Whether two lands share land. Neighbours that only touch do not. Points are snapped to the millimetre, which makes the overlay robust.
CREATE FUNCTION registry.lands_overlap(a public.geometry, b public.geometry) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT a && b AND registry.holds_land(
        ST_Intersection(ST_Transform(a, registry.zone_of(a)), ST_Transform(b, registry.zone_of(a)), 0.001))
$$;

-- Whether part of `inner_land` lies outside `outer_land`.
CREATE FUNCTION registry.land_sticks_out(inner_land public.geometry, outer_land public.geometry) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT registry.holds_land(
        ST_Difference(ST_Transform(inner_land, registry.zone_of(outer_land)),
                      ST_Transform(outer_land, registry.zone_of(outer_land)), 0.001))
$$;

-- Parties --------------------------------------------------------------------------------------------------------------------------

-- LA_Party. Names, numbers and addresses are sealed (AES-256-GCM, bound to the party's id); what has to be found is a keyed hash.
CREATE TABLE registry.parties (
    id uuid NOT NULL,
    account_id uuid,
    kind text NOT NULL,
    -- Keyed hash of the identity number: nobody is two parties.
    identity_lookup bytea NOT NULL,
    -- Sealed JSON, bound to `party:<id>`.
    profile bytea NOT NULL,
    -- Sealed JSON, bound to `party-bank:<id>`.
    bank bytea,
    -- Salt of the commitment in the log. Deleting it makes the person unfindable there.
    salt bytea NOT NULL,
    registered_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT parties_pkey PRIMARY KEY (id),
    CONSTRAINT parties_account_key UNIQUE (account_id),
    CONSTRAINT parties_identity_key UNIQUE (identity_lookup),
    CONSTRAINT parties_kind_check CHECK (kind IN
        ('natural-person', 'household', 'company', 'cooperative', 'collective', 'public-body', 'other')),
    CONSTRAINT parties_salt_check CHECK (length(salt) = 32)
);

-- Who looked at whose unmasked data, and why. The log has the same; this is for the party's own question.
CREATE TABLE registry.looks (
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    viewer uuid NOT NULL,
    purpose text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT looks_pkey PRIMARY KEY (id),
    CONSTRAINT looks_party_fkey FOREIGN KEY (party_id) REFERENCES registry.parties (id)
);
CREATE INDEX looks_party_idx ON registry.looks (party_id, at);

-- Collectives and their members ------------------------------------------------------------------------------------------------------

-- LA_GroupParty: the owner of assets. Its row in registry.parties, under the same id, keeps what is sealed.
CREATE TABLE registry.collectives (
    id uuid NOT NULL,
    name text NOT NULL,
    uscc text NOT NULL,
    holder text NOT NULL,
    region text COLLATE "C" NOT NULL,
    address text NOT NULL,
    charter_adopted_on date,
    charter_digest text,
    charter_representatives integer,
    charter_reserve_percent numeric(5, 2),
    charter_share_mode text,
    members integer NOT NULL DEFAULT 0,
    voters integer NOT NULL DEFAULT 0,
    households integer NOT NULL DEFAULT 0,
    -- Salt of the register's digest in the log.
    register_salt bytea,
    members_recorded_at timestamptz,
    registered_at timestamptz NOT NULL,
    CONSTRAINT collectives_pkey PRIMARY KEY (id),
    CONSTRAINT collectives_party_fkey FOREIGN KEY (id) REFERENCES registry.parties (id),
    CONSTRAINT collectives_uscc_key UNIQUE (uscc),
    CONSTRAINT collectives_region_check CHECK (region ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14})$'),
    CONSTRAINT collectives_counts_check CHECK (members >= voters AND voters >= 0 AND households >= 0),
    CONSTRAINT collectives_charter_check CHECK (
        charter_reserve_percent BETWEEN 0 AND 100 AND charter_share_mode IN ('static', 'dynamic')
        AND charter_representatives > 0)
);
CREATE INDEX collectives_region_idx ON registry.collectives (region, name, id);

CREATE TABLE registry.households (
    id uuid NOT NULL,
    collective_id uuid NOT NULL,
    number text COLLATE "C" NOT NULL,
    CONSTRAINT households_pkey PRIMARY KEY (id),
    CONSTRAINT households_collective_fkey FOREIGN KEY (collective_id) REFERENCES registry.collectives (id),
    CONSTRAINT households_number_key UNIQUE (collective_id, number)
);

CREATE TABLE registry.members (
    id uuid NOT NULL,
    collective_id uuid NOT NULL,
    household_id uuid NOT NULL,
    -- The same keyed hash as in registry.parties: that is how a bidder is known to be a member.
    identity_lookup bytea NOT NULL,
    -- Sealed JSON, bound to `member:<id>`.
    profile bytea NOT NULL,
    relation text NOT NULL,
    -- Of full capacity on the day of the record.
    votes boolean NOT NULL,
    -- None while a member.
    left_on date,
    CONSTRAINT members_pkey PRIMARY KEY (id),
    CONSTRAINT members_collective_fkey FOREIGN KEY (collective_id) REFERENCES registry.collectives (id),
    CONSTRAINT members_household_fkey FOREIGN KEY (household_id) REFERENCES registry.households (id),
    CONSTRAINT members_identity_key UNIQUE (collective_id, identity_lookup),
    CONSTRAINT members_relation_check CHECK (relation IN ('head', 'spouse', 'child', 'parent', 'other'))
);
CREATE INDEX members_identity_idx ON registry.members (identity_lookup) WHERE left_on IS NULL;
CREATE UNIQUE INDEX members_head_key ON registry.members (household_id) WHERE relation = 'head' AND left_on IS NULL;

-- Assets -----------------------------------------------------------------------------------------------------------------------------

-- LA_SpatialUnit, or an asset without land.
CREATE TABLE registry.assets (
    id uuid NOT NULL,
    collective_id uuid NOT NULL,
    category text NOT NULL,
    name text NOT NULL,
    location text NOT NULL,
    region text COLLATE "C" NOT NULL,
    stated_mu numeric(16, 4),
    quantity numeric(20, 6),
    unit text,
    land_use text NOT NULL,
    -- Canonical JSON (RFC 8785) of type and coordinates: what the digest in the log is of.
    geometry_json text,
    geometry_digest text,
    -- The next three are made from geometry_json by registry.assets_survey.
    land public.geometry(MultiPolygon, 4490),
    srid integer,
    area_m2 numeric(14, 2),
    title_number text,
    -- Last day of the title's term; none where it does not end.
    title_until date,
    valuation_fen bigint,
    valued_on date,
    valuer text,
    valuation_report text,
    photos text[] NOT NULL,
    version integer NOT NULL,
    registered_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT assets_pkey PRIMARY KEY (id),
    CONSTRAINT assets_collective_fkey FOREIGN KEY (collective_id) REFERENCES registry.collectives (id),
    CONSTRAINT assets_measure_check CHECK (stated_mu > 0 OR quantity > 0),
    CONSTRAINT assets_unit_check CHECK ((quantity IS NULL) = (unit IS NULL)),
    CONSTRAINT assets_valuation_check CHECK (
        num_nulls(valuation_fen, valued_on, valuer) IN (0, 3) AND (valuation_fen IS NULL OR valuation_fen > 0)),
    CONSTRAINT assets_land_valid CHECK (land IS NULL OR public.ST_IsValid(land)),
    CONSTRAINT assets_land_area CHECK (area_m2 >= 1),
    -- The lock on land takes every cell of 0.1° that the land's box meets: at most 121 of them.
    CONSTRAINT assets_land_extent CHECK (
        land IS NULL OR (public.ST_XMax(land) - public.ST_XMin(land) <= 1 AND public.ST_YMax(land) - public.ST_YMin(land) <= 1))
);
CREATE INDEX assets_land_idx ON registry.assets USING gist (land);
CREATE INDEX assets_collective_idx ON registry.assets (collective_id, id);
CREATE INDEX assets_region_idx ON registry.assets (region, id);

CREATE FUNCTION registry.assets_survey() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.land := registry.land(NEW.geometry_json);
    NEW.srid := registry.zone_of(NEW.land);
    NEW.area_m2 := registry.area_m2(NEW.land);
    RETURN NEW;
END
$$;
CREATE TRIGGER assets_survey BEFORE INSERT OR UPDATE ON registry.assets
    FOR EACH ROW EXECUTE FUNCTION registry.assets_survey();
ALTER TABLE registry.assets ENABLE ALWAYS TRIGGER assets_survey;

-- Which announced lots offer which assets: heard from the log. No foreign key: the log may speak before this registry knows.
CREATE TABLE registry.offered (
    lot_id uuid NOT NULL,
    asset_id uuid NOT NULL,
    open boolean NOT NULL,
    CONSTRAINT offered_pkey PRIMARY KEY (lot_id, asset_id)
);
CREATE INDEX offered_asset_idx ON registry.offered (asset_id) WHERE open;

-- Rights -----------------------------------------------------------------------------------------------------------------------------

-- Rights of different tiers lie on one another lawfully (三权分置): the household's contract (1), the right to work or use the land (2), and a
-- sublease of that (3).
CREATE FUNCTION registry.tier(kind text) RETURNS smallint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT (CASE kind WHEN 'contracting' THEN 1 WHEN 'sublease' THEN 3 ELSE 2 END)::smallint
$$;

-- LA_Right.
CREATE TABLE registry.rights (
    id uuid NOT NULL,
    asset_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    kind text NOT NULL,
    tier smallint NOT NULL GENERATED ALWAYS AS (registry.tier(kind)) STORED,
    -- First day to day after the last; PostgreSQL keeps every daterange in the form [from, until).
    term daterange NOT NULL,
    -- The part of the asset it runs on, canonical GeoJSON; none for the whole.
    part_json text,
    -- The land it runs on: made by registry.rights_guard and kept, whatever becomes of the asset's geometry later.
    land public.geometry(MultiPolygon, 4490),
    lot_id uuid,
    -- Ended before it began.
    void boolean NOT NULL DEFAULT false,
    end_reason text,
    ended_at timestamptz,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT rights_pkey PRIMARY KEY (id),
    CONSTRAINT rights_asset_fkey FOREIGN KEY (asset_id) REFERENCES registry.assets (id),
    CONSTRAINT rights_holder_fkey FOREIGN KEY (holder_id) REFERENCES registry.parties (id),
    CONSTRAINT rights_kind_check CHECK (kind IN ('contracting', 'management', 'lease', 'use', 'sublease')),
    -- An empty range overlaps nothing, and an endless one can't be compared with a title.
    CONSTRAINT rights_term_check CHECK (
        NOT isempty(term) AND NOT lower_inf(term) AND NOT upper_inf(term)
        AND isfinite(lower(term)) AND isfinite(upper(term))),
    CONSTRAINT rights_end_check CHECK ((end_reason IS NULL) = (ended_at IS NULL) AND (NOT void OR end_reason IS NOT NULL)),
    -- Whole assets, with land or without. Parts of assets and overlapping parcels are seen to by registry.rights_guard.
    CONSTRAINT rights_asset_term_excl EXCLUDE USING gist (asset_id WITH =, tier WITH =, term WITH &&)
        WHERE (NOT void AND part_json IS NULL)
);
CREATE INDEX rights_land_idx ON registry.rights USING gist (land) WHERE NOT void;
CREATE INDEX rights_asset_idx ON registry.rights (asset_id);
CREATE INDEX rights_holder_idx ON registry.rights (holder_id);
-- A lot gives one right on an asset, however often its recording is repeated.
CREATE UNIQUE INDEX rights_asset_lot_key ON registry.rights (asset_id, lot_id) WHERE NOT void AND lot_id IS NOT NULL;

-- Who writes a right on land first writes here, for each cell of 0.1° that the land's box meets. Lands that overlap share a point, so
-- they share a cell, so the second writer waits for the first. A written row, and not an advisory lock, because under REPEATABLE READ
-- and SERIALIZABLE the second writer, whose snapshot is too old to see the first's right, is then refused (40001) instead of let pass.
CREATE TABLE registry.land_cells (
    x integer NOT NULL,
    y integer NOT NULL,
    writes bigint NOT NULL,
    CONSTRAINT land_cells_pkey PRIMARY KEY (x, y)
);

CREATE FUNCTION registry.rights_guard() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    whole public.geometry;
    other record;
    cell_x integer;
    cell_y integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.asset_id, NEW.holder_id, NEW.kind, NEW.part_json, NEW.lot_id, NEW.recorded_at)
               IS DISTINCT FROM (OLD.id, OLD.asset_id, OLD.holder_id, OLD.kind, OLD.part_json, OLD.lot_id, OLD.recorded_at)
           OR lower(NEW.term) IS DISTINCT FROM lower(OLD.term) OR upper(NEW.term) > upper(OLD.term)
           OR OLD.void THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_only_end',
                MESSAGE = 'a recorded right can only be ended';
        END IF;
        -- A shorter or void right overlaps nothing that it did not overlap before.
        NEW.land := OLD.land;
        RETURN NEW;
    END IF;

    -- The asset must not change between here and the commit.
    SELECT land INTO whole FROM registry.assets WHERE id = NEW.asset_id FOR SHARE;
    IF NEW.part_json IS NULL THEN
        NEW.land := whole;
    ELSE
        IF whole IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_part_needs_land',
                MESSAGE = 'the asset has no geometry to hold a part';
        END IF;
        NEW.land := registry.land(NEW.part_json);
        IF NOT ST_IsValid(NEW.land) OR registry.area_m2(NEW.land) < 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_part_valid',
                MESSAGE = 'the part is no valid land';
        END IF;
        IF registry.land_sticks_out(NEW.land, whole) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_part_within',
                MESSAGE = 'the part lies outside the asset';
        END IF;
    END IF;
    IF NEW.land IS NULL OR NEW.void THEN
        RETURN NEW;
    END IF;

    -- In the order of the cells, so that two writers never wait for each other.
    FOR cell_x IN floor(ST_XMin(NEW.land) * 10)::integer .. floor(ST_XMax(NEW.land) * 10)::integer LOOP
        FOR cell_y IN floor(ST_YMin(NEW.land) * 10)::integer .. floor(ST_YMax(NEW.land) * 10)::integer LOOP
            INSERT INTO registry.land_cells AS cell (x, y, writes) VALUES (cell_x, cell_y, 1)
                ON CONFLICT ON CONSTRAINT land_cells_pkey DO UPDATE SET writes = cell.writes + 1;
        END LOOP;
    END LOOP;
    -- A new statement: under READ COMMITTED it sees what the writers waited for have committed.
    SELECT r.id, r.asset_id, r.term INTO other
        FROM registry.rights AS r
        WHERE NOT r.void AND r.tier = registry.tier(NEW.kind) AND r.term && NEW.term AND r.id <> NEW.id
            AND r.land && NEW.land AND registry.lands_overlap(r.land, NEW.land)
        ORDER BY r.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'rights_land_term_excl',
            MESSAGE = 'another right runs on this land in this term',
            DETAIL = format('right=%s asset=%s from=%s until=%s', other.id, other.asset_id, lower(other.term), upper(other.term));
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rights_guard BEFORE INSERT OR UPDATE ON registry.rights
    FOR EACH ROW EXECUTE FUNCTION registry.rights_guard();
ALTER TABLE registry.rights ENABLE ALWAYS TRIGGER rights_guard;

-- LA_Restriction.
CREATE TABLE registry.encumbrances (
    id uuid NOT NULL,
    asset_id uuid NOT NULL,
    kind text NOT NULL,
    document text,
    -- For a mortgage: the mortgagee's consent to a transfer.
    consent text,
    recorded_at timestamptz NOT NULL,
    lifted_at timestamptz,
    lift_reason text,
    CONSTRAINT encumbrances_pkey PRIMARY KEY (id),
    CONSTRAINT encumbrances_asset_fkey FOREIGN KEY (asset_id) REFERENCES registry.assets (id),
    CONSTRAINT encumbrances_kind_check CHECK (kind IN
        ('mortgage', 'seizure', 'dispute', 'expropriation', 'easement', 'other')),
    CONSTRAINT encumbrances_consent_check CHECK (consent IS NULL OR kind = 'mortgage'),
    CONSTRAINT encumbrances_lift_check CHECK ((lifted_at IS NULL) = (lift_reason IS NULL))
);
CREATE INDEX encumbrances_asset_idx ON registry.encumbrances (asset_id);

-- What the service's role may not do: nothing recorded is deleted, and of a right or a charge only its end may be written.
REVOKE DELETE ON registry.parties, registry.collectives, registry.households, registry.members, registry.assets, registry.offered,
    registry.land_cells FROM sanbian_registry;
REVOKE UPDATE, DELETE ON registry.looks, registry.rights, registry.encumbrances FROM sanbian_registry;
GRANT UPDATE (term, void, end_reason, ended_at) ON registry.rights TO sanbian_registry;
GRANT UPDATE (lifted_at, lift_reason) ON registry.encumbrances TO sanbian_registry;
