package killtest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sonata.ai/sonata/internal/testkit/process"
)

const (
	payload = `userErrors { code message } `

	editDocument = `mutation($input: ScreenEditInput!) { screenEdit(input: $input) { screen { id version } ` + payload + `} }`

	publishDocument  = `mutation($input: ReleasePublishInput!) { releasePublish(input: $input) { activation { id sequence } release { id } ` + payload + `} }`
	rollBackDocument = `mutation($input: ReleaseRollBackInput!) { releaseRollBack(input: $input) { activation { id sequence } release { id } ` + payload + `} }`
	promoteDocument  = `mutation($input: ReleasePromoteInput!) { releasePromote(input: $input) { activation { id sequence } release { id } ` + payload + `} }`
	scheduleDocument = `mutation($input: ReleaseScheduleInput!) { releaseSchedule(input: $input) { schedule { id } ` + payload + `} }`
)

// documents is what each mutation of the load sends.
func documents(mutation string) string {
	return map[string]string{
		"screenEdit": editDocument, "releasePublish": publishDocument, "releaseRollBack": rollBackDocument,
		"releasePromote": promoteDocument, "releaseSchedule": scheduleDocument,
	}[mutation]
}

// answer is the payload of any of the mutations.
type answer struct {
	Screen               *struct{ ID, Version any }
	Activation, Schedule *struct{ ID string }
	Release              *struct{ ID string }
	UserErrors           []struct{ Code, Message string }
}

// send asks for an attempt's change and notes what came of it. It returns the code of a refusal and the release that
// went live. The error means that the test is wrong or the server is: nothing that a client should ever see.
func (a *attempt) send(ctx context.Context, s *process.Server) (code, releaseID string, err error) {
	if a.input["idempotencyKey"] != nil {
		a.repeated = true
	}
	a.input["idempotencyKey"] = a.key
	var data map[string]*answer
	err = s.Do(ctx, documents(a.mutation), map[string]any{"input": a.input}, &data)
	if errors.Is(err, process.ErrNoAnswer) {
		return "", "", nil
	}
	got := data[a.mutation]
	switch {
	case err != nil:
		return "", "", fmt.Errorf("%s: %w", a, err)
	case got == nil:
		return "", "", fmt.Errorf("%s: no payload", a)
	case len(got.UserErrors) > 0:
		if a.repeated && a.outcome == done {
			return "", "", fmt.Errorf("%s: the repetition was refused: %s", a, got.UserErrors[0].Message)
		}
		a.outcome = refused
		return got.UserErrors[0].Code, "", expected(a, got.UserErrors[0].Code, got.UserErrors[0].Message)
	}
	return "", got.release(), a.accept(got)
}

func (g *answer) release() string {
	if g.Release == nil {
		return ""
	}
	return g.Release.ID
}

// accept notes an acknowledgement; a repetition must acknowledge the same thing.
func (a *attempt) accept(got *answer) error {
	id, version := "", a.version
	switch {
	case got.Screen != nil:
		id = fmt.Sprint(got.Screen.ID)
		if n, ok := got.Screen.Version.(float64); ok && !a.repeated {
			version = int(n)
		}
	case got.Activation != nil:
		id = got.Activation.ID
	case got.Schedule != nil:
		id = got.Schedule.ID
	}
	if id == "" || a.id != "" && a.id != id {
		return fmt.Errorf("%s: answered %q, before that %q", a, id, a.id)
	}
	a.outcome, a.id, a.version = done, id, version
	return nil
}

// expected says which refusals a busy server may answer.
func expected(a *attempt, code, message string) error {
	switch code {
	case "VERSION_CONFLICT", "NOTHING_TO_PUBLISH", "LIVE_MOVED":
		return nil
	case "INVALID":
		if a.mutation == "releaseSchedule" && strings.Contains(message, "in the future") { // the request waited too long
			return nil
		}
	}
	return fmt.Errorf("%s: refused with %s: %s", a, code, message)
}
