package paywall

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"
)

// Device is a browser that has signed in before. Its cookie outlives sessions:
// it only says that tries from here are not a stranger's.
type Device struct {
	ID         string
	UserID     string
	SecretHash []byte // SHA-256
	CreatedAt  time.Time
	SeenAt     time.Time
}

// knownDevice finds the device of the caller's cookie if it has signed in to
// this account before; the zero Device if not. It looks for a device also when
// there is no account: both take the same time.
func knownDevice(ctx context.Context, store Store, known, userID string) (Device, error) {
	id, secret, ok := strings.Cut(known, ".")
	if !ok {
		return Device{}, nil
	}
	device, err := store.DeviceByID(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Device{}, nil
	}
	if err != nil {
		return Device{}, err
	}
	if userID == "" || device.UserID != userID || subtle.ConstantTimeCompare(device.SecretHash, hashSecret(secret)) != 1 {
		return Device{}, nil
	}
	return device, nil
}

// knownHere is knownDevice for somebody who may be signed in: a browser that is
// signed in to the account is known as well.
func (a *Auth) knownHere(ctx context.Context, c Caller, viewer Viewer, userID string) (Device, error) {
	device, err := knownDevice(ctx, a.Store, c.Known, userID)
	if err == nil && device.ID == "" && userID != "" && viewer.User.ID == userID {
		device.ID = viewer.SessionID
	}
	return device, err
}
