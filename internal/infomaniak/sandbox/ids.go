package sandbox

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// idLength is the length of media, encoding, folder and share ids in Infomaniak's examples.
const idLength = 13

// mediaID is the id of the media behind a share: stable, of the documented shape, not guessable
// from the share by eye.
func mediaID(share string) string { return derivedID("media", share) }

// encodingID is the id of the encoding that the player of a share uses.
func encodingID(share string) string { return derivedID("encoding", share) }

// derivedID makes an id of the documented shape from a name.
func derivedID(what, name string) string {
	sum := sha256.Sum256([]byte(what + "\x00" + name))
	text := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))
	return ("1j" + text)[:idLength]
}
