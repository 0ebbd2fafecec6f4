package infomaniak

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// BenchmarkMint is a mint over real HTTP; the supplier's side is in the figure.
func BenchmarkMint(b *testing.B) {
	c := newClient(b, serve(b, success(`"`+vodToken+`"`)).URL, nil)
	benchmarkMint(b, c)
}

// BenchmarkMint_OwnWork leaves the network out.
func BenchmarkMint_OwnWork(b *testing.B) {
	c := newClient(b, "https://api.infomaniak.com", nil)
	c.sender = canned(`{"result":"success","data":"` + vodToken + `"}`)
	benchmarkMint(b, c)
}

func benchmarkMint(b *testing.B, c *Client) {
	b.Helper()
	pass := ticket(b, "item")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Mint(context.Background(), pass, video, 6*time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}

type canned string

func (body canned) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(body)))}, nil
}
