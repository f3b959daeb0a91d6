ALTER TABLE services DROP COLUMN sequence;
ALTER TABLE officers DROP COLUMN sequence;
ALTER TABLE upazila_offices DROP COLUMN sequence;
