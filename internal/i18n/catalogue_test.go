package i18n

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// forms are the plural forms that a language needs (CLDR).
var forms = map[string][]string{
	"en": {"one", "other"}, "de": {"one", "other"},
	"fr": {"many", "one", "other"}, "it": {"many", "one", "other"}, "es": {"many", "one", "other"},
}

var (
	placeholder = regexp.MustCompile(`\{\{[^}]*\}\}|\{n\}`)
	keyForm     = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)+$`)
)

// texts are a message's texts by plural form; a plain one has the form "".
func texts(t *testing.T, raw json.RawMessage) map[string]string {
	t.Helper()
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return map[string]string{"": text}
	}
	var plural map[string]string
	if err := json.Unmarshal(raw, &plural); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return plural
}

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestCatalogues_AgreeWithEnglish(t *testing.T) {
	english := mustRead("en")
	for _, lang := range languages {
		other := mustRead(lang.tag)
		for key := range other {
			if _, ok := english[key]; !ok {
				t.Errorf("%s: %q is not in English", lang.tag, key)
			}
		}
		for key, raw := range english {
			if _, ok := other[key]; !ok {
				t.Errorf("%s: %q is missing", lang.tag, key)
				continue
			}
			compare(t, lang.tag, key, texts(t, raw), texts(t, other[key]))
		}
	}
}

func compare(t *testing.T, tag, key string, english, other map[string]string) {
	t.Helper()
	want := []string{""}
	if _, plain := english[""]; !plain {
		want = forms[tag]
	}
	if got := slices.Sorted(maps.Keys(other)); !slices.Equal(got, want) {
		t.Errorf("%s: %q has the forms %q, want %q", tag, key, got, want)
	}
	reference := english[""] + english["other"]
	for form, text := range other {
		if !slices.Equal(placeholders(text), placeholders(reference)) {
			t.Errorf("%s: %q %s has the placeholders %q, English %q", tag, key, form, placeholders(text), placeholders(reference))
		}
	}
}

// What the house style forbids in any language.
func TestCatalogues_Style(t *testing.T) {
	for _, lang := range languages {
		for key, raw := range mustRead(lang.tag) {
			if !keyForm.MatchString(key) {
				t.Errorf("%q is no key", key)
			}
			for _, text := range texts(t, raw) {
				switch {
				case strings.TrimSpace(text) == "" || strings.TrimSpace(text) != text:
					t.Errorf("%s: %q is empty or has space around it", lang.tag, key)
				case strings.ContainsAny(text, "!¡<>&\"'"):
					t.Errorf("%s: %q has a mark that we do not use: %s", lang.tag, key, text)
				case strings.Contains(text, "  "):
					t.Errorf("%s: %q has two spaces", lang.tag, key)
				case lang.tag == "fr" && (strings.Contains(text, " ?") || strings.Contains(text, " :") || strings.Contains(text, " ;")):
					t.Errorf("fr: %q lets a line break before its punctuation", key)
				}
			}
		}
	}
}

func TestCatalogues_NoKeyTwice(t *testing.T) {
	for _, lang := range languages {
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^  "([^"]+)":`).FindAllStringSubmatch(string(bytes.Join(mustFiles(lang.tag), nil)), -1) {
			if seen[m[1]] {
				t.Errorf("%s: %q stands twice", lang.tag, m[1])
			}
			seen[m[1]] = true
		}
		if len(seen) != len(Keys()) {
			t.Errorf("%s: %d keys read, %d found", lang.tag, len(Keys()), len(seen))
		}
	}
}
