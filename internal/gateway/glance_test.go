package gateway_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"sonata.ai/sonata/internal/gateway"
)

// What reads an answer quickly refuses at least what the standard library refuses.
func TestWhatIsJSON(t *testing.T) {
	t.Parallel()
	seeds := []string{
		`{"data":{"a":[1,-2.5e+10,0,true,false,null,"x\n\u00e9\ud83d\ude00\\\"\/"],"b":{"c":{}}}}`, `{"data":{"n":-0.10E-3,"s":"` + "é\xff" + `"}}`,
		`{"data":{"a":01}}`, `{"data":{"a":1.}}`, `{"data":{"a":"\x"}}`, `{"data":{"a":"` + "\x01" + `"}}`, `{"data":{"a":.5}}`, `{"data":{"a":"\u12g4"}}`, `{"data":{"a":NaN}}`,
		`{"data":{"a":+1}}`, `{"data":{"a":1,}}`, `{"data":{"a":[1,]}}`, `{"data":{"a":-}}`, `{"data":{"a":1e}}`, `{"data":{a:1}}`, "{\"data\"\f:1}", `{"data":tru}`, `{}{}`,
	}
	alphabet := []byte(`{}[]:,"\/ue+-.0123456789abtfn` + "\x00\x1f\n\t \x7f\xff")
	check := func(b []byte) {
		t.Helper()
		if gateway.IsJSON(b) && !json.Valid(b) {
			t.Errorf("%q is let through", b)
		}
	}
	for _, seed := range seeds {
		check([]byte(seed))
		for range 1000 {
			b := []byte(seed)
			for range 1 + rand.IntN(3) {
				at := rand.IntN(len(b))
				switch rand.IntN(3) {
				case 0:
					b[at] = alphabet[rand.IntN(len(alphabet))]
				case 1:
					b = append(b[:at], b[at+1:]...)
				default:
					b = append(b[:at], append([]byte{alphabet[rand.IntN(len(alphabet))]}, b[at:]...)...)
				}
			}
			check(b)
		}
	}
}
