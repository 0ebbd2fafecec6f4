package infomaniak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/paywall"
)

const (
	// maxPageBody bounds an answer of the catalogue. A media has up to 10 kB.
	maxPageBody = 16 << 20
	// maxTries is how often a call is made that is told to come back later.
	maxTries = 3
)

// call is one call of the catalogue.
type call struct {
	method string // GET when empty
	path   string // below the API's base address
	query  url.Values
	body   string
	scope  paywall.SupplierScope
}

// answer is the envelope of a call of the catalogue.
type answer struct {
	Result label           `json:"result"`
	Data   json.RawMessage `json:"data"`
	Error  any             `json:"error"`
	// ID stands beside the data in an answer of the OpenAPI file.
	ID label `json:"id"`
	// The measures of a list.
	Total number `json:"total"`
	Pages number `json:"pages"`
}

// atOnce is the pace of a client that has none.
type atOnce struct{}

func (atOnce) Enter(context.Context) error         { return nil }
func (atOnce) Rest(context.Context, time.Duration) {}

// fetch makes a call of the catalogue when its turn comes. A call that only reads
// is made once more after a fault of the other side, and any is after a 429.
func (c *Client) fetch(ctx context.Context, key *credentials, in call) (answer, error) {
	faults := 0
	for try := 1; ; try++ {
		if !c.breaker.ready() {
			return answer{}, told(in, key, errOpen())
		}
		if err := c.pace.Enter(ctx); err != nil {
			return answer{}, err
		}
		got, err := c.fetchOnce(ctx, key, in)
		var failed *paywall.SupplierError
		if !errors.As(err, &failed) {
			return got, err
		}
		if failed.Pause > 0 {
			c.pace.Rest(ctx, failed.Pause)
		}
		again := failed.Pause > 0
		if failed.Transient && in.method == "" {
			faults++
			again = faults == 1
		}
		if !again || try == maxTries {
			return answer{}, told(in, key, err)
		}
	}
}

func (c *Client) fetchOnce(ctx context.Context, key *credentials, in call) (answer, error) {
	// Longer than a mint: nobody waits for it with a finger on the play button.
	ctx, cancel := context.WithTimeout(ctx, c.timeout*5/2)
	defer cancel()
	address := c.api + in.path
	if len(in.query) > 0 {
		address += "?" + in.query.Encode()
	}
	method := in.method
	if method == "" {
		method = http.MethodGet
	}
	status, body, err := c.send(ctx, key, request{method: method, address: address, body: in.body, most: maxPageBody})
	if err != nil {
		return answer{}, err
	}
	return key.open(status, body)
}

// open reads the envelope of an answer with a good status.
func (k *credentials) open(status int, body []byte) (answer, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return answer{}, garbage(status, fmt.Errorf("%w: not the JSON we know", ErrGarbage))
	}
	switch strings.ToLower(string(a.Result)) {
	case "success", "asynchronous":
		return a, nil
	case "error", "failure":
		return answer{}, k.supplierError(status, envelope{Error: a.Error})
	}
	return answer{}, garbage(status, fmt.Errorf("%w: it tells no result", ErrGarbage))
}

// told adds to a failure what was asked, and the likely cause.
func told(in call, key *credentials, err error) error {
	var failed *paywall.SupplierError
	if errors.As(err, &failed) {
		failed.Scope = in.scope
		failed.Key = key.troubleOf(failed)
		if failed.Key == paywall.TroubleWindow {
			failed.Key = paywall.TroubleInvalid
		}
	}
	return err
}

// odd is an answer with a good status and without the sense that it should have.
func odd(scope paywall.SupplierScope, text string) error {
	return &paywall.SupplierError{
		Key: paywall.TroubleGarbage, Scope: scope, Status: http.StatusOK, Err: fmt.Errorf("%w: %s", ErrGarbage, text),
	}
}

// unknownRoute tells whether the API has no such call (any more), rather than no
// such thing.
func unknownRoute(err error) bool {
	var failed *paywall.SupplierError
	if !errors.As(err, &failed) {
		return false
	}
	switch meantStatus(failed) {
	case http.StatusMethodNotAllowed, http.StatusGone:
		return true
	case http.StatusNotFound:
		return failed.Code == "method_not_found" || failed.Code == ""
	}
	return false
}

// hasStatus tells whether a call failed with a status, or with a code that means
// it.
func hasStatus(err error, status int) bool {
	var failed *paywall.SupplierError
	return errors.As(err, &failed) && meantStatus(failed) == status
}

// with are the parameters of a call: pairs of name and value, of which those
// without a value are left out.
func with(pairs ...string) url.Values {
	query := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	return query
}
