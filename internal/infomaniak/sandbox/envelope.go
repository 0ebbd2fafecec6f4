package sandbox

import (
	"encoding/json"
	"net/http"
)

// success is the envelope of every good answer of the API.
type success struct {
	Result string `json:"result"`
	Data   any    `json:"data"`
}

// page is the envelope of a list that is answered in pages.
type page struct {
	success
	Total        int `json:"total"`
	Page         int `json:"page"`
	Pages        int `json:"pages"`
	ItemsPerPage int `json:"items_per_page"`
}

// failure is the envelope of every refusal of the API.
type failure struct {
	Result string   `json:"result"`
	Error  apiError `json:"error"`
}

// apiError is one error; a validation error holds one for each bad field.
type apiError struct {
	Code        string         `json:"code"`
	Description string         `json:"description"`
	Context     map[string]any `json:"context,omitempty"`
	Errors      []apiError     `json:"errors,omitempty"`
}

// refusal is an error together with its status.
type refusal struct {
	status int
	apiError
}

// Error makes a refusal usable as the error of a lookup.
func (f refusal) Error() string { return f.Code + ": " + f.Description }

// The refusals that Infomaniak's OpenAPI files, or programs that use the API, name.
var (
	radioUnauthorized = refusal{http.StatusUnauthorized, apiError{Code: "not_authorized", Description: "Authorization required"}}
	vodUnauthorized   = refusal{http.StatusUnauthorized, apiError{Code: "vod_not_authorized", Description: "Authorization required"}}
	vodDenied         = refusal{http.StatusForbidden, apiError{Code: "vod_access_denied", Description: "Access denied"}}
	notYours          = refusal{http.StatusForbidden, apiError{Code: "not_authorized", Description: "You are not allowed to access this resource"}}
	radioNotFound     = refusal{http.StatusNotFound, apiError{Code: "object_not_found", Description: "Object not found"}}
	vodNotFound       = refusal{http.StatusNotFound, apiError{Code: "vod_model_not_found", Description: "No query results for model"}}
	routeNotFound     = refusal{http.StatusNotFound, apiError{Code: "method_not_found", Description: "Method not found"}}
	wrongMethod       = refusal{http.StatusMethodNotAllowed, apiError{Code: "method_not_allowed", Description: "The method is not supported for this route"}}
	tooMany           = refusal{http.StatusTooManyRequests, apiError{Code: "too_many_requests", Description: "Too many requests"}}
)

// invalid is a validation refusal with one entry for each bad field.
func invalid(fields ...apiError) refusal {
	return refusal{http.StatusUnprocessableEntity,
		apiError{Code: "validation_failed", Description: "Validation failed", Errors: fields}}
}

// invalidField describes one bad field; rule is the last part of Infomaniak's code for it.
func invalidField(name, rule, description string) apiError {
	return apiError{Code: "validation_rule_" + rule, Description: description,
		Context: map[string]any{"attribute": name}}
}

func writeData(w http.ResponseWriter, data any) {
	writeJSON(w, http.StatusOK, success{Result: "success", Data: data})
}

func writeRefusal(w http.ResponseWriter, f refusal) {
	writeJSON(w, f.status, failure{Result: "error", Error: f.apiError})
}

// writeJSON answers a value. HTML escaping is off, as a token's characters must stay readable and
// the answer is never taken for HTML.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // only fails when the client has gone
}
