ALTER TABLE services DROP COLUMN sequence;
ALTER TABLE officers DROP COLUMN sequence;
ALTER TABLE upazila_offices DROP COLUMN sequence;

DROP TRIGGER service_requests_search_delete;
DROP TRIGGER service_requests_search_update;
CREATE TRIGGER service_requests_search_delete AFTER DELETE ON service_requests BEGIN
    INSERT INTO service_requests_search (service_requests_search, rowid, search) VALUES ('delete', old.seq, old.search);
END;
CREATE TRIGGER service_requests_search_update AFTER UPDATE OF search ON service_requests WHEN new.search <> old.search BEGIN
    INSERT INTO service_requests_search (service_requests_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO service_requests_search (rowid, search) VALUES (new.seq, new.search);
END;

DROP TRIGGER grievances_search_delete;
DROP TRIGGER grievances_search_update;
CREATE TRIGGER grievances_search_delete AFTER DELETE ON grievances BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
END;
CREATE TRIGGER grievances_search_update AFTER UPDATE OF search ON grievances WHEN new.search <> old.search BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO grievances_search (rowid, search) VALUES (new.seq, new.search);
END;

INSERT INTO service_requests_search (service_requests_search, rank) VALUES ('automerge', 4);
INSERT INTO service_requests_search (service_requests_search, rank) VALUES ('crisismerge', 16);
INSERT INTO service_requests_search (service_requests_search, rank) VALUES ('usermerge', 4);
INSERT INTO grievances_search (grievances_search, rank) VALUES ('automerge', 4);
INSERT INTO grievances_search (grievances_search, rank) VALUES ('crisismerge', 16);
INSERT INTO grievances_search (grievances_search, rank) VALUES ('usermerge', 4);
