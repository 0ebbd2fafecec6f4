-- The first schema, one text for SQLite and PostgreSQL.
--
-- Instants are Unix milliseconds (UTC) in columns named …_at, 0 means none.
-- Identifiers are texts made by paywall.NewID. Enumerations that decide about
-- rights are checked here; kinds and origins are not, because they will grow and
-- SQLite cannot change a check without copying the table.

-- +goose Up

CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('member', 'owner')),
    password_hash TEXT    NOT NULL,
    confirmed_at  BIGINT  NOT NULL,
    disabled_at   BIGINT  NOT NULL,
    created_at    BIGINT  NOT NULL
);

CREATE TABLE collections (
    id         TEXT   NOT NULL PRIMARY KEY,
    title      TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE items (
    id            TEXT    NOT NULL PRIMARY KEY,
    slug          TEXT    NOT NULL UNIQUE,
    kind          TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    summary       TEXT    NOT NULL,
    collection_id TEXT    REFERENCES collections (id),
    access        TEXT    NOT NULL CHECK (access IN ('open', 'members', 'entitled')),
    published     BOOLEAN NOT NULL,
    opens_at      BIGINT  NOT NULL,
    closes_at     BIGINT  NOT NULL,
    position      BIGINT  NOT NULL,
    version       BIGINT  NOT NULL,
    created_at    BIGINT  NOT NULL,
    updated_at    BIGINT  NOT NULL
);

CREATE TABLE sources (
    id             TEXT   NOT NULL PRIMARY KEY,
    item_id        TEXT   NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    kind           TEXT   NOT NULL,
    label          TEXT   NOT NULL,
    url            TEXT   NOT NULL,
    ref            TEXT   NOT NULL,
    channel        TEXT   NOT NULL,
    window_seconds BIGINT NOT NULL CHECK (window_seconds >= 0),
    position       BIGINT NOT NULL,
    trouble_at     BIGINT NOT NULL,
    trouble        TEXT   NOT NULL
);
CREATE INDEX sources_item_id_position_idx ON sources (item_id, position, id);

-- target_id names a collection or an item, so it cannot be a foreign key.
CREATE TABLE grants (
    id         TEXT   NOT NULL PRIMARY KEY,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    scope      TEXT   NOT NULL CHECK (scope IN ('everything', 'collection', 'item')),
    target_id  TEXT   NOT NULL,
    from_at    BIGINT NOT NULL,
    until_at   BIGINT NOT NULL,
    origin     TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    CHECK ((scope = 'everything') = (target_id = ''))
);
CREATE INDEX grants_user_id_created_at_idx ON grants (user_id, created_at, id);
CREATE INDEX grants_created_at_idx ON grants (created_at, id);

CREATE TABLE sessions (
    id          TEXT   NOT NULL PRIMARY KEY,
    secret_hash BYTEA  NOT NULL,
    user_id     TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    device      TEXT   NOT NULL,
    flash       TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE INDEX sessions_seen_at_idx ON sessions (seen_at);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

-- One row. Whoever updates it holds the lock on the leases until the commit.
CREATE TABLE mint_gate (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    turn BIGINT NOT NULL
);
INSERT INTO mint_gate (id, turn) VALUES (1, 0);

CREATE TABLE mint_leases (
    id         TEXT   NOT NULL PRIMARY KEY,
    amount     BIGINT NOT NULL CHECK (amount > 0),
    expires_at BIGINT NOT NULL
);
CREATE INDEX mint_leases_expires_at_idx ON mint_leases (expires_at);

-- No foreign keys: a line outlives what it describes.
CREATE TABLE audit_entries (
    id         TEXT   NOT NULL PRIMARY KEY,
    entered_at BIGINT NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    detail     TEXT   NOT NULL
);
CREATE INDEX audit_entries_entered_at_idx ON audit_entries (entered_at, id);
