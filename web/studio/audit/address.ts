// What of the log is looked at is in the address, under the names that the file has them: a view can be sent to somebody,
// and downloaded as it is.
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { StudioAuditQueryVariables } from '../gql/graphql';
import { useFrontend } from '../lib/frontend';

export const conditions = ['actor', 'action', 'subject', 'frontend', 'from', 'to'] as const;
export type Condition = (typeof conditions)[number];
export type Filter = Readonly<Partial<Record<Condition, string>>>;

/** A moment as the graph writes it; undefined for what is none. A day is its beginning, in UTC. */
export function momentIn(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace('.000Z', 'Z');
}

export function filterIn(search: string): Filter {
  const given = new URLSearchParams(search);
  return Object.fromEntries(conditions.flatMap((name) => {
    const text = given.get(name) ?? '';
    const value = name === 'from' || name === 'to' ? momentIn(text) : text;
    return value ? [[name, value]] : [];
  }));
}

/** What stands behind the question mark, with it; empty for everything. */
export function searchOf(filter: Filter): string {
  const given = new URLSearchParams(conditions.flatMap((name) => (filter[name] ? [[name, filter[name]]] : [])));
  return given.size > 0 ? `?${given}` : '';
}

export function variablesOf({ subject, ...filter }: Filter): StudioAuditQueryVariables {
  return { ...(subject ? { subject } : {}), ...(Object.keys(filter).length > 0 ? { filter } : {}) };
}

export type View = 'log' | 'refusals';

export interface Address {
  readonly view: View;
  readonly filter: Filter;
  readonly at: (view: View) => string;
  /** Sets some conditions and takes away those that are undefined or empty. What is typed replaces its own traces. */
  readonly narrow: (change: Partial<Record<Condition, string | undefined>>, typed?: boolean) => void;
  readonly clear: () => void;
}

export function useAddress(): Address {
  const { frontend: { slug } } = useFrontend();
  const search = useSearch();
  const [, go] = useLocation();
  return useMemo(() => {
    const filter = filterIn(search);
    const here = `/${slug}/audit`;
    return {
      view: new URLSearchParams(search).get('view') === 'refusals' ? 'refusals' : 'log',
      filter,
      at: (view) => (view === 'log' ? here : `${here}?view=${view}`),
      narrow: (change, typed = false) => go(here + searchOf({ ...filter, ...change } as Filter), { replace: typed }),
      clear: () => go(here),
    };
  }, [search, slug, go]);
}
