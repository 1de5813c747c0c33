package server

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// The media types of answers.
const (
	graphQLJSON = "application/graphql-response+json"
	plainJSON   = "application/json"
	eventStream = "text/event-stream"
)

// mediaTypeFor is the one of the offered media types that a client likes best (RFC 9110, section 12.5.1), by the values of
// its Accept headers; "" when it takes none of them. Of types that it likes equally, the one that it names first wins, and
// of those that only a wildcard names, the one that is offered first. Whoever says nothing gets the first.
func mediaTypeFor(accept, offers []string) string {
	all := strings.Join(accept, ",")
	if strings.Trim(all, " \t,") == "" {
		return offers[0]
	}
	ranges := strings.Split(all, ",")
	best, bestQuality, bestPlace := "", 0.0, 0
	for i, offer := range offers {
		quality, place := preference(offer, ranges)
		if place == len(ranges) { // a wildcard names it: what is named comes before, in the order of the offers
			place += i
		}
		if quality > bestQuality || quality == bestQuality && quality > 0 && place < bestPlace {
			best, bestQuality, bestPlace = offer, quality, place
		}
	}
	return best
}

// preference is the quality that the most specific of some media ranges gives to a type, and the place of that range; the
// number of ranges for a wildcard.
func preference(offer string, ranges []string) (quality float64, place int) {
	specific := 0
	kind, _, _ := strings.Cut(offer, "/")
	for i, r := range ranges {
		name, parameters, err := mime.ParseMediaType(r)
		if err != nil {
			continue // what cannot be read asks for nothing
		}
		how, at := 0, len(ranges)
		switch name {
		case offer:
			how, at = 3, i
		case kind + "/*":
			how = 2
		case "*/*":
			how = 1
		}
		if charset := parameters["charset"]; how == 0 || charset != "" && !strings.EqualFold(charset, "utf-8") {
			continue
		}
		if how > specific {
			specific, quality, place = how, qualityOf(parameters["q"]), at
		}
	}
	return quality, place
}

func qualityOf(text string) float64 {
	if text == "" {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}

// answersIn is the media type that a request to the endpoint is answered in; "" when its client takes none. A stream of
// events is chosen where the client likes that best, as an EventSource does.
func answersIn(r *http.Request) string {
	accept := r.Header["Accept"]
	if len(accept) == 1 && (accept[0] == graphQLJSON || accept[0] == plainJSON || accept[0] == eventStream) {
		return accept[0]
	}
	return mediaTypeFor(accept, []string{graphQLJSON, plainJSON, eventStream})
}
