ALTER TABLE services DROP COLUMN sequence;
ALTER TABLE officers DROP COLUMN sequence;
ALTER TABLE upazila_offices DROP COLUMN sequence;
DROP INDEX service_requests_search;
CREATE INDEX service_requests_search ON service_requests USING gin (search gin_trgm_ops);
DROP INDEX grievances_search;
CREATE INDEX grievances_search ON grievances USING gin (search gin_trgm_ops);
DROP FUNCTION search_words;
