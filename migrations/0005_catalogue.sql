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

-- description is Markdown.
ALTER TABLE items ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN duration_seconds BIGINT NOT NULL DEFAULT 0;
CREATE INDEX items_collection_id_idx ON items (collection_id, position, id);

-- Addresses that an item had before.
CREATE TABLE item_slugs (
    slug       TEXT   NOT NULL PRIMARY KEY,
    item_id    TEXT   NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);
CREATE INDEX item_slugs_item_id_idx ON item_slugs (item_id);

ALTER TABLE collections ADD COLUMN slug TEXT NOT NULL DEFAULT '';
ALTER TABLE collections ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE collections ADD COLUMN poster_id TEXT NOT NULL DEFAULT '';
ALTER TABLE collections ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE collections ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE collections ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE collections SET slug = lower(id), updated_at = created_at;
CREATE UNIQUE INDEX collections_slug_key ON collections (slug) WHERE slug <> '';

CREATE INDEX grants_target_id_idx ON grants (target_id) WHERE target_id <> '';

-- What an item or a collection was made of at Infomaniak, and what was said there
-- of it when that was last taken over. The key names a station, media or folder.
CREATE TABLE supplies (
    key              TEXT   NOT NULL PRIMARY KEY,
    target_id        TEXT   NOT NULL,
    title            TEXT   NOT NULL,
    poster           TEXT   NOT NULL,
    poster_id        TEXT   NOT NULL,
    duration_seconds BIGINT NOT NULL,
    taken_at         BIGINT NOT NULL
);
CREATE INDEX supplies_target_id_idx ON supplies (target_id);

-- One row: the account as it was last read, as JSON.
CREATE TABLE holdings (
    id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    body    BYTEA  NOT NULL,
    read_at BIGINT NOT NULL
);

CREATE TABLE import_runs (
    id               TEXT   NOT NULL PRIMARY KEY,
    kind             TEXT   NOT NULL,
    state            TEXT   NOT NULL,
    actor_id         TEXT   NOT NULL,
    work             BYTEA  NOT NULL,
    report           BYTEA  NOT NULL,
    done             BIGINT NOT NULL,
    total            BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    ended_at         BIGINT NOT NULL,
    claimed_by       TEXT   NOT NULL,
    claimed_until_at BIGINT NOT NULL
);
-- One at a time, over all nodes.
CREATE UNIQUE INDEX import_runs_running_key ON import_runs (state) WHERE state = 'running';
CREATE INDEX import_runs_created_at_idx ON import_runs (created_at, id);
CREATE INDEX import_runs_actor_id_idx ON import_runs (actor_id);
CREATE INDEX sources_ref_idx ON sources (ref);
