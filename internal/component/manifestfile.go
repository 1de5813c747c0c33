package component

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// File is what `sonata build register` sends: the input of buildRegister without the frontend and the name.
type File struct {
	Components []FileComponent `json:"components"`
}

// FileComponent has the fields of ComponentSupportInput in schema/component.graphql.
type FileComponent struct {
	Key         string          `json:"key"`
	Version     string          `json:"version"`
	Range       string          `json:"range,omitempty"`
	Title       *string         `json:"title,omitempty"`
	Category    *string         `json:"category,omitempty"`
	PropsSchema json.RawMessage `json:"propsSchema,omitempty"`
	UISchema    json.RawMessage `json:"uiSchema,omitempty"`
	Slots       *[]string       `json:"slots,omitempty"`
	Fallback    json.RawMessage `json:"fallback,omitempty"`
	Examples    json.RawMessage `json:"examples,omitempty"`
}

// ReadFile reads a manifest file strictly: an unknown field is a typing mistake. Fault: Invalid.
func ReadFile(raw []byte) (File, error) {
	var f File
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	err := dec.Decode(&f)
	if kind := new(json.UnmarshalTypeError); errors.As(err, &kind) {
		return f, fault.Invalidf(`the manifest is not valid: %q is a JSON %s; write {"components":[{"key":…,"version":…}]}`, kind.Field, kind.Value)
	}
	if err != nil {
		return f, fault.Invalidf("the manifest is not valid: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if len(f.Components) == 0 {
		return f, fault.Invalidf(`the manifest lists no component: write {"components":[{"key":…,"version":…}]}`)
	}
	return f, nil
}

// ReadManifestFile reads a manifest file as the input of Register. Fault: Invalid.
func ReadManifestFile(raw []byte) ([]SupportInput, error) {
	f, err := ReadFile(raw)
	if err != nil {
		return nil, err
	}
	inputs := make([]SupportInput, len(f.Components))
	for i, c := range f.Components {
		inputs[i] = SupportInput(c)
	}
	return inputs, nil
}
