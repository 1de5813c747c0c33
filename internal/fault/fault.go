// Package fault is the one error type of the domain: a kind that decides how the outside sees it, a message for
// the caller, the input field it is about and a hint for people who can act.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure an error is. The zero value is Internal, so a forgotten kind never leaks a message.
type Kind int

// The kinds. Each names what the caller can do about it.
const (
	Internal        Kind = iota // a bug or a broken part: nothing the caller can do
	Invalid                     // the input is wrong: correct it
	NotFound                    // the thing does not exist, or the caller may not know that it does
	Conflict                    // somebody was faster: read again
	Forbidden                   // known, and not allowed
	Unauthenticated             // not known
	Exhausted                   // a stated limit is reached
	Unavailable                 // try again later
)

// Error is a failure with meaning. Only its Message, Code and Field are ever shown to a caller.
type Error struct {
	Kind    Kind
	Code    string   // the UserErrorCode or extensions.code when it is more exact than the kind; may be empty
	Message string   // one sentence that says what is wrong and, where it can, what to do
	Path    []string // path into the mutation's input; may be empty
	Pointer string   // JSON Pointer into props; may be empty
	Hint    string   // for operators; goes to logs, the console and the CLI, never to frontends
	Detail  any      // what a rich userError carries (for instance the current screen); may be nil
	cause   error
}

// Error returns the message, without the hint and without the cause.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause, so errors.Is sees through a fault.
func (e *Error) Unwrap() error { return e.cause }

// WithCode returns a copy with the more exact code.
func (e *Error) WithCode(code string) *Error { c := *e; c.Code = code; return &c }

// At returns a copy that names the input field.
func (e *Error) At(path ...string) *Error { c := *e; c.Path = path; return &c }

// Prefixed returns a copy whose message begins with the prefix.
func (e *Error) Prefixed(prefix string) *Error { c := *e; c.Message = prefix + c.Message; return &c }

// WithPointer returns a copy that names the place inside props.
func (e *Error) WithPointer(pointer string) *Error { c := *e; c.Pointer = pointer; return &c }

// WithHint returns a copy with advice for operators.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// WithDetail returns a copy that carries data for a rich userError.
func (e *Error) WithDetail(detail any) *Error { c := *e; c.Detail = detail; return &c }

// Because returns a copy that wraps the cause. The cause is logged, never shown.
func (e *Error) Because(cause error) *Error { c := *e; c.cause = cause; return &c }

func newError(kind Kind, format string, args []any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Invalidf says that the input is wrong.
func Invalidf(format string, args ...any) *Error { return newError(Invalid, format, args) }

// NotFoundf says that what was asked for is not there.
func NotFoundf(format string, args ...any) *Error { return newError(NotFound, format, args) }

// Conflictf says that the state moved on since the caller read it.
func Conflictf(format string, args ...any) *Error { return newError(Conflict, format, args) }

// Forbiddenf says that the caller may not do this.
func Forbiddenf(format string, args ...any) *Error { return newError(Forbidden, format, args) }

// Unauthenticatedf says that the caller is not known, or not any more.
func Unauthenticatedf(format string, args ...any) *Error {
	return newError(Unauthenticated, format, args)
}

// Exhaustedf names a limit that was reached.
func Exhaustedf(format string, args ...any) *Error { return newError(Exhausted, format, args) }

// Unavailablef says that a part does not answer now.
func Unavailablef(format string, args ...any) *Error { return newError(Unavailable, format, args) }

// As returns the fault inside err, or nil when there is none.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf returns the kind of err; an error without a fault is Internal.
func KindOf(err error) Kind {
	if e := As(err); e != nil {
		return e.Kind
	}
	return Internal
}
