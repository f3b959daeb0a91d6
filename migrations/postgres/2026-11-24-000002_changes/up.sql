-- Every creation, change and deletion of charter data, with the full state that it left: the change feed, and the history
-- of each entry.

CREATE TABLE changes (
    -- without gaps, in the order of the commits: taken from change_counter, whose row stays locked until the commit
    sequence BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('charter', 'service', 'officer', 'upazila_office')),
    op TEXT NOT NULL CHECK (op IN ('created', 'changed', 'deleted')),
    -- the id of the entry; the code of the office for a charter
    id TEXT NOT NULL,
    office TEXT NOT NULL REFERENCES offices (code),
    changed_at TIMESTAMP NOT NULL,
    -- the place in the charter's list at the time
    position INTEGER NOT NULL,
    -- the entry as it was served from then on, in JSON; absent for a deletion
    state TEXT
);
CREATE INDEX changes_by_office ON changes (office, sequence);
CREATE INDEX changes_by_entry ON changes (id, sequence);

-- One row: the number of the last change.
CREATE TABLE change_counter (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    last_sequence BIGINT NOT NULL
);
INSERT INTO change_counter (only_row, last_sequence) VALUES (1, 0);
