package sandbox

import (
	"net/http"
	"strconv"
)

type accountJSON struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

type productJSON struct {
	ID          int    `json:"id"`
	AccountID   int    `json:"account_id"`
	ServiceName string `json:"service_name"`
	Name        string `json:"customer_name"`
}

func (h *holdings) accountID() string { return strconv.Itoa(h.account) }

// showProfile serves GET /2/profile, the cheapest test of a token.
func (s *Sandbox) showProfile(*http.Request) (any, error) {
	return map[string]any{
		"id": 1017, "display_name": "Sandbox", "email": "sandbox@example.com", "current_account_id": s.account,
	}, nil
}

// showAccounts serves GET /1/accounts.
func (s *Sandbox) showAccounts(r *http.Request) (any, error) {
	return paged(r, []accountJSON{{ID: s.account, Name: "Sandbox"}})
}

// showProducts serves GET /1/products?account_id=&service_name=.
func (s *Sandbox) showProducts(r *http.Request) (any, error) {
	if err := s.checkAccount(r); err != nil {
		return nil, err
	}
	out := []productJSON{}
	for _, p := range s.products {
		out = append(out, productJSON{p.id, s.account, "radio", p.name})
	}
	for _, ch := range s.channels {
		out = append(out, productJSON{ch.id, s.account, "vod", ch.name})
	}
	if name := r.URL.Query().Get("service_name"); name != "" {
		kept := []productJSON{}
		for _, p := range out {
			if p.ServiceName == name {
				kept = append(kept, p)
			}
		}
		out = kept
	}
	return paged(r, out)
}

// checkAccount wants the account's number in a call that asks for it.
func (s *Sandbox) checkAccount(r *http.Request) error {
	switch r.URL.Query().Get("account_id") {
	case "":
		return invalid(invalidField("account_id", "required", "The account id field is required"))
	case s.accountID():
		return nil
	}
	return notYours
}
