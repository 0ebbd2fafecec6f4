package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
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

// TestServe_stopsDespiteASlowReader: a client that asks and never reads holds
// up neither the server nor its stop.
func TestServe_stopsDespiteASlowReader(t *testing.T) {
	listener, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	head := "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"
	size := serverBuffer - len(head) // the answer fills the buffer to the last byte
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"], w.Header()["Content-Type"] = nil, nil
		w.Header().Set("Content-Length", strconv.Itoa(size))
		_, _ = io.WriteString(w, strings.Repeat("x", size))
	})
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, page, slog.New(slog.DiscardHandler)) }()
	client, err := net.Dial("tcp", listener.Addr().String()) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	go func() {
		for range 3000 {
			if _, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
				return
			}
		}
	}()
	if _, err := io.ReadFull(client, make([]byte, 1)); err != nil { // it has begun
		t.Fatal(err)
	}
	stop()
	select {
	case <-served:
	case <-time.After(drainTimeout + 10*time.Second):
		t.Fatal("the server does not stop")
	}
}
