-- Accounts that people make and keep themselves: ways in, mail, limits, consent.
-- For what the columns mean to a person, see paywall/personal.go, which a test
-- holds against this schema.

-- +goose Up

ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN quiet_devices BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN quiet_access BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX users_created_at_idx ON users (created_at, id);

ALTER TABLE sessions ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN strong BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE audit_entries ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_entries_actor_id_idx ON audit_entries (actor_id, entered_at, id);
CREATE INDEX audit_entries_subject_idx ON audit_entries (subject, entered_at, id);

-- Networks are cut after a while; these indexes hold only what is still to cut.
CREATE INDEX sessions_network_idx ON sessions (created_at) WHERE network <> '';
CREATE INDEX audit_entries_network_idx ON audit_entries (entered_at) WHERE network <> '';

-- Browsers that have signed in before: a guesser elsewhere cannot use up their
-- tries.
CREATE TABLE devices (
    id          TEXT   NOT NULL PRIMARY KEY,
    user_id     TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_hash BYTEA  NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL
);
CREATE INDEX devices_user_id_idx ON devices (user_id);
CREATE INDEX devices_seen_at_idx ON devices (seen_at);

-- What was mailed to prove an address: a code for the window that asked, and a
-- link for any. user_id is empty where there is no account (yet).
CREATE TABLE proofs (
    id            TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    email         TEXT   NOT NULL,
    window_hash   BYTEA  NOT NULL,
    code_mark     BYTEA  NOT NULL,
    link_hash     BYTEA  NOT NULL UNIQUE,
    next          TEXT   NOT NULL,
    payload       BYTEA  NOT NULL,
    tries         BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    code_until_at BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    spent_at      BIGINT NOT NULL
);
CREATE INDEX proofs_window_hash_idx ON proofs (window_hash, created_at);
CREATE INDEX proofs_email_kind_idx ON proofs (email, kind);
CREATE INDEX proofs_user_id_idx ON proofs (user_id);
CREATE INDEX proofs_expires_at_idx ON proofs (expires_at);

-- A question to one window that waits for its answer: a second factor, a
-- passkey, another service's login.
CREATE TABLE challenges (
    id          TEXT   NOT NULL PRIMARY KEY,
    kind        TEXT   NOT NULL,
    window_hash BYTEA  NOT NULL,
    user_id     TEXT   NOT NULL,
    data        BYTEA  NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX challenges_expires_at_idx ON challenges (expires_at);
CREATE INDEX challenges_user_id_idx ON challenges (user_id);

CREATE TABLE passkeys (
    id         TEXT   NOT NULL PRIMARY KEY,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name       TEXT   NOT NULL,
    credential BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX passkeys_user_id_idx ON passkeys (user_id, created_at);

-- secret is sealed; last_step is the last 30 seconds whose code was used.
CREATE TABLE second_factors (
    user_id      TEXT   NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret       BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    last_step    BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    user_id TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mark    BYTEA  NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, mark)
);

CREATE TABLE identities (
    issuer     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider   TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_user_id_idx ON identities (user_id, created_at);

CREATE TABLE terms (
    version    BIGINT NOT NULL PRIMARY KEY,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE consents (
    id       TEXT   NOT NULL PRIMARY KEY,
    user_id  TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    version  BIGINT NOT NULL,
    language TEXT   NOT NULL,
    given_at BIGINT NOT NULL
);
CREATE INDEX consents_user_id_idx ON consents (user_id, given_at);

-- The outbox and the mail log in one. No foreign key: a mail may be about an
-- address without an account.
CREATE TABLE mails (
    id            TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    recipient     TEXT   NOT NULL,
    language      TEXT   NOT NULL,
    sealed        BYTEA  NOT NULL,
    created_at    BIGINT NOT NULL,
    not_after_at  BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    attempts      BIGINT NOT NULL,
    next_at       BIGINT NOT NULL,
    claimed_until_at BIGINT NOT NULL,
    answer        TEXT   NOT NULL,
    sent_at       BIGINT NOT NULL
);
CREATE INDEX mails_state_next_at_idx ON mails (state, next_at, id);
CREATE INDEX mails_created_at_idx ON mails (created_at, id);
CREATE INDEX mails_user_id_idx ON mails (user_id);
CREATE INDEX mails_recipient_idx ON mails (recipient);
-- Only the mails whose contents are still to be emptied.
CREATE INDEX mails_sealed_idx ON mails (not_after_at) WHERE length(sealed) > 0;

-- One row. Whoever updates it is alone in claiming mails until the commit.
CREATE TABLE mail_gate (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    turn BIGINT NOT NULL
);
INSERT INTO mail_gate (id, turn) VALUES (1, 0);

-- One row for each thing that is counted. id is a keyed hash, so that it tells
-- nobody's address. free_at is when nothing would be counted any more (the
-- "theoretical arrival time" of a GCRA limiter).
CREATE TABLE limits (
    id      TEXT   NOT NULL PRIMARY KEY,
    free_at BIGINT NOT NULL
);
CREATE INDEX limits_free_at_idx ON limits (free_at);

CREATE TABLE settings (
    name       TEXT   NOT NULL PRIMARY KEY,
    value      TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);
