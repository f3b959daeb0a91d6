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
UPDATE grievance_complainants SET identity_number = json_extract(personal, '$.identity_number'), permanent_address = json_extract(personal, '$.permanent_address'),
    present_address = json_extract(personal, '$.present_address'), mobile = json_extract(personal, '$.mobile'), email = json_extract(personal, '$.email') WHERE personal_key = '';
ALTER TABLE grievance_complainants DROP COLUMN personal;
ALTER TABLE grievance_complainants DROP COLUMN personal_key;
ALTER TABLE service_requests ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE service_requests ADD COLUMN mobile TEXT NOT NULL DEFAULT '';
ALTER TABLE service_requests ADD COLUMN email TEXT;
UPDATE service_requests SET address = json_extract(personal, '$.address'), mobile = json_extract(personal, '$.mobile'), email = json_extract(personal, '$.email') WHERE personal_key = '';
ALTER TABLE service_requests DROP COLUMN personal;
ALTER TABLE service_requests DROP COLUMN personal_key;
