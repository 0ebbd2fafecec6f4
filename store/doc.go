// Package store keeps Usher's data in SQLite or PostgreSQL. It implements
// paywall.Store and nothing else: no rule lives here.
//
// Every query is written once, for both databases. That works because both
// drivers understand $1…$n by number, and because the queries use only what
// behaves alike: ON CONFLICT, RETURNING, joins, LIMIT $1 OFFSET $2, CASE, CAST.
// What does not behave alike, and how it is avoided:
//
//   - A time.Time in a BIGINT column is an error on one and a text on the other:
//     instants go through the type instant only.
//   - A parameter that meets a literal needs a CAST for PostgreSQL.
//   - After a failed statement PostgreSQL refuses the rest of a transaction and
//     SQLite goes on: InTx makes both refuse.
//   - SQLite's lower() knows ASCII alone: it is replaced by one of ours. That of
//     PostgreSQL knows the letters of the database's locale.
//   - SQLite has one writer at a time, so its transactions are serial. Those of
//     PostgreSQL are "read committed": a change that depends on what was read
//     needs a condition in its WHERE (as UpdateItem and RevokeGrant have), or a
//     row that it locks by an update first (as LeaseMints and ClaimMails do).
//
// The suite in store/storetest runs on both.
package store
