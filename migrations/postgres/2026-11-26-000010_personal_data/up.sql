-- Personal data is sealed: one text for each row, with the id of the key it was sealed by, which is empty where it was by none.
ALTER TABLE service_requests ADD COLUMN personal TEXT NOT NULL DEFAULT '';
ALTER TABLE service_requests ADD COLUMN personal_key TEXT NOT NULL DEFAULT '';
UPDATE service_requests SET personal = CAST(json_build_object('address', address, 'mobile', mobile, 'email', email) AS TEXT);
ALTER TABLE service_requests DROP COLUMN address;
ALTER TABLE service_requests DROP COLUMN mobile;
ALTER TABLE service_requests DROP COLUMN email;

ALTER TABLE grievance_complainants ADD COLUMN personal TEXT NOT NULL DEFAULT '';
ALTER TABLE grievance_complainants ADD COLUMN personal_key TEXT NOT NULL DEFAULT '';
UPDATE grievance_complainants SET personal = CAST(json_build_object(
    'identity_number', identity_number, 'permanent_address', permanent_address, 'present_address', present_address,
    'mobile', mobile, 'email', email
) AS TEXT);
ALTER TABLE grievance_complainants DROP COLUMN identity_number;
ALTER TABLE grievance_complainants DROP COLUMN permanent_address;
ALTER TABLE grievance_complainants DROP COLUMN present_address;
ALTER TABLE grievance_complainants DROP COLUMN mobile;
ALTER TABLE grievance_complainants DROP COLUMN email;

-- Whether what was told in a case is forgotten.
ALTER TABLE service_requests ADD COLUMN forgotten BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE grievances ADD COLUMN forgotten BOOLEAN NOT NULL DEFAULT FALSE;

-- The keys that personal data was sealed by, each with something it has sealed: another key of that id, or none, is noticed.
CREATE TABLE personal_data_keys (
    id TEXT PRIMARY KEY NOT NULL,
    sealed TEXT NOT NULL
);

-- Who was shown personal data as it is, and when.
CREATE TABLE showings (
    seq BIGSERIAL PRIMARY KEY,
    case_id TEXT NOT NULL,
    shown_at TIMESTAMP NOT NULL,
    shown_to TEXT NOT NULL,
    role TEXT NOT NULL
);
CREATE INDEX showings_by_case ON showings (case_id, seq);
