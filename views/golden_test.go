package views

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/a-h/templ"

	"usher/internal/i18n"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t testing.TB, page templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, s := range samples(t, i18n.Default()) {
		t.Run(s.name, func(t *testing.T) {
			got := render(t, s.page)
			file := filepath.Join("testdata", s.name+".html")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from the page; look at it, then run the test with -update", file)
			}
		})
	}
}
