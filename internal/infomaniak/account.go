package infomaniak

import (
	"context"
	"encoding/json"
	"errors"

	"usher/paywall"
)

var _ paywall.Supplier = (*Client)(nil)

type accountRow struct {
	ID   label `json:"id"`
	Name label `json:"name"`
}

// listAccounts lists the organisations of the token's person.
func (c *Client) listAccounts(ctx context.Context, key *credentials) ([]paywall.SupplierAccount, error) {
	found, err := listAll(ctx, c, key, listing{paths: []string{"/1/accounts"}, scope: paywall.AccountsScope},
		func(r accountRow) string { return string(r.ID) })
	var all []paywall.SupplierAccount
	for _, r := range found {
		all = append(all, paywall.SupplierAccount{ID: string(r.ID), Name: string(r.Name)})
	}
	return all, err
}

// profileRow is what is wanted of the token's person: the organisation that the
// person works for at the moment.
type profileRow struct {
	CurrentAccountID label           `json:"current_account_id"`
	Preferences      json.RawMessage `json:"preferences"`
}

func (r profileRow) account() string {
	var preferences struct {
		Account struct {
			CurrentAccountID label `json:"current_account_id"`
		} `json:"account"`
	}
	if r.CurrentAccountID == "" && json.Unmarshal(r.Preferences, &preferences) == nil {
		return string(preferences.Account.CurrentAccountID)
	}
	return string(r.CurrentAccountID)
}

// profile is the cheapest call there is.
func (c *Client) profile(ctx context.Context, key *credentials) (profileRow, error) {
	return one[profileRow](ctx, c, key, listing{paths: []string{"/2/profile"}})
}

// accounts are the organisations to look into: the one that is set, else all that
// the token sees, else the one that its person works for.
func (c *Client) accounts(ctx context.Context, key *credentials) ([]string, error) {
	if key.account != "" {
		return []string{key.account}, nil
	}
	found, err := c.listAccounts(ctx, key)
	if err != nil && !paywall.MayNotList(err) {
		return nil, err
	}
	var all []string
	for _, a := range found {
		all = append(all, a.ID)
	}
	if len(all) > 0 {
		return all, nil
	}
	person, err := c.profile(ctx, key)
	if err != nil && !paywall.MayNotList(err) {
		return nil, err
	}
	if id := person.account(); id != "" {
		return []string{id}, nil
	}
	return nil, &paywall.SupplierError{Key: paywall.TroubleAccount, Scope: paywall.AccountsScope, Unasked: true, Err: errNoAccount}
}

// overAccounts asks in each organisation. One that refuses is left out as long as
// another answers; a failure of another sort ends it, because a list that is only
// half there would look as if the rest was gone.
func overAccounts[T any](accounts []string, ask func(account string) ([]T, error)) ([]T, error) {
	var all []T
	var refused error
	answered := false
	for _, account := range accounts {
		got, err := ask(account)
		switch {
		case err == nil:
			answered = true
			all = append(all, got...)
		case paywall.MayNotList(err):
			refused = err
		default:
			return nil, err
		}
	}
	if !answered {
		return nil, refused
	}
	return all, nil
}

// errNoAccount is the cause when it cannot be found out where to look.
var errNoAccount = errors.New("no organisation is set, and the token may not list them")

// enterAccount gives what a call of the catalogue is made with.
func (c *Client) enterAccount(ctx context.Context) (*credentials, error) {
	key, err := c.credentials(ctx)
	if err != nil {
		return nil, key.explained(err)
	}
	return key, nil
}

// withKey reads something of the account.
func withKey[T any](ctx context.Context, c *Client, read func(context.Context, *credentials) (T, error)) (T, error) {
	key, err := c.enterAccount(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return read(ctx, key)
}
