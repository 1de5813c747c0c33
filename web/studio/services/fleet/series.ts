// What the chart draws: for each figure, how it is read from a point, written, and scaled.
import { count, duration } from '../../lib/format';
import type { History, Point } from './graph';

export type Kind = 'utilization' | 'cpu' | 'memory' | 'rate' | 'p95' | 'errors';

interface Measure {
  readonly name: string;
  /** What a value is of, for who reads the chart. */
  readonly says: string;
  readonly of: (point: Point) => number | null | undefined;
  readonly text: (value: number) => string;
  /** The scale reaches at least so far. */
  readonly least: number;
  /** Of two, not of ten: bytes. */
  readonly binary?: boolean;
}

/** So few that are not whole need digits. */
const few = (value: number): string => (value === 0 ? '0' : value < 0.01 ? '< 0.01' : value < 10 ? String(Number(value.toFixed(2))) : count(Math.round(value)));

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** "96 MiB". */
export function bytes(value: number): string {
  let n = value;
  let unit = 0;
  while (n >= 1024 && unit < UNITS.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${n < 10 && unit > 0 ? Number(n.toFixed(1)) : Math.round(n)} ${UNITS[unit] ?? ''}`;
}

export const percent = (value: number): string => `${Math.round(100 * value)} %`;
export const rateText = (value: number): string => `${few(value)}/s`;
export const cores = few;

export const measures: Readonly<Record<Kind, Measure>> = {
  utilization: { name: 'Utilization', says: 'How busy it was', of: (point) => point.utilization, text: percent, least: 1 },
  cpu: { name: 'CPU', says: 'CPU cores in use', of: (point) => point.cpu, text: (value) => `${few(value)} ${value === 1 ? 'core' : 'cores'}`, least: 0.1 },
  memory: { name: 'Memory', says: 'Resident memory', of: (point) => point.memory, text: bytes, least: 1024, binary: true },
  rate: { name: 'Rate', says: 'Requests a second', of: (point) => point.rate, text: rateText, least: 1 },
  p95: { name: 'p95', says: '95 of 100 requests took at most so long', of: (point) => point.p95Ms, text: duration, least: 10 },
  errors: { name: 'Errors', says: 'Requests that failed, a second', of: (point) => point.errors, text: rateText, least: 1 },
};

export const kinds = Object.keys(measures) as readonly Kind[];

const STEP = 10_000;
const STEPS = 90;

/** The moments of the chart, the oldest first: a quarter of an hour in steps of ten seconds, until the newest point that there is. */
export function momentsOf(all: readonly History[]): readonly number[] {
  const newest = Math.max(0, ...all.map(({ history }) => Date.parse(history.at(-1)?.at ?? '') || 0));
  return newest === 0 ? [] : Array.from({ length: STEPS }, (_, i) => newest - (STEPS - 1 - i) * STEP);
}

export interface Line {
  readonly id: string;
  readonly name: string;
  /** One for each moment; null where nothing is known. */
  readonly values: readonly (number | null)[];
}

export function linesOf(all: readonly History[], kind: Kind, moments: readonly number[]): readonly Line[] {
  return all.map(({ id, name, history }) => {
    const at = new Map(history.map((point) => [Date.parse(point.at), measures[kind].of(point) ?? null]));
    return { id, name, values: moments.map((moment) => at.get(moment) ?? null) };
  });
}

const nice = (value: number, base: number): number => {
  if (base === 2) return 2 ** Math.ceil(Math.log2(value));
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value * 0.999_999) ?? 10) * power;
};

/** The top of the scale: a round number above all that is drawn. */
export function topOf(lines: readonly Line[], kind: Kind): number {
  const { least, binary } = measures[kind];
  return nice(Math.max(least, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))), binary ? 2 : 10);
}

/** The path of a line in a box of so many steps by 100; it breaks where nothing is known, and a point alone is a dash. */
export function pathOf(values: Line['values'], top: number): string {
  let path = '';
  let before = false;
  values.forEach((value, i) => {
    if (value === null) {
      before = false;
      return;
    }
    const y = (100 - 100 * Math.min(1, value / top)).toFixed(2);
    const alone = !before && (values[i + 1] ?? null) === null;
    path += before ? `L${i} ${y}` : alone ? `M${i - 0.3} ${y}L${i + 0.3} ${y}` : `M${i} ${y}`;
    before = true;
  });
  return path;
}
