-- Pricing: a read model of announced lots and their deals, rebuilt from the log at any time.

CREATE TABLE pricing.lot (
    lot_id uuid NOT NULL CONSTRAINT lot_pkey PRIMARY KEY,
    number text NOT NULL,
    region text NOT NULL,
    category text NOT NULL,
    title text NOT NULL,
    mu numeric(18, 6),
    term_months integer,
    -- The announced notice, to reckon what the deal's price comes to per mu and year.
    notice text NOT NULL
);

CREATE TABLE pricing.deal (
    lot_id uuid NOT NULL CONSTRAINT deal_pkey PRIMARY KEY REFERENCES pricing.lot,
    per_mu_year_fen bigint,
    total_fen bigint NOT NULL,
    qualified integer NOT NULL,
    sold_on date NOT NULL,
    -- A winner who failed the deal: its price is no market price.
    failed boolean NOT NULL DEFAULT false
);
CREATE INDEX lot_like_idx ON pricing.lot (category, region text_pattern_ops);
CREATE INDEX deal_day_idx ON pricing.deal (sold_on) WHERE NOT failed;
