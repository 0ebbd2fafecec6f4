package views

import "usher/internal/markdown"

// HomePage lists what is on.
type HomePage struct {
	Page
	Own         OwnText // above the programme
	Radios      []Card
	Collections []Card
	Videos      []Card
	// PrevURL and NextURL lead through the videos when there are many.
	PrevURL, NextURL string
	Redeem           bool // whether there is a code to redeem
}

// CollectionPage is a collection with what is on in it.
type CollectionPage struct {
	Page
	Title       string
	Description markdown.HTML
	Art         Art // without a picture it is not shown
	Radios      []Card
	Videos      []Card
	// PrevURL and NextURL lead through the items when there are many.
	PrevURL, NextURL string
}

// Card is one item on the home page.
type Card struct {
	URL     string
	Title   string
	Summary string
	Access  string // "Open to all", "For members", ...
	Opens   string // "Opens on Sunday 29 November, 20:00 CET"; empty when open
	Length  string // "1 h 23 min"; empty when not told
	// Note and Plays tell on a preview whether it plays for the visitor.
	Note  string
	Plays bool
	Art   Art
}

// ItemHead is the public part of an item: shown to everybody.
type ItemHead struct {
	Title   string
	Summary string
	Kind    string // "Radio", "Video"
	Radio   bool
	Access  string
	Length  string // as of a Card
	Art     Art
	// Description is the owner's longer text; may be empty.
	Description markdown.HTML
}

// PaywallPage tells why an item does not play and what can be done.
type PaywallPage struct {
	Page
	Item ItemHead
	// Reason is the machine word of the refusal, for tests and styling.
	Reason   string
	Headline string
	Text     string
	// Opens says when the item opens; empty when it is open or has no date.
	Opens string
	// SignInURL is empty for somebody who is signed in, and SignUpURL also where
	// nobody can make an account.
	SignInURL, SignUpURL string
	// RedeemItem is the item's slug where a code can help; else empty.
	RedeemItem string
	// Own is what the owner says on every such page.
	Own OwnText
}

// PlayerPage plays an item.
type PlayerPage struct {
	Page
	Item ItemHead
	// Src is empty on the page at rest, which StartURL then starts.
	Src      MediaSrc
	StartURL string
	// Form is the source's form: "stream", "hls" or "vod".
	Form string
	// Type is the MIME type of Src for the audio element.
	Type    string
	Sources []SourceChoice
	// Renew is where the script asks for a fresh token, and Source what for.
	Renew  string
	Source string
	// Play is the name under which the script reports to Beat that it plays.
	Play, Beat string
	// Fallback is the source a browser without HLS can play; may be empty.
	Fallback    string
	FallbackURL string
	// FreshFor is how many seconds the token in Src will start a play.
	FreshFor int
	// Until says how long the viewer's right lasts; may be empty.
	Until string
	// OwnerNote tells an owner what visitors see instead; may be empty.
	OwnerNote string
	// SetupURL leads an owner back who came to hear the site; empty elsewhere.
	SetupURL string
}

// SourceChoice is one quality of an item.
type SourceChoice struct {
	Label   string
	URL     string
	Current bool
}

// ErrorPage says what went wrong and what to do next.
type ErrorPage struct {
	Page
	Status    int
	Headline  string
	Text      string
	RequestID string
	// Waits tells that the page loads itself again by its Refresh header.
	Waits bool
	// RetryURL is where "try again" leads; empty when it makes no sense.
	RetryURL string
	// Item is set when an item could not be started.
	Item *ItemHead
	// OwnerDetail is the technical cause, for the owner's eyes only.
	OwnerDetail string
	// SignInURL is set when signing in would help.
	SignInURL string
}
