-- The change that left each entry as it is now: the row of changes that holds the state in which it is served. A list then
-- finds each of its states by a number.
ALTER TABLE services ADD COLUMN sequence BIGINT;
ALTER TABLE officers ADD COLUMN sequence BIGINT;
ALTER TABLE upazila_offices ADD COLUMN sequence BIGINT;
UPDATE services SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = services.id AND kind = 'service');
UPDATE officers SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = officers.id AND kind = 'officer');
UPDATE upazila_offices
SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = upazila_offices.id AND kind = 'upazila_office');

-- Cases are found by the beginnings of words: their index is one of words, a tenth of the size of one of trigrams, and as much less
-- to write with each case. All that is not ASCII is part of a word: the text is folded, with spaces between its words. The writer
-- merges the segments by itself, a little each time (src/store/search.rs): FTS5 lets somebody wait for much at once.
--
-- The words of new cases are indexed a little behind their filing (src/store/writer.rs): what is not indexed yet is not to be
-- taken out of the index.
DROP TRIGGER service_requests_search_delete;
DROP TRIGGER service_requests_search_update;
DROP TABLE service_requests_search;
CREATE VIRTUAL TABLE service_requests_search USING fts5 (
    search, content = 'service_requests', content_rowid = 'seq', tokenize = 'ascii', prefix = '2 3', detail = 'none'
);
INSERT INTO service_requests_search (service_requests_search, rank) VALUES ('automerge', 0);
INSERT INTO service_requests_search (service_requests_search, rank) VALUES ('crisismerge', 500);
INSERT INTO service_requests_search (service_requests_search, rank) VALUES ('usermerge', 8);
INSERT INTO service_requests_search (service_requests_search) VALUES ('rebuild');
CREATE TRIGGER service_requests_search_delete AFTER DELETE ON service_requests
WHEN EXISTS (SELECT 1 FROM service_requests_search_docsize WHERE id = old.seq) BEGIN
    INSERT INTO service_requests_search (service_requests_search, rowid, search) VALUES ('delete', old.seq, old.search);
END;
CREATE TRIGGER service_requests_search_update AFTER UPDATE OF search ON service_requests
WHEN new.search <> old.search AND EXISTS (SELECT 1 FROM service_requests_search_docsize WHERE id = old.seq) BEGIN
    INSERT INTO service_requests_search (service_requests_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO service_requests_search (rowid, search) VALUES (new.seq, new.search);
END;

DROP TRIGGER grievances_search_delete;
DROP TRIGGER grievances_search_update;
DROP TABLE grievances_search;
CREATE VIRTUAL TABLE grievances_search USING fts5 (
    search, content = 'grievances', content_rowid = 'seq', tokenize = 'ascii', prefix = '2 3', detail = 'none'
);
INSERT INTO grievances_search (grievances_search, rank) VALUES ('automerge', 0);
INSERT INTO grievances_search (grievances_search, rank) VALUES ('crisismerge', 500);
INSERT INTO grievances_search (grievances_search, rank) VALUES ('usermerge', 8);
INSERT INTO grievances_search (grievances_search) VALUES ('rebuild');
CREATE TRIGGER grievances_search_delete AFTER DELETE ON grievances
WHEN EXISTS (SELECT 1 FROM grievances_search_docsize WHERE id = old.seq) BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
END;
CREATE TRIGGER grievances_search_update AFTER UPDATE OF search ON grievances
WHEN new.search <> old.search AND EXISTS (SELECT 1 FROM grievances_search_docsize WHERE id = old.seq) BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO grievances_search (rowid, search) VALUES (new.seq, new.search);
END;
