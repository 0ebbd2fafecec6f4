package sandbox

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// guarded is each kind of thing with a media address that asks for its token and ends.
var guarded = []struct {
	name, tokenPath, address, otherToken string
}{
	{"mp3", mountTokenPath, "/ice/" + mount, "/1/radios/acl/streams/" + aacMt + "/token"},
	{"hls", hlsTokenPath, "/hls/" + hls + "/manifest.m3u8", mountTokenPath},
	{"hls variant", hlsTokenPath, "/hls/" + hls + "/audio.m3u8", mountTokenPath},
	{"embed", shareTokenPath, "/embed/" + share, "/1/vod/channel/1227/share/" + other + "/token"},
	{"embed, FAQ form", shareTokenPath, "/res/embed/" + share + ".html", hlsTokenPath},
	{"clip", shareTokenPath, "/clip/" + share + ".mp4", "/1/vod/channel/1227/share/" + other + "/token"},
}

func TestToken_AcceptRefuse(t *testing.T) {
	for _, g := range guarded {
		t.Run(g.name, func(t *testing.T) {
			s, c := newTest(t)
			ask := func(query string) int { return do(s, http.MethodHead, g.address+query, "", "").Code }
			token := mintToken(t, s, g.tokenPath, `{"window":60}`)
			_, value, _ := strings.Cut(token, "=")

			for name, query := range map[string]string{
				"none": "", "empty": "?token=", "bent": "?" + bend(token), "cut": "?" + token[:len(token)-1],
				"grown": "?" + token + "0", "upper": "?token=" + strings.ToUpper(value),
				"escaped": "?token=" + escapeAll(value), "other parameter": "?tok" + token,
				"other thing": "?" + mintToken(t, s, g.otherToken, ""),
			} {
				if code := ask(query); code != http.StatusForbidden {
					t.Errorf("%s: status %d, want 403", name, code)
				}
			}
			if code := ask("?" + token); code != http.StatusOK {
				t.Errorf("good token: status %d", code)
			}
			if code := ask("?t=4&" + token); code != http.StatusOK {
				t.Errorf("good token behind another parameter: status %d", code)
			}
			c.advance(59 * time.Second)
			if code := ask("?" + token); code != http.StatusOK {
				t.Errorf("token in its last second: status %d", code)
			}
			c.advance(time.Second)
			if code := ask("?" + token); code != http.StatusForbidden {
				t.Errorf("old token: status %d, want 403", code)
			}
		})
	}
}

// bend changes the last character.
func bend(token string) string {
	last := token[len(token)-1]
	if last == 'A' || last == '0' {
		return token[:len(token)-1] + "1"
	}
	return token[:len(token)-1] + string(last-1)
}

// escapeAll writes every byte as %XX, which url.QueryUnescape turns back into the same value.
func escapeAll(value string) string {
	var b strings.Builder
	for i := range len(value) {
		b.WriteString("%")
		b.WriteByte("0123456789ABCDEF"[value[i]>>4])
		b.WriteByte("0123456789ABCDEF"[value[i]&15])
	}
	return b.String()
}

func TestToken_EveryBitCounts(t *testing.T) {
	s, _ := newTest(t)
	for _, ref := range []string{mount, hls, share} {
		th := s.things[ref]
		token := strings.TrimPrefix(s.signer.sign(th, 60), "token=")
		for i := range len(token) {
			for bit := range 7 {
				bent := []byte(token)
				bent[i] ^= 1 << bit
				if s.signer.valid(th, string(bent)) {
					t.Fatalf("%s: token with bit %d of character %d changed is accepted", ref, bit, i)
				}
			}
		}
	}
}

func TestToken_EscapedByURLValuesIsRefused(t *testing.T) {
	s, _ := newTest(t)
	token := mintToken(t, s, shareTokenPath, "")
	_, value, _ := strings.Cut(token, "=")
	escaped := url.Values{"token": {value}}.Encode()
	if escaped == token {
		t.Fatal("the token has nothing to escape, so this test says nothing")
	}
	wantStatus(t, get(s, "/embed/"+share+"?"+escaped), http.StatusForbidden)
}

func TestToken_Shapes(t *testing.T) {
	s, c := newTest(t)
	vod := regexp.MustCompile(`^token=st=(\d+)~exp=(\d+)~acl=/hls/[a-z0-9]{13}/[a-z0-9]{13}/\*~hmac=[0-9a-f]{64}$`)
	m := vod.FindStringSubmatch(mintToken(t, s, shareTokenPath, ""))
	if m == nil {
		t.Fatal("VOD token has not the documented shape")
	}
	now := c.now()
	if m[1] != unixText(now) || m[2] != unixText(now.Add(300*time.Second)) {
		t.Errorf("st %s exp %s, want now and 300 s later", m[1], m[2])
	}
	radio := regexp.MustCompile(`^token=[A-Za-z0-9_-]+$`)
	if token := mintToken(t, s, mountTokenPath, ""); !radio.MatchString(token) {
		t.Errorf("radio token %q is not opaque base64url", token)
	}
}

func TestToken_TwoOfTheSameSecondDiffer(t *testing.T) {
	s, _ := newTest(t)
	for _, path := range []string{mountTokenPath, hlsTokenPath, shareTokenPath} {
		if a, b := mintToken(t, s, path, ""), mintToken(t, s, path, ""); a == b {
			t.Errorf("%s: the same token twice", path)
		}
	}
}

func TestToken_OfAnotherSandboxIsRefused(t *testing.T) {
	s, _ := newTest(t)
	stranger, _ := newTest(t)
	token := mintToken(t, stranger, shareTokenPath, "")
	wantStatus(t, get(s, "/embed/"+share+"?"+token), http.StatusForbidden)
}
