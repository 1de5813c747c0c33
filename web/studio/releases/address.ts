// What of the releases is looked at is in the address, so that it can be sent to somebody.
import { useCallback, useSyncExternalStore } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useFrontend } from '../lib/frontend';
import { releaseOf } from '../shell/places';

export type View = 'list' | 'compare' | 'time' | 'log';

const EVENTS = ['hashchange', 'popstate', 'pushState', 'replaceState'];

function useHash(): string {
  return useSyncExternalStore((changed) => {
    for (const event of EVENTS) addEventListener(event, changed);
    return () => {
      for (const event of EVENTS) removeEventListener(event, changed);
    };
  }, () => location.hash);
}

export interface Address {
  readonly view: View;
  /** Number of the chosen release. */
  readonly chosen: number | undefined;
  /** Numbers of the two that are compared. */
  readonly pair: readonly [number, number] | undefined;
  /** The address of another way to look. */
  readonly at: (view: View) => string;
  readonly choose: (number: number | undefined) => void;
  readonly compare: (from: number, to: number) => void;
}

export function useAddress(): Address {
  const { frontend: { slug } } = useFrontend();
  const search = new URLSearchParams(useSearch());
  const hash = useHash();
  const [, go] = useLocation();
  const pair = /^(\d{1,9})\.\.(\d{1,9})$/.exec(search.get('compare') ?? '');
  const chosen = /^#release-(\d{1,9})$/.exec(hash);
  const view = search.has('compare') ? 'compare' : (['time', 'log'] as const).find((name) => name === search.get('view')) ?? 'list';
  const here = `/${slug}/releases`;
  return {
    view,
    chosen: chosen ? Number(chosen[1]) : undefined,
    pair: pair ? [Number(pair[1]), Number(pair[2])] : undefined,
    at: (next) => (next === 'list' ? here : next === 'compare' ? `${here}?compare` : `${here}?view=${next}`),
    choose: useCallback((number: number | undefined) => go(number === undefined ? here : releaseOf(slug, number)), [go, here, slug]),
    compare: useCallback((from: number, to: number) => go(`${here}?compare=${from}..${to}`, { replace: true }), [go, here]),
  };
}
