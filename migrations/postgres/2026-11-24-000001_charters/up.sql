-- pg_trgm is a trusted extension: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The charters of offices: one row a noun, every text in both languages.
-- `seq` is the order of first publication: the key of every page, never reused.

CREATE TABLE offices (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    parent TEXT REFERENCES offices (code),
    name_bn TEXT NOT NULL,
    name_en TEXT NOT NULL,
    website TEXT,
    -- whether the office publishes a charter; one that does not is only the parent of others
    publishes BOOLEAN NOT NULL,
    search TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX offices_publishing ON offices (publishes, seq);
CREATE INDEX offices_by_parent ON offices (parent, seq);

CREATE TABLE charters (
    office TEXT NOT NULL PRIMARY KEY REFERENCES offices (code),
    title_bn TEXT NOT NULL,
    title_en TEXT NOT NULL,
    vision_bn TEXT NOT NULL,
    vision_en TEXT NOT NULL,
    mission_bn TEXT NOT NULL,
    mission_en TEXT NOT NULL,
    signatory_name_bn TEXT NOT NULL,
    signatory_name_en TEXT NOT NULL,
    signatory_designation_bn TEXT NOT NULL,
    signatory_designation_en TEXT NOT NULL,
    signatory_organisation_bn TEXT NOT NULL,
    signatory_organisation_en TEXT NOT NULL,
    signatory_office_bn TEXT NOT NULL,
    signatory_office_en TEXT NOT NULL
);

CREATE TABLE expectations (
    office TEXT NOT NULL REFERENCES offices (code),
    position INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    text_bn TEXT NOT NULL,
    text_en TEXT NOT NULL,
    PRIMARY KEY (office, position)
);

CREATE TABLE officers (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    office TEXT NOT NULL REFERENCES offices (code),
    position INTEGER NOT NULL,
    name_bn TEXT NOT NULL,
    name_en TEXT NOT NULL,
    designation_bn TEXT NOT NULL,
    designation_en TEXT NOT NULL,
    phone TEXT NOT NULL,
    phone_e164 TEXT NOT NULL,
    email TEXT NOT NULL,
    website TEXT,
    search TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX officers_by_office ON officers (office, seq);

CREATE TABLE services (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    office TEXT NOT NULL REFERENCES offices (code),
    -- the place in the charter's list, and the published number: both may change, neither is an identity
    position INTEGER NOT NULL,
    category TEXT NOT NULL CHECK (category IN ('citizen', 'institutional', 'internal')),
    serial INTEGER NOT NULL,
    name_bn TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- the names of the channels, in their order, with spaces between them; service_channels indexes them
    channels TEXT NOT NULL,
    delivery_bn TEXT NOT NULL,
    delivery_en TEXT NOT NULL,
    documents_bn TEXT NOT NULL,
    documents_en TEXT NOT NULL,
    documents_where_bn TEXT,
    documents_where_en TEXT,
    fee_kind TEXT NOT NULL CHECK (fee_kind IN ('free', 'by_policy', 'fixed')),
    fee_amount_bdt BIGINT,
    fee_bn TEXT NOT NULL,
    fee_en TEXT NOT NULL,
    time_limit_kind TEXT NOT NULL CHECK (time_limit_kind IN ('immediate', 'working_days', 'as_directed')),
    time_limit_working_days INTEGER,
    time_limit_where_applicable BOOLEAN NOT NULL,
    time_limit_bn TEXT NOT NULL,
    time_limit_en TEXT NOT NULL,
    responsible_officer_id TEXT NOT NULL REFERENCES officers (id),
    alternate_officer_id TEXT NOT NULL REFERENCES officers (id),
    search TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX services_by_office ON services (office, seq);
CREATE INDEX services_by_office_and_category ON services (office, category, seq);
CREATE INDEX services_by_category ON services (category, seq);
CREATE INDEX services_by_fee ON services (fee_kind, seq);
CREATE INDEX services_by_responsible_officer ON services (responsible_officer_id, seq);
CREATE INDEX services_by_alternate_officer ON services (alternate_officer_id, seq);

CREATE TABLE service_channels (
    channel TEXT NOT NULL,
    service_seq BIGINT NOT NULL REFERENCES services (seq) ON DELETE CASCADE,
    PRIMARY KEY (channel, service_seq)
);
CREATE INDEX service_channels_by_service ON service_channels (service_seq);

CREATE TABLE upazila_offices (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    office TEXT NOT NULL REFERENCES offices (code),
    position INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    name_bn TEXT NOT NULL,
    name_en TEXT NOT NULL,
    website TEXT,
    search TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX upazila_offices_by_office ON upazila_offices (office, seq);

CREATE TABLE grievance_levels (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office TEXT NOT NULL REFERENCES offices (code),
    level INTEGER NOT NULL,
    title_bn TEXT NOT NULL,
    title_en TEXT NOT NULL,
    when_bn TEXT NOT NULL,
    when_en TEXT NOT NULL,
    handler_officer_id TEXT,
    handler_name_bn TEXT,
    handler_name_en TEXT,
    handler_designation_bn TEXT,
    handler_designation_en TEXT,
    handler_organisation_bn TEXT,
    handler_organisation_en TEXT,
    handler_address_bn TEXT,
    handler_address_en TEXT,
    handler_phone TEXT,
    handler_phone_e164 TEXT,
    handler_email TEXT,
    handler_website TEXT,
    working_days INTEGER NOT NULL,
    extension_working_days INTEGER NOT NULL,
    UNIQUE (office, level)
);
CREATE INDEX grievance_levels_by_office ON grievance_levels (office, seq);

-- The working calendar: only days that are not what their weekday says.
CREATE TABLE calendar_days (
    date DATE NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('holiday', 'working')),
    name_bn TEXT NOT NULL,
    name_en TEXT NOT NULL,
    source_bn TEXT NOT NULL,
    source_en TEXT NOT NULL
);

CREATE TABLE calendar_years (
    year INTEGER NOT NULL PRIMARY KEY,
    complete BOOLEAN NOT NULL,
    note_bn TEXT NOT NULL,
    note_en TEXT NOT NULL
);

-- Search: a trigram index over the folded words.
CREATE INDEX offices_search ON offices USING gin (search gin_trgm_ops);
CREATE INDEX officers_search ON officers USING gin (search gin_trgm_ops);
CREATE INDEX services_search ON services USING gin (search gin_trgm_ops);
CREATE INDEX upazila_offices_search ON upazila_offices USING gin (search gin_trgm_ops);
