DROP TABLE showings;
DROP TABLE personal_data_keys;
ALTER TABLE grievances DROP COLUMN forgotten;
ALTER TABLE service_requests DROP COLUMN forgotten;
-- only what was sealed by no key can be read here
ALTER TABLE grievance_complainants ADD COLUMN identity_number TEXT NOT NULL DEFAULT '';
ALTER TABLE grievance_complainants ADD COLUMN permanent_address TEXT NOT NULL DEFAULT '';
ALTER TABLE grievance_complainants ADD COLUMN present_address TEXT NOT NULL DEFAULT '';
ALTER TABLE grievance_complainants ADD COLUMN mobile TEXT NOT NULL DEFAULT '';
ALTER TABLE grievance_complainants ADD COLUMN email TEXT;
UPDATE grievance_complainants SET identity_number = CAST(personal AS JSON) ->> 'identity_number', permanent_address = CAST(personal AS JSON) ->> 'permanent_address',
    present_address = CAST(personal AS JSON) ->> 'present_address', mobile = CAST(personal AS JSON) ->> 'mobile', email = CAST(personal AS JSON) ->> 'email' WHERE personal_key = '';
ALTER TABLE grievance_complainants DROP COLUMN personal;
ALTER TABLE grievance_complainants DROP COLUMN personal_key;
ALTER TABLE service_requests ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE service_requests ADD COLUMN mobile TEXT NOT NULL DEFAULT '';
ALTER TABLE service_requests ADD COLUMN email TEXT;
UPDATE service_requests SET address = CAST(personal AS JSON) ->> 'address', mobile = CAST(personal AS JSON) ->> 'mobile', email = CAST(personal AS JSON) ->> 'email' WHERE personal_key = '';
ALTER TABLE service_requests DROP COLUMN personal;
ALTER TABLE service_requests DROP COLUMN personal_key;
