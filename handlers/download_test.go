package handlers

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestCSVFile(t *testing.T) {
	begin := func() (*csvFile, *httptest.ResponseRecorder) {
		answer := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), answer)
		h := &Handlers{Deps: Deps{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}}
		return h.csvFile(c, "list.csv", "who", "what"), answer
	}

	file, answer := begin()
	if err := file.end(nil); err != nil || answer.Body.String() != "who,what\r\n" {
		t.Errorf("without lines: %v, %q", err, answer.Body)
	}
	file, answer = begin()
	file.mark = true
	if err := errors.Join(file.line("Anna", "=1+1"), file.end(nil)); err != nil || answer.Body.String() != "\ufeffwho,what\r\nAnna,'=1+1\r\n" {
		t.Errorf("with a line: %v, %q", err, answer.Body)
	}

	broken := errors.New("the database is gone")
	file, answer = begin()
	if err := file.end(broken); !errors.Is(err, broken) || answer.Body.Len() > 0 || answer.Header().Get("Content-Disposition") != "" {
		t.Errorf("broken before the first line: %v, %q", err, answer.Body)
	}
	file, _ = begin()
	if err := file.line("Anna", "b"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // a panic with this value, not an error
			t.Errorf("broken after the first line: %v", got)
		}
	}()
	_ = file.end(broken)
}
