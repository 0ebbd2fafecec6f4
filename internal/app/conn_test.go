package app

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestServe_answersOfEverySize: whatever the size of an answer, all of it
// arrives, also the one that fills net/http's buffer to the last byte.
func TestServe_answersOfEverySize(t *testing.T) {
	listener, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		w.Header()["Date"] = nil // the head's length must not change
		w.Header().Set("Content-Length", strconv.Itoa(n))
		_, _ = io.WriteString(w, strings.Repeat("x", n))
	})
	served := make(chan error, 1)
	go func() { served <- serve(t.Context(), listener, page, slog.New(slog.DiscardHandler)) }()
	for n := 3900; n < 4120; n++ {
		for _, size := range []int{n, n + serverBuffer} {
			answer, err := http.Get("http://" + listener.Addr().String() + "/?n=" + strconv.Itoa(size)) //nolint:noctx // a test
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			if err != nil || len(body) != size {
				t.Fatalf("answer of %d bytes: %d arrived, %v", size, len(body), err)
			}
			if err := answer.Body.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestHeldConn(t *testing.T) {
	ours, theirs := net.Pipe()
	received := make(chan []byte, 1)
	go func() {
		all, _ := io.ReadAll(theirs)
		received <- all
	}()
	conn := &heldConn{Conn: ours}
	full, rest := bytes.Repeat([]byte("f"), serverBuffer), []byte("rest")
	for _, p := range [][]byte{full, rest, []byte("small"), full} {
		if n, err := conn.Write(p); n != len(p) || err != nil {
			t.Errorf("Write = %d, %v", n, err)
		}
	}
	connState(conn, http.StateIdle)
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	want := string(full) + "restsmall" + string(full)
	if got := string(<-received); got != want {
		t.Errorf("%d bytes arrived, want %d in order", len(got), len(want))
	}
}
