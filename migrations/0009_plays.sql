-- What was played and refused, and the indexes that the overview and the record
-- of changes count and page by.

-- +goose Up

-- One row for each play. slot names what a browser plays now and goes on naming
-- while the play can continue; it is emptied when the play is over, so that
-- nothing ties the row to a session. No foreign keys: a play outlives its item.
CREATE TABLE plays (
    id             TEXT    NOT NULL PRIMARY KEY,
    slot           TEXT    NOT NULL,
    item_id        TEXT    NOT NULL,
    source_kind    TEXT    NOT NULL,
    user_id        TEXT    NOT NULL,
    staff          BOOLEAN NOT NULL,
    window_seconds BIGINT  NOT NULL,
    started_at     BIGINT  NOT NULL,
    seen_at        BIGINT  NOT NULL,
    stopped        BOOLEAN NOT NULL,
    until_at       BIGINT  NOT NULL
);
CREATE UNIQUE INDEX plays_slot_key ON plays (slot) WHERE slot <> '';
CREATE INDEX plays_started_at_idx ON plays (started_at, id);
CREATE INDEX plays_seen_at_idx ON plays (seen_at);
CREATE INDEX plays_user_id_idx ON plays (user_id, started_at);
CREATE INDEX plays_until_at_idx ON plays (until_at) WHERE slot <> '';

-- Sums of a day of the site's zone, written with what they count, so that they
-- outlive the plays. They name nobody. reason is empty for plays.
CREATE TABLE day_counts (
    kind    TEXT   NOT NULL,
    day     TEXT   NOT NULL,
    item_id TEXT   NOT NULL,
    reason  TEXT   NOT NULL,
    amount  BIGINT NOT NULL,
    PRIMARY KEY (kind, day, item_id, reason)
);
-- Sums are added up without reading the rows.
CREATE INDEX day_counts_sums_idx ON day_counts (kind, day, item_id, reason, amount);

-- Members are counted without reading their rows.
CREATE INDEX users_members_idx ON users (created_at, disabled_at, confirmed_at) WHERE role = 'member' AND deleted_at = 0;
CREATE INDEX users_deleted_at_idx ON users (deleted_at) WHERE deleted_at > 0;
CREATE INDEX users_access_until_at_idx ON users (access_until_at) WHERE role = 'member' AND deleted_at = 0;

CREATE INDEX audit_entries_action_idx ON audit_entries (action, entered_at, id);
CREATE INDEX audit_entries_actor_id_action_idx ON audit_entries (actor_id, action, entered_at, id);
