-- Lists of members and grants that stay quick with 100 000 people, what staff
-- write down about a person, and work on many people at once.

-- +goose Up

-- search is address and name in small letters, folded by the program: SQLite
-- knows no case beyond ASCII. seen_at is when somebody last used the account.
ALTER TABLE users ADD COLUMN disabled_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN search TEXT NOT NULL DEFAULT '';
UPDATE users SET search = lower(email || ' ' || name),
    seen_at = COALESCE((SELECT MAX(s.seen_at) FROM sessions s WHERE s.user_id = users.id), 0);

-- ends_at is when a grant stops to count, by its end or because it was taken
-- back; the largest number stands for never.
ALTER TABLE grants ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 9223372036854775807;
UPDATE grants SET ends_at = CASE
    WHEN until_at <> 0 AND (revoked_at = 0 OR until_at < revoked_at) THEN until_at
    WHEN revoked_at <> 0 THEN revoked_at
    ELSE 9223372036854775807 END;

-- A person's grants put together: access_from_at to access_until_at is the last
-- time without a gap in which any of them counts, access_before_at the end of
-- the time before that. So "has access now" needs no look at the grants, but for
-- the few whose earlier time is not over yet.
ALTER TABLE users ADD COLUMN access_from_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN access_until_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN access_before_at BIGINT NOT NULL DEFAULT 0;
-- Of people from before, the last grant counts alone, and any other one sends
-- the question to the grants; the next change of one puts them together.
UPDATE users SET access_until_at = COALESCE((SELECT MAX(g.ends_at) FROM grants g
    WHERE g.user_id = users.id AND g.from_at < g.ends_at), 0);
UPDATE users SET access_from_at = COALESCE((SELECT MIN(g.from_at) FROM grants g
    WHERE g.user_id = users.id AND g.from_at < g.ends_at AND g.ends_at = users.access_until_at), 0);
UPDATE users SET access_before_at = COALESCE((SELECT MAX(g.ends_at) FROM grants g
    WHERE g.user_id = users.id AND g.from_at < users.access_from_at), 0);

-- One index for each order of the list, with all that a filter asks for, so that
-- a search reads the index alone.
CREATE INDEX users_list_new_idx ON users
    (created_at, id, role, confirmed_at, disabled_at, access_from_at, access_until_at, access_before_at, search)
    WHERE deleted_at = 0;
CREATE INDEX users_list_email_idx ON users
    (email, id, role, confirmed_at, disabled_at, access_from_at, access_until_at, access_before_at, created_at, search)
    WHERE deleted_at = 0;
CREATE INDEX users_list_name_idx ON users
    (name, id, role, confirmed_at, disabled_at, access_from_at, access_until_at, access_before_at, created_at, search)
    WHERE deleted_at = 0;
CREATE INDEX users_list_seen_idx ON users
    (seen_at, id, role, confirmed_at, disabled_at, access_from_at, access_until_at, access_before_at, created_at, search)
    WHERE deleted_at = 0;

CREATE INDEX grants_access_idx ON grants (user_id, ends_at, from_at);
CREATE INDEX grants_holders_idx ON grants (target_id, user_id, from_at, ends_at);
CREATE INDEX grants_ends_at_idx ON grants (ends_at, id, from_at, origin);
CREATE INDEX grants_list_idx ON grants (created_at, id, from_at, ends_at, origin);

-- Work on many people at once: state and progress survive a restart. detail and
-- counts are JSON. claim names the worker, until claimed_until_at.
CREATE TABLE jobs (
    id         TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    detail     TEXT   NOT NULL,
    counts     TEXT   NOT NULL,
    problem    TEXT   NOT NULL,
    total      BIGINT NOT NULL,
    done       BIGINT NOT NULL,
    reached    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL,
    claim      TEXT   NOT NULL,
    claimed_until_at BIGINT NOT NULL
);
CREATE INDEX jobs_created_at_idx ON jobs (created_at, id);
CREATE INDEX jobs_state_idx ON jobs (state, claimed_until_at);
CREATE INDEX jobs_actor_id_idx ON jobs (actor_id);

-- The lines of an uploaded list, and what became of them. Kept until the import
-- can no longer be taken back.
CREATE TABLE import_rows (
    job_id     TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    email      TEXT   NOT NULL,
    cells      TEXT   NOT NULL,
    verdict    TEXT   NOT NULL,
    problem    TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    grant_id   TEXT   NOT NULL,
    PRIMARY KEY (job_id, number)
);
CREATE INDEX import_rows_email_idx ON import_rows (email);
CREATE INDEX import_rows_user_id_idx ON import_rows (user_id, job_id, number);
CREATE INDEX import_rows_verdict_idx ON import_rows (job_id, verdict, number);
