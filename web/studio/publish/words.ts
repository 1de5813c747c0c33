// What the server says about changes, as people read it.
import { plural, words } from '../lib/format';

const KEY_FIRST = /^([A-Za-z][\w-]*)(?=: | added| removed| moved from)/;

/** One line of a change's summary: `product-grid: title changed` is "Product grid: title changed". */
export function said(summary: string): string {
  const named = summary.replace(KEY_FIRST, (key) => words(key));
  return named.charAt(0).toUpperCase() + named.slice(1);
}

interface Change {
  readonly kind: string;
  readonly key: string;
  readonly change: string;
  readonly summary: readonly string[];
}

/** What a change of one screen is, line by line. What was added or removed as a whole is told with its title, as it is. */
export const lines = ({ change, summary }: Change): readonly string[] => (change === 'CHANGED' ? summary.map(said) : summary);

export const MAX_TITLE = 200;

/** A title for a release out of what changes with it. */
export function titleOf(changes: readonly Change[]): string {
  const screens = changes.filter(({ kind }) => kind === 'SCREEN');
  const [first, second] = screens;
  if (!first) return '';
  const clip = (text: string): string => (text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1)}…` : text);
  if (!second) return clip(first.summary.length === 1 ? (lines(first)[0] ?? '') : `${words(first.key)}: ${plural(first.summary.length, 'change')}`);
  return clip(screens.length === 2 ? `${words(first.key)} and ${words(second.key).toLowerCase()} changed` : `${screens.length} screens changed`);
}
