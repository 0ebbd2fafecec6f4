package infomaniak

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestMint_Refusals goes through every known shape of a failed answer.
func TestMint_Refusals(t *testing.T) {
	const nested = `{"result":"error","error":{"code":"validation_failed","description":"Validation failed","errors":[
		{"code":"validation_rule_max","description":"The window may not be greater than 3600.","context":{"attribute":"window","values":[3600]}},
		{"code":"validation_rule_in","context":{"attribute":"strategy"},"errors":[{"description":"deeper"}]}, "odd", 7]}}`
	for name, tc := range map[string]struct {
		status    int
		body      string
		code      string
		words     string
		key       string
		transient bool
	}{
		"401 vod":              {401, `{"result":"error","error":{"code":"vod_not_authorized","description":"Authorization required"}}`, "vod_not_authorized", "Authorization required", "trouble.token", false},
		"401 radio":            {401, `{"result":"error","error":{"code":"not_authorized","description":"Authorization required"}}`, "not_authorized", "Authorization required", "trouble.token", false},
		"403 account":          {403, `{"result":"error","error":{"code":"vod_access_denied"}}`, "vod_access_denied", "", "trouble.account", false},
		"403 other":            {403, `{"result":"error","error":{"code":"not_authorized"}}`, "not_authorized", "", "trouble.rights", false},
		"403 bare":             {403, ``, "", "", "trouble.rights", false},
		"404 failure, number":  {404, `{"result":"failure","error":{"code":404,"description":"No query results for model [Share] x"}}`, "404", "No query results for model [Share] x", "trouble.gone", false},
		"404 HTML":             {404, `<html><h1>Not Found</h1></html>`, "", "", "trouble.gone", false},
		"422 nested":           {422, nested, "validation_failed", "Validation failed; window: The window may not be greater than 3600.; strategy: validation_rule_in; deeper; odd", "trouble.window", false},
		"400":                  {400, `{"result":"error","error":{"code":"error","description":"Bad Request"}}`, "error", "Bad Request", "trouble.down", false},
		"error as text":        {400, `{"result":"error","error":"Bad Request"}`, "", "Bad Request", "trouble.down", false},
		"error as list":        {400, `{"result":"error","error":[1,2]}`, "", "", "trouble.down", false},
		"result as number":     {404, `{"result":7,"error":{"code":"object_not_found"}}`, "object_not_found", "", "trouble.gone", false},
		"success, but 404":     {404, `{"result":"success","data":"token=abc"}`, "", "", "trouble.gone", false},
		"500":                  {500, `{"result":"error","error":{"code":"unexpected_error","description":"Oops"}}`, "unexpected_error", "Oops", "trouble.down", true},
		"502 HTML":             {502, `<html>Bad Gateway</html>`, "", "", "trouble.down", true},
		"503 empty":            {503, ``, "", "", "trouble.down", true},
		"504 truncated":        {504, `{"result":"error","err`, "", "", "trouble.down", true},
		"503 endless":          {503, strings.Repeat("x", maxBody+10), "", "", "trouble.down", true},
		"200 error token":      {200, `{"result":"error","error":{"code":"vod_not_authorized","description":"Authorization required"}}`, "vod_not_authorized", "Authorization required", "trouble.token", false},
		"200 error account":    {200, `{"result":"error","error":{"code":"vod_access_denied"}}`, "vod_access_denied", "", "trouble.account", false},
		"200 failure 404":      {200, `{"result":"failure","error":{"code":404}}`, "404", "", "trouble.gone", false},
		"200 failure 422":      {200, `{"result":"failure","error":{"code":"422"}}`, "422", "", "trouble.window", false},
		"200 error unknown":    {200, `{"result":"error","error":{"code":"new_code","description":"New"}}`, "new_code", "New", "trouble.down", false},
		"200 error no details": {200, `{"result":"error"}`, "", "", "trouble.down", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := mintFails(t, newClient(t, serve(t, answers(tc.status, tc.body)).URL, nil), video)
			if f.Status != tc.status || f.Code != tc.code || f.Description != tc.words || f.Transient != tc.transient || f.Pause != 0 {
				t.Errorf("failure = %+v", f)
			}
			if key := TroubleKey(f); key != tc.key {
				t.Errorf("key = %s, want %s", key, tc.key)
			}
		})
	}
}

// TestMint_Garbage: answers with a good status that are none.
func TestMint_Garbage(t *testing.T) {
	for name, body := range map[string]string{
		"empty":          "",
		"HTML":           "<!doctype html><title>Maintenance</title>",
		"truncated":      `{"result":"success","data":"token=st=16371`,
		"null":           `null`,
		"list":           `[{"result":"success"}]`,
		"text":           `"token=abc"`,
		"no result":      `{"data":"token=abc"}`,
		"odd result":     `{"result":"asynchronous","data":"token=abc"}`,
		"result number":  `{"result":1,"data":"token=abc"}`,
		"no data":        `{"result":"success"}`,
		"two answers":    `{"result":"success","data":"token=abc"}{"result":"success"}`,
		"warning before": `Warning: foo {"result":"success","data":"token=abc"}`,
		"nested deep":    strings.Repeat(`{"data":`, 12000) + "1" + strings.Repeat("}", 12000),
		"too long":       `{"result":"success","data":"token=abc"}` + strings.Repeat(" ", maxBody),
	} {
		t.Run(name, func(t *testing.T) {
			f := mintFails(t, newClient(t, serve(t, answers(200, body)).URL, nil), video)
			if !errors.Is(f, ErrGarbage) || f.Transient || f.Status != 200 {
				t.Errorf("failure = %+v, want garbage", f)
			}
			if key := TroubleKey(f); key != "trouble.garbage" {
				t.Errorf("key = %s", key)
			}
		})
	}
}

// TestMint_LongestBody: an answer of exactly the limit is read.
func TestMint_LongestBody(t *testing.T) {
	body := `{"result":"success","data":"token=abc"}`
	body += strings.Repeat(" ", maxBody-len(body))
	if _, err := mint(t, newClient(t, serve(t, answers(200, body)).URL, nil), video); err != nil {
		t.Error(err)
	}
}

// TestMint_ContentType: a wrong one changes nothing.
func TestMint_ContentType(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		answers(201, `{"result":"success","data":"token=abc"}`)(w, r)
	})
	if _, err := mint(t, newClient(t, srv.URL, nil), video); err != nil {
		t.Error(err)
	}
}

func TestMint_TooManyRequests(t *testing.T) {
	for name, tc := range map[string]struct {
		header string
		want   time.Duration
	}{
		"none":         {"", defaultPause},
		"seconds":      {"37", 37 * time.Second},
		"spaces":       {" 37 ", 37 * time.Second},
		"zero":         {"0", minPause},
		"long":         {"86400", maxPause},
		"absurd":       {"999999999999999999999999", maxPause},
		"negative":     {"-5", defaultPause},
		"fraction":     {"1.5", defaultPause},
		"words":        {"soon", defaultPause},
		"date":         {start.Add(42 * time.Second).Format(http.TimeFormat), 42 * time.Second},
		"date past":    {start.Add(-time.Hour).Format(http.TimeFormat), minPause},
		"date far off": {start.AddDate(300, 0, 0).Format(http.TimeFormat), maxPause},
	} {
		t.Run(name, func(t *testing.T) {
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if tc.header != "" {
					w.Header().Set("Retry-After", tc.header)
				}
				answers(429, `{"result":"error","error":{"code":"too_many","description":"Too many requests"}}`)(w, r)
			})
			f := mintFails(t, newClient(t, srv.URL, nil), radio)
			if f.Pause != tc.want || f.Transient || f.Status != 429 {
				t.Errorf("failure = %+v, want a pause of %s", f, tc.want)
			}
			if key := TroubleKey(f); key != "trouble.limit" {
				t.Errorf("key = %s", key)
			}
		})
	}
}
