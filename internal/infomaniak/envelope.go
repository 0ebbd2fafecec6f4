package infomaniak

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"usher/paywall"
)

// ErrGarbage is the cause when an answer arrived that makes no sense.
var ErrGarbage = errors.New("the answer makes no sense")

// envelope is around every answer:
//
//	{"result":"success","data":…}
//	{"result":"error","error":{"code":…,"description":…,"errors":[…]}}
//
// Some answers say "failure" instead of "error", and some codes are numbers, so
// what hangs below is read with open types.
type envelope struct {
	Result string `json:"result"`
	Data   any    `json:"data"`
	Error  any    `json:"error"`
}

// accept reads an answer with a good status. The content type is not asked: it
// proves nothing, and the body is only read as JSON.
func (k *credentials) accept(kind paywall.SourceKind, status int, body []byte) (string, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return "", garbage(status, fmt.Errorf("%w: not the JSON we know", ErrGarbage))
	}
	switch e.Result {
	case "success":
	case "error", "failure": // FAQ 2792 looks at this, not at the status
		return "", k.supplierError(status, e)
	default:
		return "", garbage(status, fmt.Errorf("%w: it tells no result", ErrGarbage))
	}
	query, err := checkQuery(kind, tokenText(e.Data))
	if err != nil {
		return "", garbage(status, fmt.Errorf("%w: %w", ErrGarbage, err))
	}
	if strings.Contains(query, k.token) {
		return "", garbage(status, fmt.Errorf("%w: it repeats the API token", ErrGarbage))
	}
	return query, nil
}

// refusal reads an answer with any other status. Its body may be an envelope, a
// gateway's HTML page or nothing.
func (k *credentials) refusal(resp *http.Response, body []byte, now time.Time) error {
	if resp.StatusCode/100 == 3 {
		return garbage(resp.StatusCode, fmt.Errorf("%w: a redirect, which is not followed", ErrGarbage))
	}
	var e envelope
	_ = json.Unmarshal(body, &e) // what can be read of it is enough
	failure := k.supplierError(resp.StatusCode, e)
	switch {
	case resp.StatusCode >= 500:
		failure.Transient = true
	case resp.StatusCode == http.StatusTooManyRequests:
		failure.Pause = retryAfter(resp.Header.Get("Retry-After"), now)
	}
	return failure
}

func garbage(status int, reason error) error {
	return &paywall.SupplierError{Status: status, Err: reason}
}

// supplierError keeps the supplier's words, cleaned.
func (k *credentials) supplierError(status int, e envelope) *paywall.SupplierError {
	return &paywall.SupplierError{
		Status:      status,
		Code:        k.cleanCode(codeOf(e.Error)),
		Description: k.clean(describe(e.Error, 0)),
	}
}

func codeOf(failure any) string {
	object, ok := failure.(map[string]any)
	if !ok {
		return ""
	}
	switch code := object["code"].(type) {
	case string:
		return code
	case float64:
		return strconv.FormatFloat(code, 'f', -1, 64)
	}
	return ""
}

// maxNesting bounds how deep the errors inside an error are read.
const maxNesting = 3

// describe puts a failure and the failures inside it in one line: "Validation
// failed; window: too large".
func describe(failure any, depth int) string {
	object, ok := failure.(map[string]any)
	if !ok {
		text, _ := failure.(string)
		return text
	}
	text, _ := object["description"].(string)
	if depth > 0 {
		text = withAttribute(object, text)
	}
	parts := []string{text}
	if inner, ok := object["errors"].([]any); ok && depth < maxNesting {
		for _, f := range inner {
			parts = append(parts, describe(f, depth+1))
		}
	}
	return joinFilled(parts)
}

// withAttribute names the parameter that was refused, and the rule when there
// are no words.
func withAttribute(object map[string]any, text string) string {
	if text == "" {
		text = codeOf(object)
	}
	context, _ := object["context"].(map[string]any)
	if name, _ := context["attribute"].(string); name != "" {
		return name + ": " + text
	}
	return text
}

func joinFilled(parts []string) string {
	var filled []string
	for _, part := range parts {
		if part != "" {
			filled = append(filled, part)
		}
	}
	return strings.Join(filled, "; ")
}
