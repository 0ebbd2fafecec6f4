package handlers

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// localTime is how a datetime-local field writes an instant.
const localTime = "2006-01-02T15:04"

// itemForm is the item form as typed.
type itemForm struct {
	fields  views.ItemFields
	sources []views.SourceFields
}

func readItemForm(c echo.Context) (itemForm, error) {
	v, err := postedForm(c, itemFormSize)
	if err != nil {
		return itemForm{}, err
	}
	return itemForm{
		fields: views.ItemFields{
			Title: v.Get("title"), Slug: v.Get("slug"), Kind: v.Get("kind"), Summary: normalLines(v.Get("summary")),
			Description: normalLines(v.Get("description")), Duration: strings.TrimSpace(v.Get("duration")),
			PositionWas: v.Get("position_was"),
			Access:      v.Get("access"), Collection: v.Get("collection"), OpensAt: v.Get("opens_at"),
			ClosesAt: v.Get("closes_at"), Position: v.Get("position"), Version: v.Get("version"),
		},
		sources: readSources(v),
	}, nil
}

// itemFormSize bounds the form of an item in bytes: a long description takes six
// for each character of some languages.
const itemFormSize = 256 << 10

// readSources takes the rows of the source fields, which stand in parallel.
func readSources(v url.Values) []views.SourceFields {
	at := func(name string, n int) string {
		if list := v[name]; n < len(list) {
			return strings.TrimSpace(list[n])
		}
		return ""
	}
	var rows []views.SourceFields
	for n := range min(len(v["source_address"]), paywall.MaxSources+1) {
		row := views.SourceFields{
			ID: at("source_id", n), Kind: at("source_kind", n), Address: at("source_address", n),
			Channel: at("source_channel", n), Label: at("source_label", n), Window: at("source_window", n),
		}
		if row.ID != "" || row.Address+row.Channel+row.Label+row.Window != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// rows are the source rows of the form: what was typed, then an empty one.
func (f itemForm) rows() []views.SourceFields {
	rows := append([]views.SourceFields{}, f.sources...)
	if len(rows) < paywall.MaxSources {
		rows = append(rows, views.SourceFields{})
	}
	return rows
}

// input turns what was typed into what the service takes; the errors name every
// field that does not read.
func (f itemForm) input(zone *time.Location) (paywall.ItemInput, error) {
	fields := map[string]string{}
	in := paywall.ItemInput{
		Title: f.fields.Title, Slug: f.fields.Slug, Summary: f.fields.Summary, CollectionID: f.fields.Collection,
		Kind: paywall.ItemKind(f.fields.Kind), Access: paywall.Access(f.fields.Access),
		OpensAt:     parseLocal(f.fields.OpensAt, zone, fields, "opens_at"),
		ClosesAt:    parseLocal(f.fields.ClosesAt, zone, fields, "closes_at"),
		Description: f.fields.Description, Duration: parseLength(f.fields.Duration, fields),
		Position:    parseNumber(f.fields.Position, fields, "position"),
		PositionWas: parseNumber(f.fields.PositionWas, fields, "position"),
		Version:     int64(parseNumber(f.fields.Version, fields, "version")),
	}
	for n, s := range f.sources {
		minutes := parseNumber(s.Window, fields, "source_"+strconv.Itoa(n)+"_window")
		in.Sources = append(in.Sources, paywall.SourceInput{
			ID: s.ID, Kind: paywall.SourceKind(s.Kind), Address: s.Address, Channel: s.Channel,
			Label: s.Label, Window: time.Duration(minutes) * time.Minute,
		})
	}
	if len(fields) > 0 {
		return in, &paywall.Error{Kind: paywall.KindInvalid, Key: "error.invalid", Fields: fields}
	}
	return in, nil
}

// formOf is the form of a stored item.
func formOf(item paywall.Item, zone *time.Location) itemForm {
	form := itemForm{fields: views.ItemFields{
		Title: item.Title, Slug: item.Slug, Kind: string(item.Kind), Summary: item.Summary,
		Access: string(item.Access), Collection: item.CollectionID,
		OpensAt: writeLocal(item.OpensAt, zone), ClosesAt: writeLocal(item.ClosesAt, zone),
		Description: item.Description, Duration: writeLength(item.Duration), PositionWas: strconv.Itoa(item.Position),
		Position: strconv.Itoa(item.Position), Version: strconv.FormatInt(item.Version, 10),
	}}
	for _, s := range item.Sources {
		row := views.SourceFields{ID: s.ID, Kind: string(s.Kind), Address: s.URL, Channel: s.Channel, Label: s.Label}
		if s.Kind == paywall.SourceVOD {
			row.Address = s.Ref
		}
		if s.Window > 0 {
			row.Window = strconv.Itoa(int(s.Window / time.Minute))
		}
		form.sources = append(form.sources, row)
	}
	return form
}

func parseLocal(text string, zone *time.Location, fields map[string]string, name string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(localTime, text, zone)
	if err != nil {
		fields[name] = "item.error." + name
		return time.Time{}
	}
	return t.UTC()
}

func writeLocal(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(localTime)
}

// parseLength reads a length such as "1:23:45", "42:10" or "7": of one number
// only, minutes. An empty field is none.
func parseLength(text string, fields map[string]string) time.Duration {
	if text == "" {
		return 0
	}
	parts := strings.Split(text, ":")
	units := []time.Duration{time.Minute}
	switch len(parts) {
	case 2:
		units = []time.Duration{time.Minute, time.Second}
	case 3:
		units = []time.Duration{time.Hour, time.Minute, time.Second}
	}
	var total time.Duration
	for n, part := range parts {
		value, err := strconv.Atoi(part)
		if err != nil || value < 0 || value > mostNumber || len(parts) > 3 || n > 0 && value > 59 {
			fields["duration"] = "item.error.duration"
			return 0
		}
		total += time.Duration(value) * units[n]
	}
	return total
}

// writeLength is what parseLength reads.
func writeLength(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Hour:
		return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}

// mostNumber bounds typed numbers, so that no unit they are turned into
// overflows.
const mostNumber = 1_000_000

// parseNumber reads a whole number; an empty field is zero.
func parseNumber(text string, fields map[string]string, name string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > mostNumber {
		key := "item.error.position"
		if strings.HasSuffix(name, "window") {
			key = "source.error.window"
		}
		fields[name] = key
		return 0
	}
	return n
}

// sourceField splits the name of a source's field: "source_2_address".
func sourceField(field string) (n int, name string, ok bool) {
	rest, ok := strings.CutPrefix(field, "source_")
	if !ok {
		return 0, "", false
	}
	number, name, ok := strings.Cut(rest, "_")
	n, err := strconv.Atoi(number)
	return n, name, ok && err == nil && n >= 0
}

// normalLines undoes the line ends that forms send.
func normalLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
