-- Vouchers: codes that turn into grants.

-- +goose Up

-- What the codes of a batch open and for how long: days from redeeming, or until
-- an instant, or (both 0) for ever. again: one person may use several codes.
CREATE TABLE voucher_batches (
    id             TEXT    NOT NULL PRIMARY KEY,
    name           TEXT    NOT NULL,
    prefix         TEXT    NOT NULL,
    codes          BIGINT  NOT NULL CHECK (codes > 0),
    uses           BIGINT  NOT NULL CHECK (uses > 0),
    again          BOOLEAN NOT NULL,
    scope          TEXT    NOT NULL CHECK (scope IN ('everything', 'collection', 'item')),
    target_id      TEXT    NOT NULL,
    days           BIGINT  NOT NULL CHECK (days >= 0),
    until_at       BIGINT  NOT NULL,
    valid_from_at  BIGINT  NOT NULL,
    valid_until_at BIGINT  NOT NULL,
    note           TEXT    NOT NULL,
    created_at     BIGINT  NOT NULL,
    CHECK ((scope = 'everything') = (target_id = ''))
);
CREATE INDEX voucher_batches_created_at_idx ON voucher_batches (created_at, id);

-- mark is a keyed hash by which a typed code is found, sealed the code itself for
-- the owner to print: a copied database opens nothing. assigned_at is when a code
-- was mailed to somebody, so that none is mailed twice.
CREATE TABLE vouchers (
    id          TEXT   NOT NULL PRIMARY KEY,
    batch_id    TEXT   NOT NULL REFERENCES voucher_batches (id),
    number      BIGINT NOT NULL,
    mark        BYTEA  NOT NULL UNIQUE,
    sealed      BYTEA  NOT NULL,
    uses        BIGINT NOT NULL CHECK (uses > 0),
    used        BIGINT NOT NULL CHECK (used >= 0 AND used <= uses),
    void_at     BIGINT NOT NULL,
    assigned_at BIGINT NOT NULL,
    UNIQUE (batch_id, number)
);
CREATE INDEX vouchers_tally_idx ON vouchers (batch_id, void_at, uses, used);

-- Who got which code by mail. No foreign keys: the row is forgotten with the
-- person, the code stays.
CREATE TABLE voucher_mails (
    voucher_id TEXT   NOT NULL PRIMARY KEY,
    batch_id   TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    recipient  TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX voucher_mails_batch_id_recipient_key ON voucher_mails (batch_id, recipient);
CREATE INDEX voucher_mails_user_id_idx ON voucher_mails (user_id);
CREATE INDEX voucher_mails_recipient_idx ON voucher_mails (recipient);

CREATE TABLE voucher_redemptions (
    id          TEXT    NOT NULL PRIMARY KEY,
    voucher_id  TEXT    NOT NULL,
    batch_id    TEXT    NOT NULL,
    user_id     TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    grant_id    TEXT    NOT NULL,
    again       BOOLEAN NOT NULL,
    redeemed_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX voucher_redemptions_once_key ON voucher_redemptions (batch_id, user_id) WHERE NOT again;
CREATE INDEX voucher_redemptions_batch_id_idx ON voucher_redemptions (batch_id, redeemed_at, id);
CREATE INDEX voucher_redemptions_user_id_idx ON voucher_redemptions (user_id, batch_id);
CREATE INDEX voucher_redemptions_voucher_id_idx ON voucher_redemptions (voucher_id);
