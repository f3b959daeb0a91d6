-- Who signs in, with what, and since when; who is away; what was already answered.

-- People. An account speaks for an office where its role has one, and for an officer of it where it is that officer's.
CREATE TABLE accounts (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    -- in lower case
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('alternate_officer', 'officer', 'appeal_officer', 'cell_officer', 'administrator')),
    office TEXT REFERENCES offices (code),
    -- no reference: the entry may leave the charter, and then the account is nobody's
    officer_id TEXT,
    -- Argon2id, in the PHC string format
    password_hash TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- Systems: OAuth clients, by their own secret.
CREATE TABLE clients (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- SHA-256 of 256 random bits; absent until a secret is made
    secret_hash TEXT,
    disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- What every access token belongs to: a token is as good as its session.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    -- the id of an account or a client
    subject TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_subject ON sessions (subject);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- The family of a session: each is used once, for the next one.
CREATE TABLE refresh_tokens (
    -- SHA-256 of 256 random bits
    token_hash TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session);

-- The keys that sign access tokens: the current one is not retired, a retired one verifies until its last token expires.
CREATE TABLE signing_keys (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    -- Ed25519: PKCS #8 in base64, and the public key in base64url
    private_key TEXT NOT NULL,
    public_key TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    retired_at TIMESTAMP,
    verifies_until TIMESTAMP
);

-- Attempts that failed, to sign in or to find a case by its tracking code, as long as they count.
CREATE TABLE failed_attempts (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope TEXT NOT NULL,
    attempted_at TIMESTAMP NOT NULL
);
CREATE INDEX failed_attempts_by_scope ON failed_attempts (scope, attempted_at);
CREATE INDEX failed_attempts_by_age ON failed_attempts (attempted_at);

-- Where an account has signed in from: strangers' guesses do not use up the share of these.
CREATE TABLE known_addresses (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- SHA-256 of the account and the address
    address TEXT NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account, address)
);

-- The days on which an alternate officer stands in.
CREATE TABLE absences (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    officer_id TEXT NOT NULL REFERENCES officers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('absence', 'vacancy', 'hand_over')),
    first_day DATE NOT NULL,
    -- absent: until further notice
    last_day DATE,
    -- who recorded it, and in which role
    recorded_by TEXT NOT NULL,
    recorded_as TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX absences_by_officer ON absences (officer_id, seq);

-- The answers to creating requests, kept so that a request that comes again is answered alike.
CREATE TABLE idempotency_keys (
    -- who asked for what
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    -- SHA-256 of the request
    fingerprint TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- Who changed charter data, and in which role; absent for the command line. Never served: the feed is public.
ALTER TABLE changes ADD COLUMN changed_by TEXT;
ALTER TABLE changes ADD COLUMN changed_as TEXT;
