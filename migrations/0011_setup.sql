-- The first set-up of a site: the one address that makes the owner, and what the
-- owner said of the steps after it.

-- +goose Up

-- One row. closed_at marks that the site has had an owner; it never goes back to
-- 0, also when all accounts are lost, and without the row nothing opens either.
CREATE TABLE setup (
    id          BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
    secret_hash TEXT    NOT NULL,
    expires_at  BIGINT  NOT NULL,
    closed_at   BIGINT  NOT NULL,
    guided      BOOLEAN NOT NULL
);
INSERT INTO setup (id, secret_hash, expires_at, closed_at, guided)
SELECT 1, '', 0, COALESCE(MIN(CASE WHEN created_at > 0 THEN created_at ELSE 1 END), 0), FALSE
FROM users WHERE role = 'owner';

-- Steps that the owner does not need.
CREATE TABLE setup_skips (
    step       TEXT   NOT NULL PRIMARY KEY,
    skipped_at BIGINT NOT NULL
);
