-- The change that left each entry as it is now: the row of changes that holds the state in which it is served. A list then
-- finds each of its states by a number.
ALTER TABLE services ADD COLUMN sequence BIGINT;
ALTER TABLE officers ADD COLUMN sequence BIGINT;
ALTER TABLE upazila_offices ADD COLUMN sequence BIGINT;
UPDATE services SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = services.id AND kind = 'service');
UPDATE officers SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = officers.id AND kind = 'officer');
UPDATE upazila_offices
SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = upazila_offices.id AND kind = 'upazila_office');
