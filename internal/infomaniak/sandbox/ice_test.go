package sandbox

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacer_RealTimeWithBurst(t *testing.T) {
	at := newClock().now()
	for name, l := range map[string]*loop{"mp3": loops()[TuneLumiere], "aac": aacLoop()} {
		p := newPacer(l, at)
		var sent []byte
		for elapsed := time.Duration(0); elapsed <= 40*time.Second; elapsed += 200 * time.Millisecond {
			sent = append(sent, p.next(elapsed)...)
		}
		got, err := parseLoop(sent, "", headerOf(l))
		if err != nil {
			t.Fatalf("%s: a stream over two seams does not parse: %v", name, err)
		}
		want := l.framesIn(burst) + l.framesIn(40*time.Second)
		if int64(len(got.frames)) != want {
			t.Errorf("%s: %d frames in 40 s, want %d", name, len(got.frames), want)
		}
		origin := l.framesIn(time.Duration(at.UnixNano())) - l.framesIn(burst)
		if !bytes.Equal(sent, l.join(origin, origin+want)) {
			t.Errorf("%s: frames are left out or repeated", name)
		}
	}
}

func headerOf(l *loop) func([]byte) (frameHeader, error) {
	if l.contentType == "audio/mpeg" {
		return mp3Header
	}
	return adtsHeader
}

func TestPacer_ListenersHearTheSame(t *testing.T) {
	l, at := aacLoop(), newClock().now()
	early, late := newPacer(l, at), newPacer(l, at.Add(20*time.Second))
	early.next(19 * time.Second)
	a := early.next(20 * time.Second)
	if b := late.next(0); !bytes.HasSuffix(b, a) {
		t.Error("a late listener is not at the place of an early one")
	}
}

func TestPacer_LeavesOutWhatWasNotRead(t *testing.T) {
	l := aacLoop()
	p := newPacer(l, newClock().now())
	p.next(0)
	if got := p.next(time.Hour); len(got) > len(l.join(0, int64(len(l.frames)))) {
		t.Errorf("%d bytes at once after an hour without reading", len(got))
	}
	if len(p.next(time.Hour)) != 0 {
		t.Error("sound twice for the same instant")
	}
	if len(p.next(time.Minute)) != 0 {
		t.Error("sound for a clock that went back")
	}
}

// TestStream_TimeAndEnd listens in fake time until the listener leaves.
func TestStream_TimeAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{APIToken: apiToken})
		token := mintToken(t, s, mountTokenPath, `{"window":10}`)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second+time.Millisecond)
		defer cancel()
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/ice/"+mount+"?"+token, nil))
		if !w.Flushed || w.Header().Get("Content-Type") != "audio/mpeg" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("flushed %v, header %v", w.Flushed, w.Header())
		}
		seconds := float64(w.Body.Len()) * 8 / 128000
		if want := (30*time.Second + burst).Seconds(); seconds < want-0.1 || seconds > want+0.1 {
			t.Errorf("%.2f s of sound, want %.2f: also after the token's end, as it is checked at the start only", seconds, want)
		}
	})
}

func TestStream_Head(t *testing.T) {
	s, _ := newTest(t)
	for ref, contentType := range map[string]string{mount: "audio/mpeg", aacMt: "audio/aac"} {
		token := mintToken(t, s, "/1/radios/acl/streams/"+ref+"/token", "")
		w := do(s, http.MethodHead, "/ice/"+ref+"?"+token, "", "")
		wantStatus(t, w, http.StatusOK)
		if w.Header().Get("Content-Type") != contentType || w.Body.Len() != 0 {
			t.Errorf("%s: header %v, %d bytes", ref, w.Header(), w.Body.Len())
		}
	}
	wantStatus(t, get(s, "/ice/nope.mp3"), http.StatusNotFound)
	wantStatus(t, get(s, "/ice/"+hls), http.StatusNotFound)
	wantStatus(t, post(s, "/ice/"+mount, ""), http.StatusMethodNotAllowed)
}

func TestTunesDiffer(t *testing.T) {
	c := DemoCatalogue()
	a := loopOf(c.Stations[0].Mountpoints[0])
	b := loopOf(c.Stations[1].Mountpoints[0])
	p := loopOf(c.Stations[2].Mountpoints[0])
	if a == b || b == p || a == p {
		t.Error("two stations play the same loop")
	}
	if loopOf(Mountpoint{Codec: MP3}) != loops()[TuneLumiere] {
		t.Error("a mountpoint without a tune does not play the first")
	}
}
