-- The site's own words in each of its languages.

-- +goose Up

CREATE TABLE site_texts (
    place      TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (place, language)
);

-- The terms were in one language, the site's own, which is written as "" here.
CREATE TABLE terms_bodies (
    version  BIGINT NOT NULL REFERENCES terms (version),
    language TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (version, language)
);
INSERT INTO terms_bodies (version, language, body) SELECT version, '', body FROM terms;
ALTER TABLE terms DROP COLUMN body;
