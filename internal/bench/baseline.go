package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// apiToken is what both servers show to the supplier.
const apiToken = "bench-api-token-0123456789abcdefghijklmnopqrstuvwxyz"

// baseline is what the player page is compared with: the least that can let a
// signed-in person play. It finds the session, asks for a token and writes one
// audio element. It knows no people, grants or items.
type baseline struct {
	session  *sql.Stmt
	client   *http.Client
	supplier string
}

// runBaseline is a role: args are its address, the database and the supplier.
func runBaseline(ctx context.Context, args []string) error {
	ctx = whileHeld(ctx)
	listener, err := roleListener(ctx, args, 3)
	if err != nil {
		return err
	}
	db, err := openBaseline(args[1])
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	b := &baseline{client: newBaselineClient(), supplier: args[2]}
	b.session, err = db.PrepareContext(ctx, `SELECT user_id, expires_at FROM sessions WHERE id = ?`)
	if err != nil {
		return errors.Join(err, listener.Close(), db.Close())
	}
	return errors.Join(b.serve(ctx, listener), b.session.Close(), db.Close())
}

// serve has the time limits of the real server.
func (b *baseline) serve(ctx context.Context, listener net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET "+playerPath, b)
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 60 * time.Second, MaxHeaderBytes: 16 << 10,
	}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// newBaselineClient keeps enough connections open that none is made anew.
func newBaselineClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: 64, IdleConnTimeout: 60 * time.Second, DisableCompression: true,
	}}
}

// ServeHTTP plays for a signed-in person.
func (b *baseline) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !b.signedIn(r) {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	token, err := b.mint(r.Context())
	if err != nil {
		http.Error(w, "no token", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintf(w, "<!DOCTYPE html><html lang=en><title>Radio</title><audio controls src=\"%s/ice/radio.mp3?%s\"></audio></html>\n",
		b.supplier, html.EscapeString(token))
}

func (b *baseline) signedIn(r *http.Request) bool {
	cookie, err := r.Cookie("usher")
	if err != nil {
		return false
	}
	id, _, _ := strings.Cut(cookie.Value, ".")
	var user string
	var expires int64
	if b.session.QueryRowContext(r.Context(), id).Scan(&user, &expires) != nil {
		return false
	}
	return user != "" && time.Now().UnixMilli() < expires
}

var errMint = errors.New("the supplier gave no token")

func (b *baseline) mint(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost,
		b.supplier+"/1/radios/acl/streams/radio.mp3/token", strings.NewReader(`{"window":3600}`))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+apiToken)
	request.Header.Set("Content-Type", "application/json")
	response, err := b.client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var envelope struct{ Result, Data string }
	if err := json.NewDecoder(response.Body).Decode(&envelope); err != nil {
		return "", err
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil { // or the connection is lost
		return "", err
	}
	if response.StatusCode != http.StatusOK || envelope.Result != "success" || envelope.Data == "" {
		return "", errMint
	}
	return envelope.Data, nil
}
