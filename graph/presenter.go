package graph

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
)

// codeOf is the one table from fault to extensions.code.
func codeOf(f *fault.Error) string {
	if f.Code != "" {
		return f.Code
	}
	switch f.Kind {
	case fault.Invalid:
		return "INVALID"
	case fault.NotFound:
		return "NOT_FOUND"
	case fault.Conflict:
		return "CONFLICT"
	case fault.Forbidden:
		return "FORBIDDEN"
	case fault.Unauthenticated:
		return "UNAUTHENTICATED"
	case fault.Exhausted:
		return "LIMIT"
	case fault.Unavailable:
		return "UNAVAILABLE"
	default:
		return "INTERNAL"
	}
}

// Present gives every error a code and hides what is nobody's business: an error that is not a fault is logged under
// an id, and only the id is shown.
func Present(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		out := graphql.DefaultErrorPresenter(ctx, err)
		if out.Extensions == nil {
			out.Extensions = map[string]any{}
		}
		f := fault.As(err)
		if f != nil && f.Kind != fault.Internal {
			out.Message, out.Extensions["code"] = f.Message, codeOf(f)
			if wait, ok := f.Detail.(access.TooMany); ok {
				out.Extensions["retryAfterSeconds"] = wait.Seconds
			}
			return out
		}
		if f == nil && ofArgument(ctx, out) {
			out.Message = argumentOf(ctx, out) + " is not a value that this argument takes"
			out.Extensions["code"] = badInput
			return out
		}
		if own := new(gqlerror.Error); errors.As(err, &own) && own.Err == nil { // made by the GraphQL layer: it speaks of the request
			if _, has := out.Extensions["code"]; !has {
				out.Extensions["code"] = badInput
			}
			if own.Rule != "" && !explores(ctx) { // of validation: it suggests names that the caller may not know
				out.Message = withoutSuggestion(out.Message)
			}
			return out
		}
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			out.Message, out.Extensions["code"] = "the request took too long or was given up", "UNAVAILABLE"
			return out
		}
		id := errorID()
		log.ErrorContext(ctx, "internal error", "error", err, "error_id", id, "path", out.Path.String(), "request_id", principal.RequestID(ctx))
		out.Message = "something went wrong on our side; the log has it as " + id
		out.Extensions["code"] = "INTERNAL"
		return out
	}
}

// badInput is the code of a request that the GraphQL layer cannot make sense of.
const badInput = "BAD_USER_INPUT"

// ofArgument reports whether an error was made while the arguments of a field were read: its path leads beyond the
// field. A scalar that refuses its value says so with an error of whatever type, and that is not a failure of ours.
func ofArgument(ctx context.Context, e *gqlerror.Error) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Result == nil && len(e.Path) > len(field.Path())
}

func argumentOf(ctx context.Context, e *gqlerror.Error) string {
	return e.Path[len(graphql.GetFieldContext(ctx).Path()):].String()
}

// Recover turns a panic into an internal error that carries the stack into the log.
func Recover(_ context.Context, cause any) error {
	return fmt.Errorf("panic in a resolver: %v\n%s", cause, debug.Stack())
}

func errorID() string {
	var raw [6]byte
	rand.Read(raw[:])
	return hex.EncodeToString(raw[:])
}

// refused splits what a verb returned: an expected failure becomes userErrors, everything else a top-level error.
func refused(err error) ([]model.UserError, error) {
	f := fault.As(err)
	if err == nil || f == nil {
		return []model.UserError{}, err
	}
	code := model.UserErrorCode(codeOf(f))
	if !code.IsValid() {
		return nil, err
	}
	switch detail := f.Detail.(type) {
	case screen.Conflicted:
		return []model.UserError{model.VersionConflict{
			Message: f.Message, Code: code, Path: f.Path, Current: screenOf(detail.Current), ConflictingBlocks: nonNil(detail.Blocks),
		}}, nil
	case release.LiveMoved:
		return []model.UserError{model.LiveMoved{Message: f.Message, Code: code, Path: f.Path, Live: releaseOf(detail.Live)}}, nil
	case release.Blocked:
		return []model.UserError{model.PublishBlocked{Message: f.Message, Code: code, Path: f.Path, Problems: problemsOf(detail.Problems)}}, nil
	case document.Invalid:
		return invalidDocuments(code, detail), nil
	default:
		return []model.UserError{model.InputError{Message: f.Message, Code: code, Path: f.Path, Pointer: optional(f.Pointer)}}, nil
	}
}

// absent turns NotFound into nothing: for reads, what is missing and what is walled off look the same.
func absent(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}
