-- More roles than owner and member. A check cannot be changed in SQLite, so the
-- column is made anew: its check goes with the old one in both databases.

-- +goose Up

ALTER TABLE users ADD COLUMN rank TEXT NOT NULL DEFAULT 'member'
    CHECK (rank IN ('member', 'owner', 'support', 'editor', 'reader'));
UPDATE users SET rank = role;
ALTER TABLE users DROP COLUMN role;
ALTER TABLE users RENAME COLUMN rank TO role;

-- The few who run the site are found without reading all members.
CREATE INDEX users_staff_idx ON users (role, id) WHERE role <> 'member';
