package testkit

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"

	"usher/internal/config"
	"usher/paywall"
)

// OIDC is another service where people can sign in: discovery and keys by
// go-oidc's own test server, and around it a page for the browser, the token
// endpoint and userinfo. Its fields bend it; a test sets them between requests.
type OIDC struct {
	URL          string // the issuer
	ClientID     string
	ClientSecret string

	// Now is the service's clock. At first it stands at Start; a kit's clock
	// takes its place with o.Now = kit.Clock.Now.
	Now paywall.Clock

	Subject       string // empty: made from the e-mail address
	Email         string // what the page suggests
	EmailVerified any    // nil: the claim is left out
	Name          string

	// Overrides of the ID token's claims; empty: as they should be.
	Nonce, Audience, Issuer string
	Expired                 bool
	NoEmail                 bool           // neither the e-mail address nor email_verified
	Claims                  map[string]any // any others, over all the rest
	// Sign takes the place of the right signature.
	Sign func(claims string) string
	// UserInfoSubject is whom userinfo tells of; empty: the one who signed in.
	UserInfoSubject string

	Down    bool // 503 to everything
	Garbage bool // a page of HTML to everything
	// Intercept answers a request itself when it returns true.
	Intercept func(http.ResponseWriter, *http.Request) bool

	standard *oidctest.Server
	key      *ecdsa.PrivateKey
	routes   *http.ServeMux

	mu      sync.Mutex
	codes   map[string]oidcLogin // not traded yet
	tokens  map[string]oidcLogin // by access token
	lookups int
}

// oidcLogin is one person who signed in.
type oidcLogin struct{ redirectURL, nonce, challenge, email string }

const oidcKeyID = "key-1"

// NewOIDC starts a service that stops with the test.
func NewOIDC(t testing.TB) *OIDC {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	o := &OIDC{
		ClientID: "usher-client", ClientSecret: "client-secret/+:%0123456789",
		Now:   func() time.Time { return Start },
		Email: "paula@example.test", EmailVerified: true, Name: "Paula Provider",
		standard: &oidctest.Server{
			PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: oidcKeyID, Algorithm: oidc.ES256}},
			Algorithms: []string{oidc.ES256},
		},
		key: key, routes: http.NewServeMux(), codes: map[string]oidcLogin{}, tokens: map[string]oidcLogin{},
	}
	o.routes.Handle("GET /keys", o.standard)
	o.routes.HandleFunc("GET /.well-known/openid-configuration", o.discovery)
	o.routes.HandleFunc("GET /auth", o.page)
	o.routes.HandleFunc("POST /auth", o.answer)
	o.routes.HandleFunc("POST /token", o.token)
	o.routes.HandleFunc("GET /userinfo", o.userInfo)
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	o.URL = server.URL
	o.standard.SetIssuer(o.URL)
	return o
}

// Config is what a site needs to let people sign in here.
func (o *OIDC) Config(id, name string) config.OIDCProvider {
	return config.OIDCProvider{
		ID: id, Name: name, Issuer: o.URL, ClientID: o.ClientID, ClientSecret: paywall.NewSecret(o.ClientSecret),
	}
}

// SignIn does what a person does on the service's page, and gives the address
// to which the browser is sent back. An empty address takes the suggested one.
func (o *OIDC) SignIn(t testing.TB, authURL, email string) *url.URL {
	t.Helper()
	if email == "" {
		email = o.Email
	}
	return o.send(t, authURL, url.Values{"email": {email}})
}

// Refuse presses the page's other button, and gives the address to which the
// browser is sent back.
func (o *OIDC) Refuse(t testing.TB, authURL string) *url.URL {
	t.Helper()
	return o.send(t, authURL, url.Values{"email": {o.Email}, "answer": {"no"}})
}

func (o *OIDC) send(t testing.TB, authURL string, form url.Values) *url.URL {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, authURL, strings.NewReader(form.Encode()))
	check(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultTransport.RoundTrip(request)
	check(t, err)
	defer resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		t.Fatalf("the service does not send the browser back: status %d", resp.StatusCode)
	}
	return back
}

// Lookups is how often the discovery document was asked for.
func (o *OIDC) Lookups() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.lookups
}

// ServeHTTP answers, or fails as the fields say.
func (o *OIDC) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/.well-known/") {
		o.mu.Lock()
		o.lookups++
		o.mu.Unlock()
	}
	switch {
	case o.Down:
		http.Error(w, "down", http.StatusServiceUnavailable)
	case o.Garbage:
		fmt.Fprint(w, "<!doctype html><title>Welcome</title>")
	case o.Intercept != nil && o.Intercept(w, r):
	default:
		o.routes.ServeHTTP(w, r)
	}
}

// discovery adds what go-oidc's test server does not have.
func (o *OIDC) discovery(w http.ResponseWriter, r *http.Request) {
	recorded := httptest.NewRecorder()
	o.standard.ServeHTTP(recorded, r)
	var document map[string]any
	if err := json.Unmarshal(recorded.Body.Bytes(), &document); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	document["userinfo_endpoint"] = o.URL + "/userinfo"
	writeJSON(w, http.StatusOK, document)
}

var oidcPage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><meta name="viewport" content="width=device-width"><title>Another service</title>
<main><h1>Sign in at another service</h1>
<form method="post">
<p><label>E-mail <input type="email" name="email" value="{{.}}" required></label></p>
<p><button name="answer" value="yes">Continue</button> <button name="answer" value="no">Cancel</button></p>
</form></main></html>
`))

// mistake tells what is wrong with a request for a login.
func (o *OIDC) mistake(q url.Values) string {
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case err != nil || back.Host == "":
		return "redirect_uri"
	case q.Get("client_id") != o.ClientID:
		return "client_id"
	case q.Get("response_type") != "code":
		return "response_type"
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return "scope"
	case q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		return "code_challenge"
	case q.Get("state") == "" || q.Get("nonce") == "":
		return "state or nonce"
	}
	return ""
}

func (o *OIDC) page(w http.ResponseWriter, r *http.Request) {
	if wrong := o.mistake(r.URL.Query()); wrong != "" {
		http.Error(w, "wrong "+wrong, http.StatusBadRequest)
		return
	}
	_ = oidcPage.Execute(w, o.Email)
}

// answer sends the browser back with a code, or without.
func (o *OIDC) answer(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if wrong := o.mistake(q); wrong != "" {
		http.Error(w, "wrong "+wrong, http.StatusBadRequest)
		return
	}
	back, _ := url.Parse(q.Get("redirect_uri"))
	told := back.Query()
	told.Set("state", q.Get("state"))
	if r.PostFormValue("answer") == "no" {
		told.Set("error", "access_denied")
	} else {
		told.Set("code", o.remember(oidcLogin{
			redirectURL: q.Get("redirect_uri"), nonce: q.Get("nonce"),
			challenge: q.Get("code_challenge"), email: r.PostFormValue("email"),
		}))
	}
	back.RawQuery = told.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

func (o *OIDC) remember(l oidcLogin) (code string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	code = "code-" + rand.Text()
	o.codes[code] = l
	return code
}

// token trades a code: once, for the client and the address that it was made
// for, and for the verifier of its challenge.
func (o *OIDC) token(w http.ResponseWriter, r *http.Request) {
	if !o.knows(r) {
		writeJSON(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	code := r.PostFormValue("code")
	login, known := o.codes[code]
	delete(o.codes, code)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("redirect_uri") != login.redirectURL ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != login.challenge {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "no such code: " + code})
		return
	}
	access := "access-" + rand.Text()
	o.tokens[access] = login
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": 3600, "id_token": o.idToken(login, access),
	})
}

// knows checks the client's name and secret, in the header or in the form.
func (o *OIDC) knows(r *http.Request) bool {
	id, secret, inHeader := r.BasicAuth()
	if !inHeader {
		return r.PostFormValue("client_id") == o.ClientID && r.PostFormValue("client_secret") == o.ClientSecret
	}
	id, errID := url.QueryUnescape(id)
	secret, errSecret := url.QueryUnescape(secret)
	return errID == nil && errSecret == nil && id == o.ClientID && secret == o.ClientSecret
}

func (o *OIDC) idToken(l oidcLogin, access string) string {
	expiry := o.Now().Add(time.Hour)
	if o.Expired {
		expiry = o.Now().Add(-time.Second)
	}
	sum := sha256.Sum256([]byte(access))
	claims := o.person(l, o.subject(l))
	maps.Copy(claims, map[string]any{
		"iss": cmp.Or(o.Issuer, o.URL), "aud": cmp.Or(o.Audience, o.ClientID), "nonce": cmp.Or(o.Nonce, l.nonce),
		"iat": o.Now().Unix(), "exp": expiry.Unix(),
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2]),
	})
	if o.NoEmail {
		delete(claims, "email")
		delete(claims, "email_verified")
	}
	maps.Copy(claims, o.Claims)
	text, err := json.Marshal(claims)
	if err != nil {
		panic("testkit: claims that are no JSON: " + err.Error())
	}
	if o.Sign != nil {
		return o.Sign(string(text))
	}
	return oidctest.SignIDToken(o.key, oidcKeyID, oidc.ES256, string(text))
}

func (o *OIDC) userInfo(w http.ResponseWriter, r *http.Request) {
	access, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	o.mu.Lock()
	login, known := o.tokens[access]
	o.mu.Unlock()
	if !known {
		http.Error(w, "wrong access token: "+access, http.StatusUnauthorized)
		return
	}
	writeJSON(w, http.StatusOK, o.person(login, cmp.Or(o.UserInfoSubject, o.subject(login))))
}

func (o *OIDC) subject(l oidcLogin) string { return cmp.Or(o.Subject, "subject of "+l.email) }

// person is what the service says about somebody.
func (o *OIDC) person(l oidcLogin, subject string) map[string]any {
	claims := map[string]any{"sub": subject, "email": l.email, "name": o.Name}
	if o.EmailVerified != nil {
		claims["email_verified"] = o.EmailVerified
	}
	return claims
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
