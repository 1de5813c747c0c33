// How two texts differ, by words or by lines: the greedy algorithm of Myers, which is fast when little differs.

export interface Piece<T> {
  readonly kind: 'same' | 'added' | 'removed';
  readonly items: readonly T[];
}

/** Beyond this many differences two lists count as different altogether. */
const MOST = 500;

/** How `before` becomes `after`. */
export function pieces(before: readonly string[], after: readonly string[]): readonly Piece<string>[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const middle = myers(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return joined([{ kind: 'same', items: before.slice(0, head) }, ...middle, { kind: 'same', items: before.slice(before.length - tail) }]);
}

function joined(list: readonly Piece<string>[]): readonly Piece<string>[] {
  const out: { kind: Piece<string>['kind']; items: string[] }[] = [];
  for (const { kind, items } of list) {
    if (items.length === 0) continue;
    const last = out.at(-1);
    if (last?.kind === kind) last.items.push(...items);
    else out.push({ kind, items: [...items] });
  }
  return out;
}

function myers(a: readonly string[], b: readonly string[]): Piece<string>[] {
  const whole: Piece<string>[] = [{ kind: 'removed', items: a }, { kind: 'added', items: b }];
  if (a.length === 0 || b.length === 0) return whole;
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  const most = Math.min(a.length + b.length, MOST);
  for (let d = 0; d <= most; d++) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = down ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace, d);
    }
  }
  return whole;
}

function walkBack(a: readonly string[], b: readonly string[], trace: readonly Map<number, number>[], steps: number): Piece<string>[] {
  const found: Piece<string>[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = steps; d >= 0; d--) {
    const furthest = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const fromX = d === 0 ? 0 : (furthest.get(down ? k + 1 : k - 1) ?? 0);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      found.push({ kind: 'same', items: [a[x - 1] ?? ''] });
      x--;
      y--;
    }
    if (d === 0) break;
    if (down) found.push({ kind: 'added', items: [b[--y] ?? ''] });
    else found.push({ kind: 'removed', items: [a[--x] ?? ''] });
  }
  return found.reverse();
}

const segments = new Intl.Segmenter(undefined, { granularity: 'word' });

/** A text in words and what is between them, in any script. */
export const tokens = (text: string): readonly string[] => Array.from(segments.segment(text), ({ segment }) => segment);
