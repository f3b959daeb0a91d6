-- Another number after every change of public data that the change feed does not tell of: the calendar, the order of a
-- charter's lists. Together with last_sequence it says which state all public data is in. It is random, so that no number stands
-- for two states, one of which was rolled back.
ALTER TABLE change_counter ADD COLUMN edition BIGINT NOT NULL DEFAULT 0;

-- New cases are indexed by the writer, once for all that it commits together: FTS5 writes what it has at every savepoint.
DROP TRIGGER service_requests_search_insert;
DROP TRIGGER service_requests_search_update;
CREATE TRIGGER service_requests_search_update AFTER UPDATE OF search ON service_requests WHEN new.search <> old.search BEGIN
    INSERT INTO service_requests_search (service_requests_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO service_requests_search (rowid, search) VALUES (new.seq, new.search);
END;

DROP TRIGGER grievances_search_insert;
DROP TRIGGER grievances_search_update;
CREATE TRIGGER grievances_search_update AFTER UPDATE OF search ON grievances WHEN new.search <> old.search BEGIN
    INSERT INTO grievances_search (grievances_search, rowid, search) VALUES ('delete', old.seq, old.search);
    INSERT INTO grievances_search (rowid, search) VALUES (new.seq, new.search);
END;
