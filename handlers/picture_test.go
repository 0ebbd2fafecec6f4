package handlers_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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

// pausing is a body that stops for a while in its middle.
type pausing struct {
	parts [][]byte
	pause time.Duration
}

func (p *pausing) Read(to []byte) (int, error) {
	if len(p.parts) == 0 {
		return 0, io.EOF
	}
	n := copy(to, p.parts[0])
	if p.parts[0] = p.parts[0][n:]; len(p.parts[0]) == 0 {
		time.Sleep(p.pause)
		p.parts = p.parts[1:]
	}
	return n, nil
}

// TestUpload_slowly: whoever uploads for longer than other requests may take is
// told what became of it.
func TestUpload_slowly(t *testing.T) {
	kit := testkit.New(t)
	server := httptest.NewUnstartedServer(kit.Site.Handler)
	server.Config.WriteTimeout = 100 * time.Millisecond
	server.Start()
	defer server.Close()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range goodLook() {
		for _, value := range values {
			noFault(t, form.WriteField(name, value))
		}
	}
	part, err := form.CreateFormFile("picture", "x")
	noFault(t, err)
	_, _ = part.Write(aPicture(t, 90))
	noFault(t, form.Close())
	half := body.Len() / 2
	slow := &pausing{[][]byte{body.Bytes()[:half], body.Bytes()[half:]}, 150 * time.Millisecond}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/admin/settings/look", slow)
	noFault(t, err)
	request.Host = strings.TrimPrefix(kit.URL, "http://")
	request.Header.Set("Content-Type", form.FormDataContentType())
	for _, cookie := range kit.WithSession(t, "owner").Cookies() {
		request.AddCookie(cookie)
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	noFault(t, answer.Body.Close())
	if answer.StatusCode != http.StatusSeeOther {
		t.Errorf("status %d", answer.StatusCode)
	}
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

// hurried tells whether a question for a picture ends by itself.
type hurried struct {
	paywall.Store
	t *testing.T
}

func (h hurried) PictureBytes(ctx context.Context, id string, small bool) (string, []byte, error) {
	if end, ok := ctx.Deadline(); !ok || time.Until(end) > 10*time.Second {
		h.t.Error("a picture waits for the database as long as it likes")
	}
	return h.Store.PictureBytes(ctx, id, small)
}

// TestPicture_deadline: pages with many pictures must not pile up in front of a
// database that hangs.
func TestPicture_deadline(t *testing.T) {
	kit := testkit.New(t)
	kit.Site.Handler.Pictures = paywall.NewPictures(hurried{kit.Site.Store, t}, nil, kit.Clock.Now)
	for _, path := range []string{"/picture/" + strings.Repeat("a", 32), "/picture/" + strings.Repeat("a", 32) + "/small"} {
		kit.Client(t).Get(path).WantStatus(http.StatusNotFound)
	}
}
