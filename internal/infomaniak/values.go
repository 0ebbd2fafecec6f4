package infomaniak

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The types below read what two versions of the API, and the programs in front of
// them, write in different ways: numbers as texts, lengths as seconds or as a
// clock, flags as 0 and 1, lists as objects. What cannot be read counts as not
// told: one odd field must not make a whole catalogue unreadable.

// label is a text for people, or an id that some answers write as a number.
type label string

// maxLabel bounds a text in bytes. The longest are descriptions.
const maxLabel = 20 << 10

// UnmarshalJSON reads a text or a number.
func (l *label) UnmarshalJSON(raw []byte) error {
	*l = ""
	var text string
	switch {
	case json.Unmarshal(raw, &text) == nil:
		*l = label(plainWords(text))
	case isNumber(raw):
		*l = label(raw)
	}
	return nil
}

// plainWords takes control characters out of a text, line breaks excepted.
func plainWords(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	if len(text) > maxLabel {
		text = text[:maxLabel]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	return strings.TrimSpace(text)
}

func isNumber(raw []byte) bool {
	return len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9')
}

// number is a number, or a text that holds one.
type number struct {
	value float64
	told  bool
}

// UnmarshalJSON reads a number.
func (n *number) UnmarshalJSON(raw []byte) error {
	var text label
	_ = text.UnmarshalJSON(raw)
	value, err := strconv.ParseFloat(string(text), 64)
	*n = number{value, err == nil && !math.IsNaN(value) && !math.IsInf(value, 0)}
	return nil
}

// whole is the number as one that counts; 0 when it is not told.
func (n number) whole() int {
	if !n.told || n.value < 0 || n.value > math.MaxInt32 {
		return 0
	}
	return int(n.value)
}

// flag is true or false, 1 or 0, or a text that means one of them.
type flag struct{ on, told bool }

// UnmarshalJSON reads a flag.
func (f *flag) UnmarshalJSON(raw []byte) error {
	switch strings.ToLower(strings.Trim(string(raw), `"`)) {
	case "true", "1", "yes", "on":
		*f = flag{true, true}
	case "false", "0", "no", "off":
		*f = flag{false, true}
	default:
		*f = flag{}
	}
	return nil
}

// span is a length: seconds, or a clock such as "00:04:52.62".
type span time.Duration

var clockForm = regexp.MustCompile(`^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$`)

// maxSpan is longer than any recording.
const maxSpan = 1000 * time.Hour

// UnmarshalJSON reads a length.
func (s *span) UnmarshalJSON(raw []byte) error {
	var text label
	_ = text.UnmarshalJSON(raw)
	seconds, err := strconv.ParseFloat(string(text), 64)
	if m := clockForm.FindStringSubmatch(string(text)); m != nil {
		hours, _ := strconv.ParseFloat(m[1], 64) // empty: none
		minutes, _ := strconv.ParseFloat(m[2], 64)
		seconds, err = strconv.ParseFloat(m[3], 64)
		seconds += 60*minutes + 3600*hours
	}
	*s = 0
	if err == nil && seconds > 0 && seconds < maxSpan.Seconds() {
		*s = span(math.Round(seconds*1000)) * span(time.Millisecond)
	}
	return nil
}

// moment is an instant: Unix seconds, or one of the usual writings.
type moment time.Time

var momentForms = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05", "2006-01-02T15:04:05", time.DateOnly}

// UnmarshalJSON reads an instant.
func (m *moment) UnmarshalJSON(raw []byte) error {
	*m = moment{}
	var text label
	_ = text.UnmarshalJSON(raw)
	if seconds, err := strconv.ParseFloat(string(text), 64); err == nil {
		if seconds > 0 && seconds < 1e11 {
			*m = moment(time.Unix(int64(seconds), 0).UTC())
		}
		return nil
	}
	for _, form := range momentForms {
		if at, err := time.Parse(form, string(text)); err == nil {
			*m = moment(at.UTC())
			return nil
		}
	}
	return nil
}

func (m moment) at() time.Time { return time.Time(m) }

func (m moment) told() bool { return !time.Time(m).IsZero() }

// link is an address: a text, or an object with a url.
type link string

// UnmarshalJSON reads an address.
func (l *link) UnmarshalJSON(raw []byte) error {
	var in struct {
		URL label `json:"url"`
	}
	var text label
	_ = text.UnmarshalJSON(raw)
	if text == "" && json.Unmarshal(raw, &in) == nil {
		text = in.URL
	}
	*l = link(text)
	return nil
}

// maybe is a relation that some answers leave out: told tells whether it was
// there, be it null.
type maybe[T any] struct {
	told  bool
	value *T
}

// UnmarshalJSON reads a relation.
func (m *maybe[T]) UnmarshalJSON(raw []byte) error {
	*m = maybe[T]{told: true}
	if string(raw) == "null" {
		return nil
	}
	var value T
	if json.Unmarshal(raw, &value) == nil {
		m.value = &value
	}
	return nil
}

// rows is a list: an array, or an object whose values are the rows, as PHP writes
// a list with gaps. A row that cannot be read is left out.
type rows[T any] []T

// UnmarshalJSON reads a list.
func (r *rows[T]) UnmarshalJSON(raw []byte) error {
	*r = nil
	decoder := json.NewDecoder(bytes.NewReader(raw))
	open, err := decoder.Token()
	if err != nil || open != json.Delim('[') && open != json.Delim('{') {
		return nil // null, or no list at all
	}
	*r = rows[T]{}
	for decoder.More() {
		if open == json.Delim('{') {
			if _, err := decoder.Token(); err != nil { // the name
				return nil
			}
		}
		var one json.RawMessage
		if decoder.Decode(&one) != nil {
			return nil
		}
		var row T
		if json.Unmarshal(one, &row) == nil {
			*r = append(*r, row)
		}
	}
	return nil
}
