-- The owner's login at Infomaniak. sealed holds the API token, sealed with a key
-- that lies outside the database; report is the last check of it, as JSON.

-- +goose Up

CREATE TABLE connection (
    id         BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    sealed     BYTEA  NOT NULL,
    account    TEXT   NOT NULL,
    vod_style  TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    report     BYTEA  NOT NULL
);
