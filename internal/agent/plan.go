//sonata:pure

package agent

// standing is how an instance stands when it is decided who runs.
type standing struct {
	old     bool // it runs a command that is not the one to run any more
	ready   bool // it is healthy, and the server was told
	leaving bool // it will not be there any more
}

// plan says how many instances are to be started and which are to leave, so that as many as the target run. They are
// given with the eldest first. Old ones are replaced one by one, each after a new one is ready in its place; else the
// newest leave.
func plan(have []standing, target int) (start int, leave []int) {
	var staying, old []int
	settled := true
	for i, s := range have {
		switch {
		case s.leaving:
			settled = false
			continue
		case s.old:
			old = append(old, i)
		case !s.ready:
			settled = false
		}
		staying = append(staying, i)
	}
	switch {
	case len(old) > 0 && len(staying) <= target:
		return target + 1 - len(staying), nil
	case len(old) > 0 && settled:
		return 0, old[:1]
	case len(old) > 0:
		return 0, nil
	case len(staying) < target:
		return target - len(staying), nil
	}
	for len(staying) > target {
		leave, staying = append(leave, staying[len(staying)-1]), staying[:len(staying)-1]
	}
	return 0, leave
}
