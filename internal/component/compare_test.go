package component

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestCompareLaw: when nothing is reported as breaking, props that fit old and hold only what old knows fit new, and
// projecting them onto new loses nothing.
func TestCompareLaw(t *testing.T) {
	compareLaw(t, 20250101, 1200)
}

// TestCompareLawOnNewSchemas tries others every time: COMPARE_ROUNDS holds how many, 300 without it.
func TestCompareLawOnNewSchemas(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("COMPARE_ROUNDS"))
	if err != nil {
		rounds = 300
	}
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	compareLaw(t, seed, rounds)
}

func compareLaw(t *testing.T, seed int64, rounds int) {
	d := newDice(seed)
	schemas := NewSchemas(4)
	pairs, safe, fitted := 0, 0, 0
	for range rounds {
		before := d.propsSchema()
		var after any = before
		for range 1 + d.Intn(2) {
			after = d.mutate(after, 3)
		}
		oldRaw, err := CheckSchema(d.raw(t, before))
		if err != nil {
			continue
		}
		newRaw, err := CheckSchema(d.raw(t, after))
		if err != nil || string(oldRaw) == string(newRaw) {
			continue
		}
		pairs++
		if len(Compare(Definition{Key: "k", PropsSchema: oldRaw}, Definition{Key: "k", PropsSchema: newRaw})) > 0 {
			continue
		}
		safe++
		for range 40 {
			props, ok := d.fitting(before, before, 4).(map[string]any)
			if !ok || !inDomain(schemas, oldRaw, props) {
				continue
			}
			fitted++
			if v := schemas.Validate(newRaw, props); len(v) > 0 {
				t.Fatalf("called safe:\nold %s\nnew %s\nprops %s\n%v", oldRaw, newRaw, d.raw(t, props), v)
			}
			if _, removed := schemas.project(newRaw, props); len(removed) > 0 {
				t.Fatalf("called safe, and loses %v:\nold %s\nnew %s\nprops %s", removed, oldRaw, newRaw, d.raw(t, props))
			}
		}
	}
	t.Logf("%d pairs, %d safe, %d props", pairs, safe, fitted)
	if safe*20 < pairs || fitted < rounds {
		t.Errorf("too few cases to mean anything: %d pairs, %d safe, %d props", pairs, safe, fitted)
	}
}

// inDomain reports whether props are content that the law speaks of: they fit old, and old knows all of them. A schema
// that lists no props has content without props.
func inDomain(schemas *Schemas, old []byte, props map[string]any) bool {
	if len(schemas.Validate(old, props)) > 0 {
		return false
	}
	v := &view{must: conjuncts([]*node{schemas.get(old).compiled.shape.root})}
	if lists, open := v.openness(); !lists && !open && len(props) > 0 {
		return false
	}
	_, removed := schemas.project(old, props)
	return len(removed) == 0
}

// TestCompareItself: a definition never breaks itself, whatever its schema.
func TestCompareItself(t *testing.T) {
	d := newDice(7)
	for range 300 {
		raw, err := CheckSchema(d.raw(t, d.propsSchema()))
		if err != nil {
			continue
		}
		def := Definition{Key: "k", PropsSchema: raw, Slots: []string{"a"}}
		if broken := Compare(def, def); len(broken) > 0 {
			t.Fatalf("%s\n%v", raw, broken)
		}
	}
}

func TestCompareEnds(t *testing.T) {
	schema := func(leaf string) Definition {
		var b strings.Builder
		b.WriteString(`{"type":"object","properties":{"a":{"$ref":"#/$defs/n0"}},"$defs":{`)
		for i := range 40 {
			next := string(rune('0' + (i+1)%10))
			b.WriteString(`"n` + itoa(i) + `":{"properties":{"x":{"$ref":"#/$defs/n` + itoa((i+1)%40) + `"},"y":{"$ref":"#/$defs/n` + itoa((i*7+3)%40) +
				`"}},"anyOf":[{"required":["` + next + `"]},{"$ref":"#/$defs/leaf"}]},`)
		}
		b.WriteString(`"leaf":` + leaf + `}}`)
		return Definition{Key: "k", PropsSchema: []byte(b.String())}
	}
	if len(Compare(schema(`{"type":"object"}`), schema(`{"type":"object","minProperties":1}`))) == 0 {
		t.Error("a tightened limit was not found")
	}
}

func itoa(i int) string { return strings.TrimPrefix(Version{Minor: i}.String(), "0.") }
