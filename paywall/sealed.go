package paywall

import "context"

// SealedKind is a sort of text that the database keeps sealed.
type SealedKind string

// The kinds that are kept for long.
const (
	SealedToken   SealedKind = "API token"
	SealedFactor  SealedKind = "second factors"
	SealedMail    SealedKind = "waiting mails"
	SealedVoucher SealedKind = "vouchers"
)

// SealedText is a sealed text and the id of whom or what it is about.
type SealedText struct {
	Kind   SealedKind
	ID     string
	Sealed []byte
}

// place is what the text is sealed for.
func (s SealedText) place() string {
	switch s.Kind {
	case SealedFactor:
		return factorPlace(s.ID)
	case SealedMail:
		return mailPlace(s.ID)
	case SealedVoucher:
		return voucherPlace(s.ID)
	}
	return sealedPlace
}

// SealedStore tells what is sealed.
type SealedStore interface {
	// NewestSealed gives the newest text of each kind that there is.
	NewestSealed(ctx context.Context) ([]SealedText, error)
}

// Foreign tells of which kinds the newest text in the database was sealed with
// another key.
func (v *Vault) Foreign(ctx context.Context, store SealedStore) (kinds []SealedKind, err error) {
	newest, err := store.NewestSealed(ctx)
	for _, text := range newest {
		if _, err := v.Open(text.place(), text.Sealed); err != nil {
			kinds = append(kinds, text.Kind)
		}
	}
	return kinds, err
}
