package sandbox

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEmbed_PlayerCarriesTheTokenUntouched(t *testing.T) {
	s, _ := newTest(t)
	token := mintToken(t, s, shareTokenPath, "")
	for _, address := range []string{"/embed/" + share, "/res/embed/" + share + ".html"} {
		w := get(s, address+"?"+token)
		wantStatus(t, w, http.StatusOK)
		want := `<video controls playsinline preload="metadata" src="/clip/` + share + `.mp4?` + token + `"`
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: no %s in %s", address, want, w.Body)
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be stored", address)
		}
	}
}

func TestEmbed_StartOffset(t *testing.T) {
	s, _ := newTest(t)
	token := mintToken(t, s, shareTokenPath, "")
	for query, fragment := range map[string]string{
		"&t=7": "#t=7", "&t=0": "", "&t=-1": "", "&t=x%22onload": "", "": "",
	} {
		body := get(s, "/embed/"+share+"?"+token+query).Body.String()
		if !strings.Contains(body, `.mp4?`+token+fragment+`"`) {
			t.Errorf("%q: want fragment %q in %s", query, fragment, body)
		}
	}
}

func TestEmbed_RefusedPageMisleads(t *testing.T) {
	s, _ := newTest(t)
	for _, address := range []string{"/embed/" + share, "/res/embed/" + share + ".html?token=st=1"} {
		w := get(s, address)
		wantStatus(t, w, http.StatusForbidden)
		body := w.Body.String()
		if !strings.Contains(body, `type: "play"`) || !strings.Contains(body, "currentTime: 0") {
			t.Errorf("no misleading messages in %s", body)
		}
		if strings.Contains(body, "/clip/") || strings.Contains(body, "<video") {
			t.Errorf("the refused page names the clip: %s", body)
		}
	}
}

func TestEmbed_Unknown(t *testing.T) {
	s, _ := newTest(t)
	for _, address := range []string{
		"/embed/nope", "/embed/" + mount, "/res/embed/nope.html", "/res/embed/" + share, "/clip/nope.mp4", "/clip/" + share,
	} {
		wantStatus(t, get(s, address), http.StatusNotFound)
	}
}

func TestClip_Ranges(t *testing.T) {
	s, _ := newTest(t)
	address := "/clip/" + share + ".mp4?" + mintToken(t, s, shareTokenPath, "")
	whole := get(s, address)
	wantStatus(t, whole, http.StatusOK)
	if !bytes.Equal(whole.Body.Bytes(), concertMP4) || whole.Header().Get("Content-Type") != "video/mp4" {
		t.Errorf("%d bytes of %s", whole.Body.Len(), whole.Header().Get("Content-Type"))
	}
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Range", "bytes=100-199")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	wantStatus(t, w, http.StatusPartialContent)
	if !bytes.Equal(w.Body.Bytes(), concertMP4[100:200]) || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("range answered %d bytes, header %v", w.Body.Len(), w.Header())
	}
}

func TestProtection_Switch(t *testing.T) {
	s, _ := newTest(t)
	for ref, address := range map[string]string{
		mount: "/ice/" + mount, hls: "/hls/" + hls + "/manifest.m3u8", share: "/clip/" + share + ".mp4",
	} {
		head := func() int { return do(s, http.MethodHead, address, "", "").Code }
		if head() != http.StatusForbidden {
			t.Errorf("%s is not protected at first", ref)
		}
		wantStatus(t, do(s, http.MethodPost, "/_sandbox/protection", "", `{"item":"`+ref+`","protected":false}`), http.StatusOK)
		if head() != http.StatusOK {
			t.Errorf("%s is still protected", ref)
		}
		wantStatus(t, do(s, http.MethodPost, "/_sandbox/protection", "", `{"item":"`+ref+`","protected":true}`), http.StatusOK)
		if head() != http.StatusForbidden {
			t.Errorf("%s is not protected again", ref)
		}
	}
	wantStatus(t, do(s, http.MethodHead, "/ice/"+aacMt, "", ""), http.StatusForbidden)
}

func TestProtection_BadCalls(t *testing.T) {
	s, _ := newTest(t)
	for body, want := range map[string]int{
		`{"item":"/` + mount + `","protected":true}`: http.StatusOK, // as the API writes it
		`{"item":"nope","protected":false}`:          http.StatusNotFound,
		`{"item":"` + mount + `"}`:                   http.StatusUnprocessableEntity,
		`x`:                                          http.StatusUnprocessableEntity,
	} {
		wantStatus(t, do(s, http.MethodPost, "/_sandbox/protection", "", body), want)
	}
}
