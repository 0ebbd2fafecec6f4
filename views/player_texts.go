package views

import (
	"encoding/json"

	"usher/internal/i18n"
)

// playerStates are the names under which the player's script asks for its
// texts, and the keys of those texts.
var playerStates = []struct{ name, key string }{
	{"idle", "player.state.idle"}, {"connecting", "player.state.connecting"},
	{"playing", "player.state.playing"}, {"playing_live", "player.state.playing_live"},
	{"paused", "player.state.paused"}, {"reconnecting", "player.state.reconnecting"},
	{"renewing", "player.state.renewing"}, {"renewed", "player.state.renewed"},
	{"ended", "player.state.ended"}, {"refused", "player.state.refused"},
	{"offline", "player.state.offline"}, {"failed", "player.state.failed"},
	{"busy", "player.state.busy"}, {"play", "player.play"}, {"pause", "player.pause"},
}

// playerTextsJSON are the states in words for the script.
func playerTextsJSON(l *i18n.Locale) (string, error) {
	texts := make(map[string]string, len(playerStates))
	for _, s := range playerStates {
		texts[s.name] = l.T(s.key)
	}
	encoded, err := json.Marshal(texts)
	return string(encoded), err
}
