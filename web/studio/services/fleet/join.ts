import type { History } from './graph';

/** So many minutes are kept. */
export const MOST = 15;

/** What is new joins what is known, and what is too old leaves. Whoever is not there any more is not shown. */
export function joined(before: readonly History[], now: readonly History[]): readonly History[] {
  // By the clock of the server: that of the browser may be another.
  const newest = Math.max(...[...before, ...now].map(({ history }) => Date.parse(history.at(-1)?.at ?? '') || 0));
  return now.map((instance) => {
    const first = Date.parse(instance.history[0]?.at ?? '') || Number.POSITIVE_INFINITY;
    const known = before.find(({ id }) => id === instance.id)?.history ?? [];
    return { ...instance, history: [...known.filter((point) => Date.parse(point.at) < first && Date.parse(point.at) > newest - MOST * 60_000), ...instance.history] };
  });
}
