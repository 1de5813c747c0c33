package graph

import (
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/usage"
)

func windowOf(w model.UsageWindow) usage.Window {
	if w == model.UsageWindowWeek {
		return usage.Week
	}
	return usage.Day
}

func reportIn(in model.UsageReportInput) usage.Report {
	return usage.Report{
		Frontend: in.Frontend, Environment: in.Environment, Build: text(in.Build), Release: in.Release,
		Screens: mapAll(in.Screens, func(s model.ScreenUsageInput) usage.ScreenReport {
			return usage.ScreenReport{Screen: s.Screen, Views: s.Views, Blocks: mapAll(s.Blocks.Value(), blockReportIn)}
		}),
	}
}

func blockReportIn(in model.BlockUsageInput) usage.BlockReport {
	return usage.BlockReport{Key: in.Key, Views: in.Views, Clicks: in.Clicks, RenderErrors: in.RenderErrors}
}

func countOf(c usage.Count) *model.UsageCount {
	return &model.UsageCount{Views: float64(c.Views), Clicks: float64(c.Clicks), RenderErrors: float64(c.RenderErrors)}
}

func figuresOf(f usage.Figures) *model.UsageReport {
	return &model.UsageReport{
		Total: countOf(f.Total), Previous: countOf(f.Previous),
		Hours: mapAll(f.Hours, func(h usage.HourFigures) model.UsageHour {
			return model.UsageHour{At: h.At, Count: countOf(h.Count)}
		}),
		Screens: mapAll(f.Screens, screenFiguresOf),
		Blocks:  mapAll(f.Blocks, blockFiguresOf),
		Releases: mapAll(f.Releases, func(r usage.ReleaseFigures) model.ReleaseUsage {
			return model.ReleaseUsage{Release: releaseOf(r.Release), Count: countOf(r.Count)}
		}),
		Builds: mapAll(f.Builds, func(b usage.BuildFigures) model.BuildUsage {
			return model.BuildUsage{Build: b.Build, Count: countOf(b.Count)}
		}),
	}
}

func screenFiguresOf(s usage.ScreenFigures) model.ScreenUsage {
	return model.ScreenUsage{
		ScreenKey: s.Screen, Count: countOf(s.Count), Previous: countOf(s.Previous), Blocks: mapAll(s.Blocks, blockFiguresOf),
	}
}

func blockFiguresOf(b usage.BlockFigures) model.BlockUsage {
	return model.BlockUsage{ScreenKey: b.Screen, BlockKey: b.Block, Count: countOf(b.Count)}
}
