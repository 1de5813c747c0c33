// What the palette lists, and in which order.
import type { LucideIcon } from 'lucide-react';
import { match, type Range } from './match';

export type Group = 'Recent' | 'Blocks on this screen' | 'Screens' | 'Actions' | 'Go to' | 'Components' | 'Releases' | 'Frontends';

export interface Item {
  /** Unique and stable: what is remembered as recent. */
  readonly id: string;
  readonly group: Group;
  readonly title: string;
  /** Said beside the title, and searched. */
  readonly detail?: string;
  /** Searched, not said. */
  readonly also?: string;
  readonly icon: LucideIcon;
  readonly keys?: string;
  /** Where it leads, below `/studio`. */
  readonly to?: string;
  readonly run?: () => void;
}

export interface Found extends Item {
  readonly ranges: readonly Range[];
  readonly score: number;
}

export interface Section {
  readonly name: Group;
  readonly items: readonly Found[];
}

/** Groups as they stand while nothing is typed, and how many of each. */
const idle: readonly (readonly [Group, number])[] = [['Recent', 6], ['Blocks on this screen', 5], ['Screens', 5], ['Actions', 20], ['Go to', 12], ['Frontends', 3]];
const MOST = 7;
const RECENT_BONUS = 8;

/** Ranked: groups by their best entry, entries by how well they fit; what was used lately a little ahead. */
export function find(items: readonly Item[], query: string, recent: readonly string[]): readonly Section[] {
  if (query.trim() === '') return untyped(items, recent);
  const groups = new Map<Group, Found[]>();
  for (const item of items) {
    const fit = match(query, item.title, `${item.detail ?? ''} ${item.also ?? ''}`);
    if (!fit) continue;
    const found = { ...item, ranges: fit.ranges, score: fit.score + (recent.includes(item.id) ? RECENT_BONUS : 0) };
    const group = groups.get(item.group);
    if (group) group.push(found);
    else groups.set(item.group, [found]);
  }
  return [...groups]
    .map(([name, found]) => ({ name, items: found.sort((a, b) => b.score - a.score).slice(0, MOST) }))
    .sort((a, b) => (b.items[0]?.score ?? 0) - (a.items[0]?.score ?? 0));
}

function untyped(items: readonly Item[], recent: readonly string[]): readonly Section[] {
  const used = new Set(recent);
  const plain = (item: Item): Found => ({ ...item, ranges: [], score: 0 });
  return idle
    .map(([name, most]) => ({
      name,
      items: name === 'Recent'
        ? recent.flatMap((id) => items.filter((item) => item.id === id).slice(0, 1)).slice(0, most).map(plain)
        : items.filter((item) => item.group === name && !used.has(item.id)).slice(0, most).map(plain),
    }))
    .filter((section) => section.items.length > 0);
}
