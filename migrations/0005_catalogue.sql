-- Pictures that owners upload, and what items and collections show besides their
-- title.

-- +goose Up

-- The id is a hash of the bytes: an address shows one picture for ever.
CREATE TABLE pictures (
    id         TEXT   NOT NULL PRIMARY KEY,
    type       TEXT   NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    bytes      BYTEA  NOT NULL,
    small      BYTEA  NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX pictures_created_at_idx ON pictures (created_at);

ALTER TABLE items ADD COLUMN poster_id TEXT NOT NULL DEFAULT '';
CREATE INDEX items_poster_id_idx ON items (poster_id) WHERE poster_id <> '';
