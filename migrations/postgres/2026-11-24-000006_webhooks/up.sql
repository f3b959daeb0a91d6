-- Webhooks, and the messages to them: written in the transaction of what they tell of.

CREATE TABLE webhooks (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    -- the client or account whose it is
    owner TEXT NOT NULL,
    url TEXT NOT NULL,
    charter_changed BOOLEAN NOT NULL,
    case_changed BOOLEAN NOT NULL,
    office TEXT,
    description TEXT,
    -- in base64; both sign until the one before has ended
    secret TEXT,
    previous_secret TEXT,
    previous_until TIMESTAMP,
    disabled BOOLEAN NOT NULL,
    disabled_reason TEXT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX webhooks_by_owner ON webhooks (owner, seq);

-- What a message says is read when it is sent, from rows that never change: the row of a history, or of the change feed.
CREATE TABLE webhook_messages (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
CREATE INDEX webhook_messages_by_time ON webhook_messages (state, next_attempt_at, seq);
CREATE INDEX webhook_messages_by_topic ON webhook_messages (webhook_id, topic, state, seq);
CREATE INDEX webhook_messages_by_webhook ON webhook_messages (webhook_id, seq);
