package infomaniak

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// odds are one media in the ways in which it might be written.
func TestMediaRow_Writings(t *testing.T) {
	at := time.Date(2021, 9, 15, 14, 23, 41, 0, time.UTC)
	for name, tc := range map[string]struct {
		json string
		want func(t *testing.T, r mediaRow)
	}{
		"first version": {`{"id":"1jhvl2uqa5v8a","duration":276.62,"state":192,"key_restricted":true,"folder":{"id":"f","path":"/A/B"},
			"shares":[{"id":"s1"},{"id":"s2","deleted_at":"2026-01-01T00:00:00Z"}],"poster":{"url":"https://p"},"created_at":"2021-09-15T14:23:41+00:00","discarded_at":null}`,
			func(t *testing.T, r mediaRow) {
				m := r.media()
				if m.Duration != 276620*time.Millisecond || m.State != "ready" || !m.Protection.On || m.Folder != "A/B" || len(m.Shares) != 1 || m.Poster != "https://p" || !m.CreatedAt.Equal(at) {
					t.Errorf("%+v", m)
				}
			}},
		"second version": {`{"id":17,"parent":{"id":"f","name":"B"},"duration":"00:04:52.62","state":["available","encoding"],
			"thumbnails":{"poster":"https://p","image":"https://i"},"created_at":1631715821,"description":null}`,
			func(t *testing.T, r mediaRow) {
				m := r.media()
				if m.ID != "17" || m.Duration != 292620*time.Millisecond || m.State != "encoding" || m.Protection.Known || m.FolderID != "f" || m.Folder != "B" || m.Poster != "https://p" || !m.CreatedAt.Equal(at) {
					t.Errorf("%+v", m)
				}
			}},
		"texts": {`{"id":"a","duration":"276.62","state":"512","key_restricted":"0","folder":"f","shares":["s1"],"poster":"https://p","created_at":"1631715821"}`,
			func(t *testing.T, r mediaRow) {
				m := r.media()
				if m.Duration != 276620*time.Millisecond || m.State != "failed" || !m.Protection.Known || m.Protection.On || m.FolderID != "f" || len(m.Shares) != 1 || m.Poster != "https://p" || !m.CreatedAt.Equal(at) {
					t.Errorf("%+v", m)
				}
			}},
		"nonsense": {`{"id":"a","name":["x"],"duration":{"h":1},"state":{},"key_restricted":"maybe","folder":[],"shares":{},"poster":7,"thumbnails":[],"created_at":"yesterday","discarded_at":0}`,
			func(t *testing.T, r mediaRow) {
				m := r.media()
				if m.ID != "a" || m.Name != "" || m.Duration != 0 || m.State != "unknown" || m.Protection.Known || !m.CreatedAt.IsZero() || r.gone() {
					t.Errorf("%+v", m)
				}
			}},
		"shares by number": {`{"id":"a","shares":{"0":{"id":"s1"},"2":{"id":"s2"}}}`, func(t *testing.T, r mediaRow) {
			if m := r.media(); len(m.Shares) != 2 || m.Shares[1] != "s2" {
				t.Errorf("%+v", m)
			}
		}},
		"trash":   {`{"id":"a","discarded_at":"2021-09-15T14:23:41+00:00"}`, wantGone(true)},
		"deleted": {`{"id":"a","state":["deleted"]}`, wantGone(true)},
		"bits":    {`{"id":"a","state":2}`, wantGone(true)},
		"there":   {`{"id":"a","state":16,"deleted_at":null}`, wantGone(false)},
	} {
		t.Run(name, func(t *testing.T) {
			var r mediaRow
			if err := json.Unmarshal([]byte(tc.json), &r); err != nil {
				t.Fatal(err)
			}
			tc.want(t, r)
		})
	}
}

func wantGone(want bool) func(t *testing.T, r mediaRow) {
	return func(t *testing.T, r mediaRow) {
		if r.gone() != want {
			t.Errorf("gone = %v", r.gone())
		}
	}
}

func TestSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`292.62`: 292620 * time.Millisecond, `"00:04:52.62"`: 292620 * time.Millisecond, `"04:52"`: 292 * time.Second,
		`"100:00:00"`: 100 * time.Hour, `0`: 0, `-5`: 0, `1e300`: 0, `"NaN"`: 0, `"x"`: 0, `null`: 0, `"1:2:3:4"`: 0,
	} {
		var s span
		if err := json.Unmarshal([]byte(text), &s); err != nil || time.Duration(s) != want {
			t.Errorf("%s = %s, %v; want %s", text, time.Duration(s), err, want)
		}
	}
}

func TestMoment(t *testing.T) {
	at := time.Date(2022, 12, 6, 8, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`"2022-12-06T10:00:00+02:00"`: at, `"2022-12-06T10:00:00+0200"`: at, `"2022-12-06 08:00:00"`: at, `1670313600`: at, `"1670313600"`: at,
		`"2022-12-06T010:00:00+0200"`: {}, `0`: {}, `""`: {}, `null`: {}, `true`: {}, `-1`: {}, `1e30`: {},
	} {
		var m moment
		if err := json.Unmarshal([]byte(text), &m); err != nil || !m.at().Equal(want) {
			t.Errorf("%s = %s, %v", text, m.at(), err)
		}
	}
}

func TestLabel_Cleaned(t *testing.T) {
	for text, want := range map[string]string{
		`"  a\u0000b\r\nc\u001b[31m  "`: "a b\nc [31m", `12`: "12", `1.5`: "1.5", `null`: "", `["a"]`: "", `{"a":1}`: "", `true`: "",
	} {
		var l label
		if err := json.Unmarshal([]byte(text), &l); err != nil || string(l) != want {
			t.Errorf("%s = %q, %v; want %q", text, l, err, want)
		}
	}
	var long label
	_ = json.Unmarshal([]byte(`"`+strings.Repeat("é", maxLabel)+`"`), &long)
	if len(long) > maxLabel || !strings.HasSuffix(string(long), "é") {
		t.Errorf("%d bytes", len(long))
	}
}

func TestBitrates(t *testing.T) {
	for text, want := range map[string]int{`[64,128,96]`: 128, `"64,96"`: 96, `["64","96"]`: 96, `48`: 48, `null`: 0, `"x"`: 0} {
		var b bitrates
		if err := json.Unmarshal([]byte(text), &b); err != nil || b.highest() != want {
			t.Errorf("%s = %d, %v", text, b.highest(), err)
		}
	}
}

func TestShareRow_Ends(t *testing.T) {
	for text, want := range map[string]string{
		`{"id":"a","validity":0,"valid_until":null}`:                                  "0001-01-01T00:00:00Z",
		`{"id":"a","valid_until":"2026-01-01T00:00:00+00:00"}`:                        "2026-01-01T00:00:00Z",
		`{"id":"a","validity":"3600","created_at":"2026-01-01T00:00:00+00:00"}`:       "2026-01-01T01:00:00Z",
		`{"id":"a","validity":3600}`:                                                  "0001-01-01T00:00:00Z",
		`{"id":"a","valid_until":1767225600,"target":"m","target_type":"App\\Media"}`: "2026-01-01T00:00:00Z",
	} {
		var r shareRow
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		if got := r.share().EndsAt.Format(time.RFC3339); got != want {
			t.Errorf("%s ends at %s, want %s", text, got, want)
		}
	}
}

// No value makes reading a row fail or panic.
func FuzzMediaRow(f *testing.F) {
	for _, seed := range []string{`{"id":1}`, `{"duration":"00:00:01"}`, `{"shares":{"a":[]}}`, `[]`, `null`, `"x"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, raw []byte) {
		var r mediaRow
		_ = json.Unmarshal(raw, &r)
		r.media()
		var s stationRow
		_ = json.Unmarshal(raw, &s)
		var list rows[shareRow]
		_ = json.Unmarshal(raw, &list)
	})
}
