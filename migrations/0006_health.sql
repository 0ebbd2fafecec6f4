-- +goose Up

-- What was seen of each source the last time somebody asked for it.
CREATE TABLE probes (
	source_id TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
	target TEXT NOT NULL, -- kind, address, name and channel that were asked; another one counts as never asked
	state TEXT NOT NULL,
	cause TEXT NOT NULL,
	since_at BIGINT NOT NULL, -- of the state
	checked_at BIGINT NOT NULL,
	green_at BIGINT NOT NULL, -- 0: never
	detail TEXT NOT NULL,
	bare TEXT NOT NULL, -- what was seen without a token
	token TEXT NOT NULL, -- and with one
	token_at BIGINT NOT NULL,
	trouble TEXT NOT NULL, -- why there was no token
	told TEXT NOT NULL, -- what the supplier says about the protection
	told_since_at BIGINT NOT NULL,
	folder TEXT NOT NULL, -- that holds the switch
	switched_at BIGINT NOT NULL, -- when the protection was switched on from here
	ambers INTEGER NOT NULL, -- in a row
	alarm TEXT NOT NULL, -- the state that the owners are warned of; empty: none
	mailed TEXT NOT NULL, -- the state that they got a mail about
	asked_at BIGINT NOT NULL, -- when somebody asked for a check by hand
	due_at BIGINT NOT NULL,
	claimed_until_at BIGINT NOT NULL
);
CREATE INDEX probes_due_idx ON probes (due_at);
CREATE INDEX probes_alarm_idx ON probes (alarm);

CREATE TABLE probe_changes (
	id TEXT PRIMARY KEY,
	source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	changed_at BIGINT NOT NULL,
	old_state TEXT NOT NULL,
	new_state TEXT NOT NULL,
	cause TEXT NOT NULL,
	detail TEXT NOT NULL
);
CREATE INDEX probe_changes_source_idx ON probe_changes (source_id, changed_at);
