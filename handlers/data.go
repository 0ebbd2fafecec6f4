package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showData shows what the site holds about the member, and why:
// GET /account/data.
func (h *Handlers) showData(c echo.Context) error {
	return h.showDataPage(c, http.StatusOK, nil)
}

func (h *Handlers) showDataPage(c echo.Context, status int, problem error) error {
	ctx, l, viewer := c.Request().Context(), localeOf(c), viewerOf(c)
	settings, err := h.Settings.Get(ctx)
	if err != nil {
		return err
	}
	consents, err := h.Auth.Consents(ctx, viewer.User.ID)
	if err != nil {
		return err
	}
	page := views.DataPage{
		Page: h.page(c, l.T("account.data.title")), Fresh: viewer.Fresh(h.Clock()),
		ProveURL: proveURL("/account/data"), Error: formError(l, problem), Email: viewer.User.Email,
	}
	for _, table := range paywall.PersonalTables {
		if table.None == "" {
			page.Topics = append(page.Topics, dataTopic(l, table, settings))
		}
	}
	for _, consent := range consents {
		page.Consents = append(page.Consents, l.T("data.consent",
			"Version", consent.Version, "Date", l.DateTime(h.zoned(c, consent.GivenAt))))
	}
	return h.render(c, status, views.Data(page))
}

// dataTopic describes a table. It is read off the same registry that exports and
// erases, so it cannot say less than what is kept.
func dataTopic(l *i18n.Locale, table paywall.PersonalTable, s paywall.Settings) views.DataTopic {
	topic := views.DataTopic{
		Title: l.T("data.topic." + table.Topic + ".title"),
		Why:   l.T("data.topic."+table.Topic+".why", "Mails", s.KeepMails, "Networks", s.KeepNetworks, "Plays", s.KeepPlays),
		After: l.T("data.erase." + string(table.Erase)),
	}
	var columns, secrets []string
	for _, column := range table.Columns {
		if column.Class == paywall.ClassSecret {
			secrets = append(secrets, column.Name)
		} else {
			columns = append(columns, column.Name)
		}
	}
	topic.Columns = strings.Join(columns, ", ")
	topic.Secrets = strings.Join(secrets, ", ")
	return topic
}

// submitExport hands everything out as a file: POST /account/data/export.
func (h *Handlers) submitExport(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	rows, err := h.Auth.ExportData(c.Request().Context(), h.caller(c), viewerOf(c))
	if err != nil {
		return err
	}
	name := "usher-" + h.Clock().Format(time.DateOnly)
	if values.Get("format") == "csv" {
		return writeValues(h.csvFile(c, name+".csv", "table", "row", "column", "value"), rows)
	}
	attach(c, name+".json", "application/json; charset=utf-8")
	encoder := json.NewEncoder(c.Response())
	encoder.SetIndent("", "  ")
	return encoder.Encode(exportedData{MadeAt: h.Clock(), Site: h.BaseURL.String(), Data: readable(rows)})
}

// exportedData is the file of everything about a person.
type exportedData struct {
	MadeAt time.Time                   `json:"made_at"`
	Site   string                      `json:"site"`
	Data   map[string][]map[string]any `json:"data"`
}

func readable(all []paywall.PersonalRows) map[string][]map[string]any {
	data := map[string][]map[string]any{}
	for _, table := range all {
		data[table.Table] = []map[string]any{}
		for _, row := range table.Rows {
			values := map[string]any{}
			for _, v := range row {
				if at, ok := v.Value.(time.Time); ok && at.IsZero() {
					v.Value = nil
				}
				values[v.Column] = v.Value
			}
			data[table.Table] = append(data[table.Table], values)
		}
	}
	return data
}

// writeValues writes one line for each value, so that one file holds all tables.
func writeValues(file *csvFile, all []paywall.PersonalRows) error {
	for _, table := range all {
		for n, row := range table.Rows {
			for _, v := range row {
				if err := file.line(table.Table, strconv.Itoa(n+1), v.Column, csvValue(v.Value)); err != nil {
					return file.end(err)
				}
			}
		}
	}
	return file.end(nil)
}

func csvValue(value any) string {
	at, ok := value.(time.Time)
	switch {
	case ok && at.IsZero():
		return ""
	case ok:
		return at.Format(time.RFC3339)
	}
	return fmt.Sprint(value)
}

// submitDelete deletes the member's account: POST /account/delete.
func (h *Handlers) submitDelete(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	viewer := viewerOf(c)
	if values.Get("sure") != "1" {
		err = paywall.E(paywall.KindInvalid, "data.error.sure")
	} else {
		err = h.Auth.DeleteAccount(c.Request().Context(), h.caller(c), viewer)
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showDataPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if err := h.signOut(c); err != nil {
		return err
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	return seeOther(c, "/?done=account_deleted")
}
