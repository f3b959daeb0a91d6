CREATE TABLE webhook_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    event TEXT NOT NULL CHECK (event IN ('charter_changed', 'case_changed', 'test')),
    -- messages about one thing come in their order
    topic TEXT NOT NULL,
    case_id TEXT,
    case_number INTEGER,
    change_sequence BIGINT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- when it is sent next; while it is being sent, when another replica may; once it is over, when that was
    next_attempt_at TIMESTAMP NOT NULL,
    given_up_at TIMESTAMP NOT NULL,
    last_attempt_at TIMESTAMP,
    status INTEGER,
    failure TEXT
);
INSERT INTO webhook_messages (seq, webhook_id, event, topic, case_id, case_number, change_sequence, state, attempts, created_at, next_attempt_at, given_up_at, last_attempt_at, status, failure)
SELECT seq, webhook_id, event, topic, case_id, case_number, change_sequence, state, attempts, created_at, next_attempt_at, given_up_at, last_attempt_at, status, failure FROM messages WHERE channel = 'webhook';
DROP TABLE messages;

CREATE INDEX webhook_messages_by_time ON webhook_messages (state, next_attempt_at, seq);
CREATE INDEX webhook_messages_by_topic ON webhook_messages (webhook_id, topic, state, seq);
CREATE INDEX webhook_messages_by_webhook ON webhook_messages (webhook_id, seq);
