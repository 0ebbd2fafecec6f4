package paywall

import "slices"

// PersonalTables is every table and column of the schema. A test of the store
// fails when one is missing or made up, so whoever adds a column decides here
// what it tells about a person. Only these constants go into SQL.
var PersonalTables = slices.Concat(accountTables, memberTables, siteTables)

// accountTables hold what belongs to one account.
var accountTables = []PersonalTable{
	{
		Name: "users", Topic: "account", ByAccount: []string{"id"}, Erase: EraseColumns,
		Columns: []PersonalColumn{
			shown("id", AsText),
			// Unique, so it cannot be empty; nobody can sign up with this domain.
			personal("email", AsText).blank(`'deleted-' || id || '@deleted.invalid'`),
			personal("name", AsText).blank(`''`),
			shown("role", AsText),
			secret("password_hash", AsText).blank(`''`),
			personal("confirmed_at", AsInstant).blank(`0`),
			personal("disabled_at", AsInstant),
			personal("created_at", AsInstant),
			personal("language", AsText).blank(`''`),
			personal("zone", AsText).blank(`''`),
			personal("quiet_devices", AsBool).blank(`FALSE`),
			personal("quiet_access", AsBool).blank(`FALSE`),
			personal("deleted_at", AsInstant),
			personal("disabled_reason", AsText).blank(`''`), personal("note", AsText).blank(`''`),
			personal("seen_at", AsInstant).blank(`0`),
			// Copies for the list of members, of what stands in other columns.
			technical("search", AsText).blank(`''`), technical("access_from_at", AsInstant),
			technical("access_until_at", AsInstant), technical("access_before_at", AsInstant),
		},
	},
	{
		Name: "consents", Topic: "consents", ByAccount: []string{"user_id"},
		// Kept as proof that somebody agreed; without the account it names nobody.
		Erase: EraseColumns,
		Columns: []PersonalColumn{
			technical("id", AsText), technical("user_id", AsText),
			shown("version", AsNumber), shown("language", AsText), personal("given_at", AsInstant),
		},
	},
	{
		Name: "grants", Topic: "grants", ByAccount: []string{"user_id"},
		// Kept for the books; only the owner's words about the person go.
		Erase: EraseColumns,
		Columns: []PersonalColumn{
			shown("id", AsText), technical("user_id", AsText),
			shown("scope", AsText), shown("target_id", AsText),
			personal("from_at", AsInstant), personal("until_at", AsInstant),
			shown("origin", AsText), personal("note", AsText).blank(`''`),
			personal("created_at", AsInstant), personal("revoked_at", AsInstant), technical("ends_at", AsInstant),
		},
	},
	{
		Name: "voucher_redemptions", Topic: "vouchers", ByAccount: []string{"user_id"},
		// Kept for the books, like the grant; without the account it names nobody.
		Erase: EraseColumns,
		Columns: []PersonalColumn{
			shown("id", AsText), technical("voucher_id", AsText), technical("batch_id", AsText),
			technical("user_id", AsText), shown("grant_id", AsText), technical("again", AsBool),
			personal("redeemed_at", AsInstant),
		},
	},
	{
		Name: "voucher_mails", Topic: "voucher_mails", ByAccount: []string{"user_id"}, ByEmail: []string{"recipient"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("voucher_id", AsText), technical("batch_id", AsText), technical("user_id", AsText),
			personal("recipient", AsText), personal("created_at", AsInstant),
		},
	},
	{
		Name: "sessions", Topic: "sessions", ByAccount: []string{"user_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("id", AsText), secret("secret_hash", AsBytes), technical("user_id", AsText),
			personal("device", AsText), technical("flash", AsText),
			personal("created_at", AsInstant), personal("seen_at", AsInstant), personal("expires_at", AsInstant),
			personal("network", AsText), personal("method", AsText), personal("strong", AsBool),
			personal("proved_at", AsInstant),
		},
	},
	{
		Name: "devices", Topic: "devices", ByAccount: []string{"user_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("id", AsText), technical("user_id", AsText), secret("secret_hash", AsBytes),
			personal("created_at", AsInstant), personal("seen_at", AsInstant),
		},
	},
	{
		Name: "passkeys", Topic: "passkeys", ByAccount: []string{"user_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("id", AsText), technical("user_id", AsText),
			personal("name", AsText), secret("credential", AsBytes),
			personal("created_at", AsInstant), personal("used_at", AsInstant),
		},
	},
	{
		Name: "second_factors", Topic: "second_factor", ByAccount: []string{"user_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("user_id", AsText), secret("secret", AsBytes),
			personal("created_at", AsInstant), personal("confirmed_at", AsInstant), technical("last_step", AsNumber),
		},
	},
	{
		Name: "recovery_codes", Topic: "recovery_codes", ByAccount: []string{"user_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("user_id", AsText), secret("mark", AsBytes), personal("used_at", AsInstant),
		},
	},
	{
		Name: "identities", Topic: "identities", ByAccount: []string{"user_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			personal("issuer", AsText), personal("subject", AsText), technical("user_id", AsText),
			personal("provider", AsText), personal("email", AsText),
			personal("created_at", AsInstant), personal("used_at", AsInstant),
		},
	},
	{
		Name: "proofs", Topic: "proofs", ByAccount: []string{"user_id"}, ByEmail: []string{"email"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("id", AsText), shown("kind", AsText), technical("user_id", AsText),
			personal("email", AsText), secret("window_hash", AsBytes), secret("code_mark", AsBytes),
			secret("link_hash", AsBytes), technical("next", AsText), secret("payload", AsBytes),
			technical("tries", AsNumber), personal("created_at", AsInstant), technical("code_until_at", AsInstant),
			personal("expires_at", AsInstant), personal("spent_at", AsInstant),
		},
	},
	{
		Name: "challenges", Topic: "challenges", ByAccount: []string{"user_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("id", AsText), shown("kind", AsText), secret("window_hash", AsBytes),
			technical("user_id", AsText), secret("data", AsBytes), personal("expires_at", AsInstant),
		},
	},
	{
		Name: "mails", Topic: "mail", ByAccount: []string{"user_id"}, ByEmail: []string{"recipient"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("id", AsText), shown("kind", AsText), technical("user_id", AsText),
			personal("recipient", AsText), personal("language", AsText), secret("sealed", AsBytes),
			personal("created_at", AsInstant), technical("not_after_at", AsInstant), shown("state", AsText),
			shown("attempts", AsNumber), technical("next_at", AsInstant), technical("claimed_until_at", AsInstant),
			personal("answer", AsText), personal("sent_at", AsInstant),
		},
	},
	{
		// Who started an import; what it did stands in the audit.
		Name: "import_runs", Topic: "imports", ByAccount: []string{"actor_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("id", AsText), shown("kind", AsText), shown("state", AsText), technical("actor_id", AsText),
			technical("work", AsBytes), technical("report", AsBytes), technical("done", AsNumber), technical("total", AsNumber),
			personal("created_at", AsInstant), personal("ended_at", AsInstant),
			technical("claimed_by", AsText), technical("claimed_until_at", AsInstant),
		},
	},
	{
		Name: "plays", Topic: "plays", ByAccount: []string{"user_id"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("id", AsText), technical("slot", AsText), shown("item_id", AsText), shown("source_kind", AsText),
			technical("user_id", AsText), technical("staff", AsBool), technical("window_seconds", AsNumber),
			personal("started_at", AsInstant), personal("seen_at", AsInstant), personal("stopped", AsBool),
			technical("until_at", AsInstant),
		},
	},
	{
		Name: "audit_entries", Topic: "audit", ByAccount: []string{"actor_id", "subject"}, Erase: EraseMentions,
		Columns: []PersonalColumn{
			technical("id", AsText), personal("entered_at", AsInstant),
			// In a line about the person, these may be an owner's.
			technical("actor_id", AsText), personal("actor_name", AsText).only("actor_id"),
			shown("action", AsText), shown("subject", AsText), personal("detail", AsText),
			personal("network", AsText).only("actor_id"),
		},
	},
}

// siteTables hold what belongs to the site.
var siteTables = []PersonalTable{
	impersonal("collections", "names of collections", "id", "slug", "title", "description", "poster_id", "position", "version",
		"created_at", "updated_at"),
	impersonal("items", "what the site plays", "id", "slug", "kind", "title", "summary", "collection_id",
		"access", "published", "opens_at", "closes_at", "position", "version", "created_at", "updated_at", "poster_id",
		"description", "duration_seconds"),
	impersonal("supplies", "what items were made of at Infomaniak", "key", "target_id", "title", "poster", "poster_id",
		"duration_seconds", "taken_at"),
	impersonal("holdings", "the site's account at Infomaniak", "id", "body", "read_at"),
	impersonal("item_slugs", "addresses that items had", "slug", "item_id", "created_at"),
	impersonal("pictures", "pictures that the owner uploaded", "id", "type", "width", "height", "bytes", "small", "created_at"),
	impersonal("sources", "where items are played from", "id", "item_id", "kind", "label", "url", "ref",
		"channel", "window_seconds", "position", "trouble_at", "trouble"),
	impersonal("probes", "how sources answer", "source_id", "target", "state", "cause", "since_at", "checked_at",
		"green_at", "detail", "bare", "token", "token_at", "trouble", "told", "told_since_at", "folder", "switched_at",
		"ambers", "alarm", "mailed", "asked_at", "due_at", "claimed_until_at"),
	impersonal("probe_changes", "how sources answered", "id", "source_id", "changed_at", "old_state", "new_state",
		"cause", "detail"),
	impersonal("mint_gate", "a lock", "id", "turn"),
	impersonal("mint_leases", "counts calls to Infomaniak", "id", "amount", "expires_at"),
	impersonal("mail_gate", "a lock", "id", "turn"),
	impersonal("limits", "the ids are keyed hashes, and gone within hours", "id", "free_at"),
	impersonal("day_counts", "sums of plays and refusals", "kind", "day", "item_id", "reason", "amount"),
	impersonal("settings", "what the owner set for the site", "name", "value", "changed_at"),
	impersonal("setup", "the one-time way to make the first owner", "id", "secret_hash", "expires_at", "closed_at", "guided"),
	impersonal("setup_skips", "steps of the set-up that were skipped", "step", "skipped_at"),
	impersonal("connection", "the site's login at Infomaniak", "id", "sealed", "account", "vod_style", "changed_at", "report"),
	impersonal("voucher_batches", "what vouchers open", "id", "name", "prefix", "codes", "uses", "again", "scope",
		"target_id", "days", "until_at", "valid_from_at", "valid_until_at", "note", "created_at"),
	impersonal("vouchers", "codes, and not who has them", "id", "batch_id", "number", "mark", "sealed", "uses",
		"used", "void_at", "assigned_at"),
	impersonal("terms", "the site's terms", "version", "created_at"),
	impersonal("terms_bodies", "the site's terms", "version", "language", "body"),
	impersonal("site_texts", "the site's own words", "place", "language", "body", "version", "changed_at"),
}
