-- One outbox for all messages: those to webhooks, and those to applicants and complainants by e-mail and SMS.

CREATE TABLE messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    webhook_id TEXT REFERENCES webhooks (id),
    event TEXT NOT NULL CHECK (event IN (
        'charter_changed', 'case_changed', 'test', 'receipt', 'information_asked', 'appointment', 'decision')),
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
    failure TEXT,
    channel TEXT NOT NULL CHECK (channel IN ('webhook', 'email', 'sms')),
    -- the id of the webhook, or the digest of an address or number: what messages of one topic come in order to
    recipient TEXT NOT NULL
);
INSERT INTO messages (seq, webhook_id, event, topic, case_id, case_number, change_sequence, state, attempts, created_at, next_attempt_at, given_up_at, last_attempt_at, status, failure, channel, recipient)
SELECT seq, webhook_id, event, topic, case_id, case_number, change_sequence, state, attempts, created_at, next_attempt_at, given_up_at, last_attempt_at, status, failure, 'webhook', webhook_id FROM webhook_messages;
DROP TABLE webhook_messages;

CREATE INDEX messages_by_time ON messages (state, next_attempt_at, seq);
CREATE INDEX messages_by_topic ON messages (recipient, topic, state, seq);
CREATE INDEX messages_by_webhook ON messages (webhook_id, seq);
CREATE INDEX messages_by_recipient ON messages (recipient, created_at);
