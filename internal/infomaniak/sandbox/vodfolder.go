package sandbox

import (
	"encoding/json"
	"net/http"
)

// folderRulesJSON is the second version's answer about one folder.
type folderRulesJSON struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	KeyRestricted bool     `json:"key_restricted"`
	Inherits      bool     `json:"inherits_restrictions"`
	Domains       []string `json:"allowed_domains"`
	Countries     []string `json:"allowed_countries"`
	IPs           []string `json:"allowed_ips"`
	Password      string   `json:"password"` // in clear, as the real service answers it
}

// showFolderRules serves GET /2/vod/folders/{folder}.
func (s *Sandbox) showFolderRules(r *http.Request) (any, error) {
	_, f := s.folderOf(r)
	if f == nil {
		return nil, vodNotFound
	}
	return f.rules(), nil
}

// putFolderRules serves PUT /2/vod/folders/{folder}: the switch of the protection, and whether the
// folder has rules of its own. A folder that takes its rules from above keeps them, whatever its own
// switch says.
func (s *Sandbox) putFolderRules(r *http.Request) (any, error) {
	ch, f := s.folderOf(r)
	if f == nil {
		return nil, vodNotFound
	}
	var in struct {
		KeyRestricted *bool `json:"key_restricted"`
		Inherits      *bool `json:"inherits_restrictions"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, invalid(invalidField("key_restricted", "boolean", "The body is not a valid JSON object"))
	}
	if in.Inherits != nil && *in.Inherits != f.inherits && f.parent != nil {
		// Until the change has spread, the servers go on with the old rules.
		now := s.options.Now()
		before := f.shields(now)
		f.inherits = *in.Inherits
		f.restrict.before, f.restrict.from = before, now.Add(s.spread)
	}
	if in.KeyRestricted != nil {
		s.turnFolder(ch, f, *in.KeyRestricted)
	}
	return f.rules(), nil
}

// folderOf is the folder that the path names, with its channel; nil for none.
func (s *Sandbox) folderOf(r *http.Request) (*channel, *folder) {
	for _, ch := range s.channels {
		if f := ch.folderByID(r.PathValue("folder")); f != nil {
			return ch, f
		}
	}
	return nil, nil
}

func (f *folder) rules() folderRulesJSON {
	return folderRulesJSON{
		ID: f.id, Name: f.name, KeyRestricted: f.restricted(), Inherits: f.inherits && f.parent != nil,
		Domains: []string{}, Countries: []string{}, IPs: []string{},
	}
}
