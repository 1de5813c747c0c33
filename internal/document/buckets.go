//sonata:pure

package document

import "math"

// Times are counted in buckets that grow by a factor of √2, so that a percentile is right give or take a fifth: bucket 0
// is everything up to a sixteenth of a millisecond, bucket 39 everything above 40 s.
const (
	buckets     = 40
	firstBucket = 1.0 / 16 // milliseconds
	noTime      = -1       // of subscriptions
)

func bucketOf(ms float64) int {
	if ms <= firstBucket {
		return 0
	}
	return min(buckets-1, int(math.Ceil(2*math.Log2(ms/firstBucket))))
}

// middle is the time that stands for a bucket, in milliseconds.
func middle(bucket int) float64 {
	top := firstBucket * math.Pow(2, float64(bucket)/2)
	if bucket == 0 {
		return top
	}
	return top / math.Pow(2, 0.25)
}

// percentile returns the time that a share of all calls took at most, in milliseconds; nil without any that took time.
func percentile(calls map[int]int64, share float64) *float64 {
	total := int64(0)
	for bucket, n := range calls {
		if bucket != noTime {
			total += n
		}
	}
	rank, seen := int64(math.Ceil(share*float64(total))), int64(0)
	for bucket := range buckets {
		if seen += calls[bucket]; seen >= rank && seen > 0 {
			ms := middle(bucket)
			return &ms
		}
	}
	return nil
}
