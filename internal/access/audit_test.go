package access_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit"
)

func as(ctx context.Context, grants ...principal.Grant) context.Context {
	return principal.With(ctx, principal.Principal{Actor: principal.Actor{ID: "mem_x", Kind: principal.Member, Name: "X"}, Grants: grants})
}

// The log shows of each frontend what the caller may read there, and nothing else exists for it: not in a list, not in
// a count, not by id.
func TestTheLogIsWalledByFrontend(t *testing.T) {
	k := testkit.New(t)
	shop, blog := k.Frontend("shop"), k.Frontend("blog")
	k.Screen("blog", "home", "/")
	system := principal.With(t.Context(), principal.Sonata())
	err := k.Store.WithTx(system, func(_ context.Context, tx *store.Tx) error {
		tx.Record(store.Fact{Topic: "test", Action: "memberInvite", SubjectLabel: "somebody"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	log := access.NewLog(k.Store)
	all, err := log.List(system, access.Filter{}, math.MaxInt64, 100)
	if err != nil {
		t.Fatal(err)
	}
	read := principal.AuditRead
	for name, c := range map[string]struct {
		grants []principal.Grant
		want   string
	}{
		"everywhere":         {[]principal.Grant{{Scopes: []string{read}}}, "memberInvite screenCreate frontendCreate frontendCreate"},
		"administrator":      {[]principal.Grant{{Role: principal.Admin}}, "memberInvite screenCreate frontendCreate frontendCreate"},
		"one frontend":       {[]principal.Grant{{Scopes: []string{read}, Frontend: shop.ID}}, "frontendCreate"},
		"both, each by each": {[]principal.Grant{{Scopes: []string{read}, Frontend: shop.ID}, {Role: principal.Operator, Frontend: blog.ID}}, "screenCreate frontendCreate frontendCreate"},
		"another scope":      {[]principal.Grant{{Role: principal.Designer}}, ""},
		"one environment":    {[]principal.Grant{{Scopes: []string{read}, Frontend: shop.ID, Environments: []string{"staging"}}}, ""},
		"one service":        {[]principal.Grant{{Scopes: []string{read}, Services: []string{"orders"}}}, ""},
		"nothing":            {nil, ""},
	} {
		ctx := as(t.Context(), c.grants...)
		got, err := log.List(ctx, access.Filter{}, math.MaxInt64, 100)
		count, countErr := log.Count(ctx, access.Filter{})
		if err = errors.Join(err, countErr); err != nil {
			t.Fatal(err)
		}
		var actions, ids []string
		for _, e := range got {
			actions, ids = append(actions, e.Action), append(ids, e.ID)
		}
		if strings.Join(actions, " ") != c.want || count != len(got) {
			t.Errorf("%s: %v, counted %d, want %s", name, actions, count, c.want)
		}
		for _, e := range all {
			_, err := log.Get(ctx, e.ID)
			if may := slices.Contains(ids, e.ID); may != (err == nil) || !may && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: the %s %s by id: %v", name, e.Action, e.SubjectLabel, err)
			}
		}
		if hidden, err := log.Count(ctx, access.Filter{Frontend: "blog"}); err != nil || !strings.Contains(c.want, "screenCreate") && hidden != 0 {
			t.Errorf("%s: the filter finds %d entries of a frontend that is walled off, %v", name, hidden, err)
		}
	}
}
