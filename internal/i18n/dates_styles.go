package i18n

var english = dateStyle{
	weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	months: [12]string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
	short: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	date:          "{weekday} {day} {month} {year}",
	dateTime:      "{weekday} {day} {month} {year}, {time} {zone}",
	shortDateTime: "{day} {short} {year}, {time}",
	shortDate:     "{day} {short}",
	shortDay:      "{day} {short} {year}",
	through:       "and including {day}",
}

var french = dateStyle{
	weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	short: [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin",
		"juil.", "août", "sept.", "oct.", "nov.", "déc."},
	first:         "1er",
	date:          "{weekday} {day} {month} {year}",
	dateTime:      "{weekday} {day} {month} {year} à {time} {zone}",
	shortDateTime: "{day} {short} {year}, {time}",
	shortDate:     "{day} {short}",
	shortDay:      "{day} {short} {year}",
	through:       "{day} inclus",
}

var german = dateStyle{
	weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni",
		"Juli", "August", "September", "Oktober", "November", "Dezember"},
	date:          "{weekday}, {day}. {month} {year}",
	dateTime:      "{weekday}, {day}. {month} {year}, {time} Uhr {zone}",
	shortDateTime: "{dd}.{mm}.{year}, {time}",
	shortDate:     "{dd}.{mm}.",
	shortDay:      "{dd}.{mm}.{year}",
	through:       "und mit {day}",
	zones:         map[string]string{"CET": "MEZ", "CEST": "MESZ", "WET": "WEZ", "WEST": "WESZ", "EET": "OEZ", "EEST": "OESZ"},
}

var italian = dateStyle{
	weekdays: [7]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"},
	months: [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
		"luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
	short: [12]string{"gen", "feb", "mar", "apr", "mag", "giu",
		"lug", "ago", "set", "ott", "nov", "dic"},
	first:         "1º",
	date:          "{weekday} {day} {month} {year}",
	dateTime:      "{weekday} {day} {month} {year}, ore {time} {zone}",
	shortDateTime: "{day} {short} {year}, {time}",
	shortDate:     "{day} {short}",
	shortDay:      "{day} {short} {year}",
	through:       "{day} incluso",
}

var spanish = dateStyle{
	weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	short: [12]string{"ene", "feb", "mar", "abr", "may", "jun",
		"jul", "ago", "sept", "oct", "nov", "dic"},
	date:          "{weekday} {day} de {month} de {year}",
	dateTime:      "{weekday} {day} de {month} de {year}, {time} {zone}",
	shortDateTime: "{day} {short} {year}, {time}",
	shortDate:     "{day} {short}",
	shortDay:      "{day} {short} {year}",
	through:       "{day} inclusive",
}
