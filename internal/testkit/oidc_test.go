package testkit_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/testkit"
)

// TestOIDC_page: a browser finds a form, and only for a request that is whole.
func TestOIDC_page(t *testing.T) {
	o := testkit.NewOIDC(t)
	o.Email = `"<a@example.test`
	request := url.Values{
		"client_id": {o.ClientID}, "response_type": {"code"}, "scope": {"email openid"}, "state": {"s"}, "nonce": {"n"},
		"redirect_uri": {"http://localhost/back"}, "code_challenge": {"c"}, "code_challenge_method": {"S256"},
	}
	status, page := get(t, o.URL+"/auth?"+request.Encode())
	if status != http.StatusOK || !strings.Contains(page, `<form method="post">`) || !strings.Contains(page, `value="&#34;&lt;a@example.test"`) {
		t.Errorf("status %d:\n%s", status, page)
	}
	for name := range request {
		value := request.Get(name)
		request.Set(name, "")
		if status, _ := get(t, o.URL+"/auth?"+request.Encode()); status != http.StatusBadRequest {
			t.Errorf("without %s: status %d", name, status)
		}
		request.Set(name, value)
	}
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
