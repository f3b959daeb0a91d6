-- Service requests, and the history that they share with every other kind of case.

CREATE TABLE service_requests (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    tracking_code TEXT NOT NULL UNIQUE,
    office TEXT NOT NULL REFERENCES offices (code),
    -- the service as it was when the request was filed: the row of `changes` that holds that state. The service itself may
    -- leave the charter.
    service_id TEXT NOT NULL,
    service_version BIGINT NOT NULL,
    service_sequence BIGINT NOT NULL REFERENCES changes (sequence),
    service_name_bn TEXT NOT NULL,
    service_name_en TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('submitted', 'in_progress', 'awaiting_applicant', 'completed', 'rejected', 'withdrawn')
    ),
    is_open BOOLEAN NOT NULL,
    medium TEXT NOT NULL CHECK (medium IN ('website', 'mobile_app', 'call_centre', 'conventional')),
    language TEXT NOT NULL CHECK (language IN ('bn', 'en')),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    mobile TEXT NOT NULL,
    email TEXT,
    request TEXT NOT NULL,
    filed_at TIMESTAMP NOT NULL,
    filed_on DATE NOT NULL,
    -- who typed it in; absent for the applicant
    filed_by TEXT,
    filed_as TEXT NOT NULL,
    responsible_officer_id TEXT NOT NULL,
    alternate_officer_id TEXT NOT NULL,
    handed_over BOOLEAN NOT NULL,
    -- the responsible officer, or the alternate officer once it was handed over
    assignee TEXT NOT NULL,
    -- whether no day is promised until the officer names one, and none was named yet
    awaits_promise BOOLEAN NOT NULL,
    -- the clock that runs: the day it was started on, and the working days it runs; absent where none does
    clock_from DATE,
    clock_days INTEGER,
    -- the working days that are left, and the day the clock was stopped on, while it stands
    clock_left INTEGER,
    clock_stopped_on DATE,
    -- the working days for which it stood before
    days_stood INTEGER NOT NULL,
    due_on DATE,
    -- the order of urgency: the due day in days since 1970, or a day far off where there is none
    urgency INTEGER NOT NULL,
    appointment_at TIMESTAMP,
    appointment_place TEXT,
    closed_at TIMESTAMP,
    closed_on DATE,
    reason TEXT,
    -- the working days it took, without those for which the clock stood
    took_days INTEGER,
    rating INTEGER,
    -- the folded words of the applicant's name and request, and the tracking code
    search TEXT NOT NULL,
    -- the head of its history
    events INTEGER NOT NULL,
    last_hash TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX service_requests_by_office ON service_requests (office, seq);
CREATE INDEX service_requests_by_state ON service_requests (office, state, seq);
CREATE INDEX service_requests_by_service ON service_requests (office, service_id, seq);
CREATE INDEX service_requests_by_assignee ON service_requests (office, assignee, seq);
CREATE INDEX service_requests_by_alternate ON service_requests (office, alternate_officer_id, seq);
CREATE INDEX service_requests_by_urgency ON service_requests (office, is_open, urgency, seq);
CREATE INDEX service_requests_by_clock ON service_requests (is_open, clock_from, clock_days, due_on);
CREATE INDEX service_requests_by_filing ON service_requests (office, filed_on);
CREATE INDEX service_requests_by_closing ON service_requests (office, closed_on);

CREATE TABLE case_events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    actor TEXT,
    role TEXT NOT NULL,
    for_officer TEXT,
    -- what the applicant is shown, in JSON
    public TEXT NOT NULL,
    -- what only the office is shown, in JSON
    private TEXT,
    private_digest TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (case_id, number)
);

CREATE INDEX service_requests_search ON service_requests USING gin (search gin_trgm_ops);
