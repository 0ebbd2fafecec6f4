package paywall_test

import (
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

const (
	ice = "https://demo.ice.infomaniak.ch"
	hls = "https://demo.radiohls.infomaniak.com"
)

// TestNewSource is what an owner may type or paste.
func TestNewSource(t *testing.T) {
	const share = "1jhvl2uqlyr1s"
	mount100 := strings.Repeat("m", 100)
	for name, test := range map[string]struct {
		kind             paywall.SourceKind
		address, channel string
		want             paywall.Source
	}{
		"mountpoint":                {paywall.SourceStream, ice + "/radio-128.mp3", "", paywall.Source{URL: ice + "/radio-128.mp3", Ref: "radio-128.mp3"}},
		"spaces around":             {paywall.SourceStream, " " + ice + "/radio.aac\n", "", paywall.Source{URL: ice + "/radio.aac", Ref: "radio.aac"}},
		"pasted with a token":       {paywall.SourceStream, ice + "/radio.mp3?token=secret#t=1", "", paywall.Source{URL: ice + "/radio.mp3", Ref: "radio.mp3"}},
		"lone question mark":        {paywall.SourceStream, ice + "/radio.mp3?", "", paywall.Source{URL: ice + "/radio.mp3", Ref: "radio.mp3"}},
		"channel is not for it":     {paywall.SourceStream, ice + "/radio.mp3", "123", paywall.Source{URL: ice + "/radio.mp3", Ref: "radio.mp3"}},
		"sandbox":                   {paywall.SourceStream, "http://localhost:8090/radio.mp3", "", paywall.Source{URL: "http://localhost:8090/radio.mp3", Ref: "radio.mp3"}},
		"longest mountpoint":        {paywall.SourceStream, ice + "/" + mount100, "", paywall.Source{URL: ice + "/" + mount100, Ref: mount100}},
		"HLS":                       {paywall.SourceHLS, hls + "/demo/manifest.m3u8", "", paywall.Source{URL: hls + "/demo/manifest.m3u8", Ref: "demo"}},
		"HLS pasted with a token":   {paywall.SourceHLS, hls + "/demo/manifest.m3u8?token=x", "", paywall.Source{URL: hls + "/demo/manifest.m3u8", Ref: "demo"}},
		"HLS deeper down":           {paywall.SourceHLS, hls + "/a/demo/manifest.m3u8", "", paywall.Source{URL: hls + "/a/demo/manifest.m3u8", Ref: "demo"}},
		"share id":                  {paywall.SourceVOD, share, "12345", paywall.Source{Ref: share, Channel: "12345"}},
		"share id with spaces":      {paywall.SourceVOD, " " + share + "\t", " 12345 ", paywall.Source{Ref: share, Channel: "12345"}},
		"embed address":             {paywall.SourceVOD, "https://player.vod2.infomaniak.com/embed/" + share, "1", paywall.Source{Ref: share, Channel: "1"}},
		"embed address with .html":  {paywall.SourceVOD, "https://player.vod2.infomaniak.com/embed/" + share + ".html?x=1", "1", paywall.Source{Ref: share, Channel: "1"}},
		"embed of a strange host":   {paywall.SourceVOD, "https://evil.example/" + share, "1", paywall.Source{Ref: share, Channel: "1"}}, // only the id is kept
		"longest number of channel": {paywall.SourceVOD, share, "123456789012", paywall.Source{Ref: share, Channel: "123456789012"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := get(paywall.NewSource(test.kind, test.address, test.channel, mediaHosts(t)))(t)
			if len(got.ID) != 26 {
				t.Errorf("id %q", got.ID)
			}
			test.want.ID, test.want.Kind = got.ID, test.kind
			wantSame(t, got, test.want)
		})
	}
}

func TestNewSource_Refused(t *testing.T) {
	const share = "1jhvl2uqlyr1s"
	for name, test := range map[string]struct {
		kind             paywall.SourceKind
		address, channel string
		field, key       string
	}{
		"no kind":               {"", ice + "/radio.mp3", "", "kind", "source.error.kind"},
		"unknown kind":          {"rtmp", ice + "/radio.mp3", "", "kind", "source.error.kind"},
		"no address":            {paywall.SourceStream, "", "", "address", "source.error.host"},
		"mountpoint alone":      {paywall.SourceStream, "radio.mp3", "", "address", "source.error.host"},
		"foreign host":          {paywall.SourceStream, "https://evil.example/radio.mp3", "", "address", "source.error.host"},
		"plain http":            {paywall.SourceStream, "http://demo.ice.infomaniak.ch/radio.mp3", "", "address", "source.error.host"},
		"user part":             {paywall.SourceStream, "https://demo.ice.infomaniak.ch@evil.example/radio.mp3", "", "address", "source.error.host"},
		"not an address":        {paywall.SourceStream, "https://%zz/", "", "address", "source.error.host"},
		"script":                {paywall.SourceStream, "javascript:alert(1)", "", "address", "source.error.host"},
		"host alone":            {paywall.SourceStream, ice, "", "address", "source.error.address"},
		"no mountpoint":         {paywall.SourceStream, ice + "/", "", "address", "source.error.address"},
		"dots":                  {paywall.SourceStream, ice + "/..", "", "address", "source.error.address"},
		"hidden file":           {paywall.SourceStream, ice + "/.mp3", "", "address", "source.error.address"},
		"space in it":           {paywall.SourceStream, ice + "/ra dio.mp3", "", "address", "source.error.address"},
		"escaped space in it":   {paywall.SourceStream, ice + "/ra%20dio.mp3", "", "address", "source.error.address"},
		"quote in it":           {paywall.SourceStream, ice + "/radio%22.mp3", "", "address", "source.error.address"},
		"too long":              {paywall.SourceStream, ice + "/" + strings.Repeat("m", 101), "", "address", "source.error.address"},
		"HLS as a stream":       {paywall.SourceStream, hls + "/demo/manifest.m3u8", "", "address", "source.error.address"},
		"stream as HLS":         {paywall.SourceHLS, ice + "/radio.mp3", "", "address", "source.error.hls"},
		"HLS of a foreign host": {paywall.SourceHLS, "https://evil.example/demo/manifest.m3u8", "", "address", "source.error.host"},
		"HLS without a name":    {paywall.SourceHLS, hls + "/manifest.m3u8", "", "address", "source.error.address"},
		"HLS with a bad name":   {paywall.SourceHLS, hls + "/-demo/manifest.m3u8", "", "address", "source.error.address"},
		"HLS inside a playlist": {paywall.SourceHLS, hls + "/a.m3u8/manifest.m3u8", "", "address", "source.error.address"},
		"no share":              {paywall.SourceVOD, "", "1", "address", "source.error.share"},
		"short share":           {paywall.SourceVOD, share[1:], "1", "address", "source.error.share"},
		"long share":            {paywall.SourceVOD, share + "1", "1", "address", "source.error.share"},
		"capitals in the share": {paywall.SourceVOD, strings.ToUpper(share), "1", "address", "source.error.share"},
		"path in the share":     {paywall.SourceVOD, "1jhvl2/qlyr1s", "1", "address", "source.error.share"},
		"address without share": {paywall.SourceVOD, "https://player.vod2.infomaniak.com/embed/", "1", "address", "source.error.share"},
		"no channel":            {paywall.SourceVOD, share, "", "channel", "source.error.channel"},
		"channel with letters":  {paywall.SourceVOD, share, "12a", "channel", "source.error.channel"},
		"channel with a path":   {paywall.SourceVOD, share, "1/../2", "channel", "source.error.channel"},
		"negative channel":      {paywall.SourceVOD, share, "-1", "channel", "source.error.channel"},
		"channel too long":      {paywall.SourceVOD, share, "1234567890123", "channel", "source.error.channel"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := paywall.NewSource(test.kind, test.address, test.channel, mediaHosts(t))
			wantInvalid(t, err, map[string]string{test.field: test.key})
			wantSame(t, got, paywall.Source{})
		})
	}
}

func TestSource_Validate(t *testing.T) {
	for name, test := range map[string]struct {
		item       paywall.ItemKind
		source     paywall.Source
		field, key string // empty: fine
	}{
		"stream for a station":     {paywall.KindRadio, paywall.Source{Kind: paywall.SourceStream}, "", ""},
		"HLS for a station":        {paywall.KindRadio, paywall.Source{Kind: paywall.SourceHLS}, "", ""},
		"VOD for a video":          {paywall.KindVideo, paywall.Source{Kind: paywall.SourceVOD}, "", ""},
		"VOD for a station":        {paywall.KindRadio, paywall.Source{Kind: paywall.SourceVOD}, "kind", "source.error.kind"},
		"stream for a video":       {paywall.KindVideo, paywall.Source{Kind: paywall.SourceStream}, "kind", "source.error.kind"},
		"HLS for a video":          {paywall.KindVideo, paywall.Source{Kind: paywall.SourceHLS}, "kind", "source.error.kind"},
		"longest label":            {paywall.KindRadio, paywall.Source{Label: strings.Repeat("ü", paywall.MaxLabel)}, "", ""},
		"label too long":           {paywall.KindRadio, paywall.Source{Label: strings.Repeat("ü", paywall.MaxLabel+1)}, "label", "source.error.label"},
		"line break in the label":  {paywall.KindRadio, paywall.Source{Label: "128\nkbit/s"}, "label", "source.error.label"},
		"no UTF-8 in the label":    {paywall.KindRadio, paywall.Source{Label: "128\xff"}, "label", "source.error.label"},
		"no window":                {paywall.KindRadio, paywall.Source{Window: 0}, "", ""},
		"shortest window":          {paywall.KindRadio, paywall.Source{Window: paywall.MinWindow}, "", ""},
		"window too short":         {paywall.KindRadio, paywall.Source{Window: paywall.MinWindow - 1}, "window", "source.error.window"},
		"longest window":           {paywall.KindRadio, paywall.Source{Window: paywall.MaxWindow}, "", ""},
		"window too long":          {paywall.KindRadio, paywall.Source{Window: paywall.MaxWindow + 1}, "window", "source.error.window"},
		"negative window":          {paywall.KindRadio, paywall.Source{Window: -time.Hour}, "window", "source.error.window"},
		"kind is told before rest": {paywall.KindVideo, paywall.Source{Window: -1}, "kind", "source.error.kind"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.source.Validate(test.item)
			if test.field == "" {
				must(t, err)
				return
			}
			wantInvalid(t, err, map[string]string{test.field: test.key})
		})
	}
}

func TestSource_TokenWindow(t *testing.T) {
	for name, test := range map[string]struct {
		source paywall.Source
		want   time.Duration
	}{
		"stream":                 {paywall.Source{Kind: paywall.SourceStream}, time.Hour},
		"HLS":                    {paywall.Source{Kind: paywall.SourceHLS}, 6 * time.Hour},
		"VOD":                    {paywall.Source{Kind: paywall.SourceVOD}, 6 * time.Hour},
		"own window of a stream": {paywall.Source{Kind: paywall.SourceStream, Window: time.Minute}, time.Minute},
		"own window of a video":  {paywall.Source{Kind: paywall.SourceVOD, Window: 24 * time.Hour}, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.source.TokenWindow(); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
