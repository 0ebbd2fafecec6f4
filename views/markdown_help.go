package views

// markdownHelp is how to write Markdown, with the key of what each sign does.
var markdownHelp = [][2]string{
	{"# …", "texts.how.heading"},
	{"**…**", "texts.how.strong"},
	{"*…*", "texts.how.emphasis"},
	{"- …", "texts.how.list"},
	{"1. …", "texts.how.numbers"},
	{"[…](https://…)", "texts.how.link"},
	{"> …", "texts.how.quote"},
	{"---", "texts.how.rule"},
}
