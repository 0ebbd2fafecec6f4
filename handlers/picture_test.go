package handlers_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

// aPicture is a file of a picture with that width.
func aPicture(t testing.TB, width int) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, width, 90))); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// upload posts a form with one file, as a browser does.
func upload(t testing.TB, c *testkit.Client, path, field string, file []byte, more ...string) *testkit.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(more); i += 2 {
		if err := form.WriteField(more[i], more[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile(field, "../../../etc/passwd<script>.svg")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(file)
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return c.Do(http.MethodPost, path, form.FormDataContentType(), &body)
}

func TestPicture(t *testing.T) {
	kit := testkit.New(t)
	visitor := kit.Client(t)
	id := strings.Repeat("a", 32)
	if err := kit.Site.Store.PutPicture(t.Context(), paywall.Picture{
		ID: id, Type: "image/png", Bytes: []byte("large"), Small: []byte("small"), CreatedAt: testkit.Start,
	}); err != nil {
		t.Fatal(err)
	}
	odd := strings.Repeat("b", 32)
	if err := kit.Site.Store.PutPicture(t.Context(), paywall.Picture{ID: odd, Type: "image/svg+xml", Bytes: []byte("<svg/>")}); err != nil {
		t.Fatal(err)
	}
	for path, body := range map[string]string{"/picture/" + id: "large", "/picture/" + id + "/small": "small"} {
		answer := visitor.Get(path).WantStatus(http.StatusOK)
		for name, want := range map[string]string{
			"Content-Type": "image/png", "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
			"Set-Cookie": "", "Vary": "",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s = %q", path, name, got)
			}
		}
		if answer.Body != body {
			t.Errorf("%s shows %q", path, answer.Body)
		}
	}
	for _, path := range []string{"/picture/x", "/picture/" + odd, "/picture/" + strings.Repeat("c", 32), "/picture/" + id + "/large"} {
		answer := visitor.Get(path).WantStatus(http.StatusNotFound)
		if answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("that %s is not there may be kept", path)
		}
	}
}
