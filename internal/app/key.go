package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"usher/internal/config"
	"usher/paywall"
)

// keyFile is the vault's key beside a SQLite file. A copy of the database alone
// opens nothing; a backup of a whole site needs both.
const keyFile = "usher.key"

// newVault makes the vault from the configured key, or from the one beside the
// SQLite file, which is made at the first start. Nodes that share a PostgreSQL
// database must share a configured key.
func newVault(c config.Config) (*paywall.Vault, error) {
	if !c.SecretKey.Empty() {
		vault, err := paywall.NewVault(c.SecretKey)
		if err != nil {
			return nil, fmt.Errorf("USHER_SECRET_KEY: %w", err)
		}
		return vault, nil
	}
	if strings.HasPrefix(c.DatabaseURL, "postgres") {
		return nil, errors.New("with PostgreSQL, set USHER_SECRET_KEY to a long random text, the same on all nodes")
	}
	path := filepath.Join(filepath.Dir(strings.TrimPrefix(c.DatabaseURL, "sqlite:")), keyFile)
	key, err := readOrMakeKey(path)
	if err != nil {
		return nil, fmt.Errorf("the secret key %s: %w", path, err)
	}
	return paywall.NewVault(key)
}

// readOrMakeKey reads a key file, or makes one that only this user can read. Of
// two processes that start at once, the second reads what the first made: the
// file appears under its name only when it is whole.
func readOrMakeKey(path string) (paywall.Secret, error) {
	text, err := os.ReadFile(path) //nolint:gosec // beside the configured database
	if err == nil {
		return paywall.NewSecret(strings.TrimSpace(string(text))), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return paywall.Secret{}, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return paywall.Secret{}, err
	}
	draft := path + "." + paywall.NewID()
	if err := os.WriteFile(draft, []byte(rand.Text()+rand.Text()+"\n"), 0o600); err != nil {
		return paywall.Secret{}, err
	}
	err = os.Link(draft, path) // fails if the other process was faster
	if err := errors.Join(os.Remove(draft), ignoreExist(err)); err != nil {
		return paywall.Secret{}, err
	}
	text, err = os.ReadFile(path) //nolint:gosec // beside the configured database
	return paywall.NewSecret(strings.TrimSpace(string(text))), err
}

func ignoreExist(err error) error {
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}
