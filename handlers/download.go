package handlers

import (
	"encoding/csv"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// attach makes the answer a file to save.
func attach(c echo.Context, name, contentType string) {
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	c.Response().Header().Set(echo.HeaderContentType, contentType)
	c.Response().WriteHeader(http.StatusOK)
}

// csvFile answers with lines for a spreadsheet (RFC 4180), as they come. Nothing
// is sent before the first line, so that what fails before is an error page. No
// cell reads as a formula.
type csvFile struct {
	c    echo.Context
	log  *slog.Logger
	name string
	head []string
	mark bool        // tells some spreadsheets that the text is UTF-8
	out  *csv.Writer // nil before the first line
}

func (h *Handlers) csvFile(c echo.Context, name string, head ...string) *csvFile {
	return &csvFile{c: c, log: h.Log, name: name, head: head}
}

// line adds one line.
func (f *csvFile) line(cells ...string) error {
	if err := f.begin(); err != nil {
		return err
	}
	return f.write(cells)
}

func (f *csvFile) write(cells []string) error {
	guarded := make([]string, len(cells))
	for i, cell := range cells {
		guarded[i] = paywall.Guard(cell)
	}
	return f.out.Write(guarded)
}

// begin sends what stands before the lines, once.
func (f *csvFile) begin() error {
	if f.out != nil {
		return nil
	}
	attach(f.c, f.name, "text/csv; charset=utf-8; header=present")
	f.out = csv.NewWriter(f.c.Response())
	f.out.UseCRLF = true
	if f.mark {
		if _, err := f.c.Response().Write([]byte("\xef\xbb\xbf")); err != nil {
			return err
		}
	}
	return f.write(f.head)
}

// flush sends the lines that wait.
func (f *csvFile) flush() error {
	if f.out == nil {
		return nil
	}
	f.out.Flush()
	return f.out.Error()
}

// end sends the rest; err is what went wrong with the lines. A file that is
// broken off ends the connection, or it would look whole.
func (f *csvFile) end(err error) error {
	if err == nil {
		err = f.begin()
	}
	if failed := f.flush(); err == nil {
		err = failed
	}
	if err != nil && f.out != nil {
		f.log.Error("file broken off", "file", f.name, "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}
