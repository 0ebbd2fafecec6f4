package paywall

// memberTables hold work on many people at once.
var memberTables = []PersonalTable{
	{
		Name: "jobs", Topic: "jobs", ByAccount: []string{"actor_id"},
		// Somebody else may go on with it; only who asked for it is forgotten.
		Erase: EraseColumns,
		Columns: []PersonalColumn{
			shown("id", AsText), shown("kind", AsText), shown("state", AsText), technical("actor_id", AsText),
			personal("actor_name", AsText).blank(`''`), technical("detail", AsText), technical("counts", AsText),
			technical("problem", AsText), technical("total", AsNumber), technical("done", AsNumber), technical("reached", AsText),
			personal("created_at", AsInstant), technical("started_at", AsInstant), technical("ended_at", AsInstant),
			technical("claim", AsText), technical("claimed_until_at", AsInstant),
		},
	},
	{
		Name: "import_rows", Topic: "lists", ByAccount: []string{"user_id"}, ByEmail: []string{"email"}, Erase: EraseRows,
		Columns: []PersonalColumn{
			technical("job_id", AsText), technical("number", AsNumber), personal("email", AsText), personal("cells", AsText),
			shown("verdict", AsText), technical("problem", AsText), technical("user_id", AsText), technical("grant_id", AsText),
		},
	},
}
