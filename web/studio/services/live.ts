// The services as they are now: their state by a stream, their figures read again and again.
import { useEffect, useMemo, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { useStanding } from '../access/viewer';
import { useConnection } from '../lib/client';
import type { ScaleFacts } from './fleet/graph';
import { FIGURES, FOLLOW, type Figures, type Service } from './graph';

/** How often figures are read again while the tab can be seen, in milliseconds. */
const EVERY = 5_000;

export interface Live {
  /** By name; undefined until the first event. */
  readonly services: readonly Service[] | undefined;
  readonly figuresOf: (name: string) => Figures | undefined;
  readonly scaleOf: (name: string) => ScaleFacts | undefined;
  /** Number of the version of the graph; undefined for none. */
  readonly supergraph: { readonly number: number; readonly composedAt: string } | undefined;
  /** It cannot be read right now. */
  readonly away: boolean;
}

export function useServices(pause: boolean): Live {
  const client = useClient();
  const { times } = useStanding();
  // A server that stops completes its streams: they begin anew with the next line to one.
  const gone = useConnection() === 'away';
  const [services, set] = useState<readonly Service[]>();
  const [failed, fail] = useState(false);
  const [{ data, error }, again] = useQuery({ query: FIGURES, pause });
  useEffect(() => {
    if (pause || gone) return;
    return client.subscription(FOLLOW, {}).subscribe(({ data: event, error: problem }) => {
      fail(problem !== undefined);
      if (!event) return;
      const { services: changed, withdrawn, complete } = event.services;
      set((before = []) => {
        const gone = new Set([...withdrawn, ...changed.map(({ name }) => name)]);
        return [...(complete ? [] : before.filter(({ name }) => !gone.has(name))), ...changed].sort((a, b) => (a.name < b.name ? -1 : 1));
      });
      again({ requestPolicy: 'network-only' });
    }).unsubscribe;
  }, [client, pause, gone, again, times]);
  useEffect(() => {
    if (pause) return;
    const timer = setInterval(() => {
      if (!document.hidden) again({ requestPolicy: 'network-only' });
    }, EVERY);
    return () => clearInterval(timer);
  }, [again, pause]);
  return useMemo(() => {
    const known = new Map(data?.services?.edges.map(({ node }) => [node.name, node]));
    return { services, figuresOf: (name) => known.get(name)?.figures, scaleOf: (name) => known.get(name), supergraph: data?.supergraph ?? undefined, away: services === undefined && (failed || error !== undefined) };
  }, [services, data, failed, error]);
}
