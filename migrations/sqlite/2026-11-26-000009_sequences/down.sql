ALTER TABLE services DROP COLUMN sequence;
ALTER TABLE officers DROP COLUMN sequence;
ALTER TABLE upazila_offices DROP COLUMN sequence;

DROP TRIGGER service_requests_search_delete;
DROP TRIGGER service_requests_search_update;
DROP TABLE service_requests_search;
CREATE VIRTUAL TABLE service_requests_search USING fts5 (
    search, content = 'service_requests', content_rowid = 'seq', tokenize = 'trigram case_sensitive 1'
);
INSERT INTO service_requests_search (service_requests_search) VALUES ('rebuild');
CREATE TRIGGER service_requests_search_delete AFTER DELETE ON service_requests BEGIN
    INSERT INTO service_requests_search (service_requests_search, rowid, search) VALUES ('delete', old.seq, old.search);
END;
CREATE TRIGGER service_requests_search_update AFTER UPDATE OF search ON service_requests WHEN new.search <> old.search BEGIN
    INSERT INTO service_requests_search (service_requests_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO service_requests_search (rowid, search) VALUES (new.seq, new.search);
END;

DROP TRIGGER grievances_search_delete;
DROP TRIGGER grievances_search_update;
DROP TABLE grievances_search;
CREATE VIRTUAL TABLE grievances_search USING fts5 (
    search, content = 'grievances', content_rowid = 'seq', tokenize = 'trigram case_sensitive 1'
);
INSERT INTO grievances_search (grievances_search) VALUES ('rebuild');
CREATE TRIGGER grievances_search_delete AFTER DELETE ON grievances BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
END;
CREATE TRIGGER grievances_search_update AFTER UPDATE OF search ON grievances WHEN new.search <> old.search BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO grievances_search (rowid, search) VALUES (new.seq, new.search);
END;
