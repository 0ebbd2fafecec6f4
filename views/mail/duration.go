package mail

import (
	"time"

	"usher/internal/i18n"
)

const day = 24 * time.Hour

// Duration writes how long something is valid: "10 minutes", "24 hours", "7
// days". What does not come out even is cut, so that nobody is promised more.
func Duration(l *i18n.Locale, d time.Duration) string {
	switch {
	case d >= 2*day:
		return l.N("mail.valid.days", int(d/day))
	case d >= time.Hour && (d%time.Hour == 0 || d >= day):
		return l.N("mail.valid.hours", int(d/time.Hour))
	}
	return l.N("mail.valid.minutes", int(d/time.Minute))
}
