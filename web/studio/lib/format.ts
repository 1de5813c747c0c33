// Numbers, times and words for people.

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const STEPS: readonly (readonly [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  [60, 'second', 1], [3_600, 'minute', 60], [86_400, 'hour', 3_600], [86_400 * 14, 'day', 86_400], [86_400 * 60, 'week', 86_400 * 7], [Number.POSITIVE_INFINITY, 'month', 86_400 * 30],
];

/** How long ago, or how far ahead: "5 minutes ago", "in 2 hours", "just now". */
export function ago(at: string | number, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1_000;
  if (Math.abs(seconds) < 10) return 'just now';
  const step = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  return step ? relative.format(Math.round(seconds / step[2]), step[1]) : '';
}

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
export const exactly = (at: string | number): string => dateTime.format(new Date(at));

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
export const count = (n: number): string => (n < 10_000 ? n.toLocaleString('en') : compact.format(n));

/** "1 change", "3 changes". */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

const list = new Intl.ListFormat('en', { type: 'conjunction' });
export const and = (words: readonly string[]): string => list.format(words);

/** What a person reads for a key: `product-grid` is "Product grid". */
export function words(key: string): string {
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[-_]+/g, ' ').trim().toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** Milliseconds as people say them. */
export const duration = (ms: number): string => (ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** Messages of the server are clauses; people read sentences. */
export function sentence(clause: string): string {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
