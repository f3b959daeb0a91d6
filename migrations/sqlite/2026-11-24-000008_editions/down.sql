DROP TRIGGER service_requests_search_update;
CREATE TRIGGER service_requests_search_insert AFTER INSERT ON service_requests BEGIN
    INSERT INTO service_requests_search (rowid, search) VALUES (new.seq, new.search);
END;
CREATE TRIGGER service_requests_search_update AFTER UPDATE OF search ON service_requests BEGIN
    INSERT INTO service_requests_search (service_requests_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO service_requests_search (rowid, search) VALUES (new.seq, new.search);
END;
DROP TRIGGER grievances_search_update;
CREATE TRIGGER grievances_search_insert AFTER INSERT ON grievances BEGIN
    INSERT INTO grievances_search (rowid, search) VALUES (new.seq, new.search);
END;
CREATE TRIGGER grievances_search_update AFTER UPDATE OF search ON grievances BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO grievances_search (rowid, search) VALUES (new.seq, new.search);
END;
ALTER TABLE change_counter DROP COLUMN edition;
