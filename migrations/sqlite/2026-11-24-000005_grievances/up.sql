-- Grievances, their stays at the desks that redress them, and the blacklist.

CREATE TABLE grievances (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    tracking_code TEXT NOT NULL UNIQUE,
    office TEXT NOT NULL REFERENCES offices (code),
    -- the office whose Appeal Officer hears its appeals
    appeal_office TEXT NOT NULL REFERENCES offices (code),
    level INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('submitted', 'in_progress', 'awaiting_compliance', 'decided', 'filed_without_action', 'withdrawn')
    ),
    is_open BOOLEAN NOT NULL,
    -- the service as it was when the grievance was filed, see service_requests; absent where it is about none
    service_id TEXT,
    service_office TEXT,
    service_version BIGINT,
    service_sequence BIGINT REFERENCES changes (sequence),
    service_name_bn TEXT,
    service_name_en TEXT,
    service_request_id TEXT,
    about_officer_id TEXT,
    about_handler TEXT,
    responsible_officer_id TEXT,
    -- who stands in for the Grievance Redress Officer
    alternate_officer_id TEXT,
    applied_on DATE,
    complainant_kind TEXT NOT NULL,
    anonymous BOOLEAN NOT NULL,
    medium TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    description TEXT NOT NULL,
    -- in JSON
    attachments TEXT NOT NULL,
    filed_at TIMESTAMP NOT NULL,
    filed_on DATE NOT NULL,
    -- who typed it in; absent for the complainant, and where it is anonymous
    filed_by TEXT,
    filed_as TEXT NOT NULL,
    -- the clock of the level: the day it was started on, and the working days it runs
    limit_from DATE NOT NULL,
    limit_days INTEGER NOT NULL,
    -- the same while nothing is decided at the level: what has to move when the calendar changes
    clock_from DATE,
    clock_days INTEGER,
    due_on DATE NOT NULL,
    -- the order of urgency: the due day in days since 1970
    urgency INTEGER NOT NULL,
    opinion_due_on DATE,
    information_asked BOOLEAN NOT NULL,
    investigation_opened_on DATE,
    -- in JSON
    investigators TEXT,
    investigation_reported_on DATE,
    -- the last decision, at this level or one below
    decided_level INTEGER,
    decided_at TIMESTAMP,
    outcome TEXT,
    reason TEXT,
    decision TEXT,
    referred_to TEXT,
    root_cause TEXT,
    advice TEXT,
    departmental_action BOOLEAN NOT NULL,
    -- the day of the decision that the complainant was not told yet
    untold_since DATE,
    told_on DATE,
    blacklisting_recommended BOOLEAN NOT NULL,
    closed_at TIMESTAMP,
    closed_on DATE,
    rating INTEGER,
    -- the folded words of name, subject and description, and the tracking code
    search TEXT NOT NULL,
    -- the head of its history
    events INTEGER NOT NULL,
    last_hash TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
-- the office's own lists
CREATE INDEX grievances_by_office ON grievances (office, seq);
CREATE INDEX grievances_by_state ON grievances (office, state, seq);
CREATE INDEX grievances_by_level ON grievances (office, level, seq);
CREATE INDEX grievances_by_service ON grievances (office, service_id, seq);
CREATE INDEX grievances_by_alternate ON grievances (office, alternate_officer_id, seq);
CREATE INDEX grievances_by_accused ON grievances (office, about_officer_id, seq);
CREATE INDEX grievances_by_responsible ON grievances (office, responsible_officer_id, seq);
CREATE INDEX grievances_by_urgency ON grievances (office, is_open, urgency, seq);
CREATE INDEX grievances_by_telling ON grievances (office, untold_since);
-- the Appeal Officer's
CREATE INDEX grievances_by_appeal_level ON grievances (appeal_office, level, seq);
CREATE INDEX grievances_by_appeal_urgency ON grievances (appeal_office, level, is_open, urgency, seq);
CREATE INDEX grievances_by_appeal_telling ON grievances (appeal_office, level, untold_since);
CREATE INDEX grievances_by_blacklisting ON grievances (appeal_office, blacklisting_recommended, seq);
-- the Cell's
CREATE INDEX grievances_by_cell_level ON grievances (level, seq);
CREATE INDEX grievances_by_cell_urgency ON grievances (level, is_open, urgency, seq);
CREATE INDEX grievances_by_cell_telling ON grievances (level, untold_since);
CREATE INDEX grievances_by_clock ON grievances (is_open, clock_from, clock_days, due_on);

-- Who complained; nobody, where a grievance is anonymous.
CREATE TABLE grievance_complainants (
    grievance_id TEXT PRIMARY KEY NOT NULL REFERENCES grievances (id),
    name TEXT NOT NULL,
    identity_kind TEXT NOT NULL,
    identity_number TEXT NOT NULL,
    permanent_address TEXT NOT NULL,
    present_address TEXT NOT NULL,
    mobile TEXT NOT NULL,
    email TEXT,
    relation TEXT NOT NULL,
    served_name TEXT
);

-- Each stay of a grievance at a desk: what the monthly report counts, and a line of a register.
CREATE TABLE grievance_stays (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    grievance_id TEXT NOT NULL REFERENCES grievances (id),
    office TEXT NOT NULL REFERENCES offices (code),
    level INTEGER NOT NULL,
    is_appeal BOOLEAN NOT NULL,
    medium TEXT NOT NULL,
    received_on DATE NOT NULL,
    -- the day it was due on when it went to another desk; while it is there, the grievance has it
    left_due_on DATE,
    disposed_on DATE,
    -- how, and what was decided then
    disposal TEXT,
    outcome TEXT,
    reason TEXT,
    decision TEXT
);
CREATE INDEX grievance_stays_by_grievance ON grievance_stays (grievance_id);
CREATE INDEX grievance_stays_by_receipt ON grievance_stays (office, received_on);
CREATE INDEX grievance_stays_by_disposal ON grievance_stays (office, disposed_on, received_on);
CREATE INDEX grievance_stays_by_register ON grievance_stays (office, is_appeal, received_on, seq);

-- The key of the hashes in the blacklist: one for the deployment, made when the first is needed.
CREATE TABLE blacklist_keys (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    secret TEXT NOT NULL
);

CREATE TABLE blacklist_entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    office TEXT NOT NULL REFERENCES offices (code),
    recognised_by TEXT NOT NULL CHECK (recognised_by IN ('mobile', 'identity_number')),
    -- the keyed hash of what the complainant is recognised by
    digest TEXT NOT NULL,
    grievance_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    entered_as TEXT NOT NULL,
    entered_at TIMESTAMP NOT NULL,
    UNIQUE (office, digest)
);
CREATE INDEX blacklist_entries_by_office ON blacklist_entries (office, seq);

CREATE VIRTUAL TABLE grievances_search USING fts5 (
    search, content = 'grievances', content_rowid = 'seq', tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER grievances_search_insert AFTER INSERT ON grievances BEGIN
    INSERT INTO grievances_search (rowid, search) VALUES (new.seq, new.search);
END;
CREATE TRIGGER grievances_search_delete AFTER DELETE ON grievances BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
END;
CREATE TRIGGER grievances_search_update AFTER UPDATE OF search ON grievances BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO grievances_search (rowid, search) VALUES (new.seq, new.search);
END;
