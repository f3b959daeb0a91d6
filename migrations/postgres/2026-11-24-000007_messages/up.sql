-- One outbox for all messages: those to webhooks, and those to applicants and complainants by e-mail and SMS.

ALTER TABLE webhook_messages RENAME TO messages;
ALTER TABLE messages ALTER COLUMN webhook_id DROP NOT NULL;
ALTER TABLE messages DROP CONSTRAINT webhook_messages_event_check;
ALTER TABLE messages ADD CONSTRAINT messages_event_check CHECK (event IN (
    'charter_changed', 'case_changed', 'test', 'receipt', 'information_asked', 'appointment', 'decision'));
ALTER TABLE messages ADD COLUMN channel TEXT NOT NULL DEFAULT 'webhook' CHECK (channel IN ('webhook', 'email', 'sms'));
-- the id of the webhook, or the digest of an address or number: what messages of one topic come in order to
ALTER TABLE messages ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
UPDATE messages SET recipient = webhook_id;
ALTER TABLE messages ALTER COLUMN channel DROP DEFAULT;
ALTER TABLE messages ALTER COLUMN recipient DROP DEFAULT;

DROP INDEX webhook_messages_by_time;
DROP INDEX webhook_messages_by_topic;
DROP INDEX webhook_messages_by_webhook;
CREATE INDEX messages_by_time ON messages (state, next_attempt_at, seq);
CREATE INDEX messages_by_topic ON messages (recipient, topic, state, seq);
CREATE INDEX messages_by_webhook ON messages (webhook_id, seq);
CREATE INDEX messages_by_recipient ON messages (recipient, created_at);
