// Keeps what is shown current: the server says that something of a kind changed, and whoever shows it reads again.
import type { TypedDocumentNode } from '@urql/core';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useClient, useQuery, type AnyVariables, type UseQueryArgs, type UseQueryResponse } from 'urql';
import { useStanding } from '../access/viewer';
import { graphql } from '../gql';
import type { ActivityKind } from '../gql/graphql';

type Listener = (kinds: readonly ActivityKind[]) => void;

const ActivityContext = createContext<Set<Listener>>(new Set());

const ACTIVITY = graphql(`
  subscription StudioActivity($frontend: ID!) {
    activity(frontend: $frontend) { kinds at }
  }
`);

/** Follows one frontend for everything below it. */
export function ActivityProvider({ frontend, children }: { readonly frontend: string; readonly children: ReactNode }): ReactNode {
  const listeners = useMemo(() => new Set<Listener>(), []);
  const client = useClient();
  const { times } = useStanding();
  const seen = useRef(times);
  useEffect(() => {
    // The first event of a stream says "everything": after a reconnect what was missed is read that way, and after a new
    // sign-in, too. The very first one comes right after the views have read, and would only make them read twice.
    let first = seen.current === times;
    return client.subscription(ACTIVITY, { frontend }).subscribe(({ data }) => {
      if (!data) return;
      if (first) first = false;
      else for (const listener of listeners) listener(data.activity.kinds);
    }).unsubscribe;
  }, [client, frontend, listeners, times]);
  return <ActivityContext value={listeners}>{children}</ActivityContext>;
}

/** Calls back when something of one of these kinds changed. */
export function useActivity(kinds: readonly ActivityKind[], then: () => void): void {
  const listeners = useContext(ActivityContext);
  const latest = useRef(then);
  useEffect(() => {
    latest.current = then;
  });
  const wanted = kinds.join(' ');
  useEffect(() => {
    const listener: Listener = (changed) => {
      if (wanted.split(' ').some((kind) => changed.includes(kind as ActivityKind))) latest.current();
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listeners, wanted]);
}

interface LiveArgs<Variables extends AnyVariables, Data> {
  readonly query: UseQueryArgs<Variables, Data>['query'] | TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  /** Kinds of change after which it is read again. */
  readonly on: readonly ActivityKind[];
  readonly pause?: boolean;
}

/**
 * A query that stays current. While the server is away it stays what it was last: a view that is open, and what is typed
 * in it, must not be lost over an answer that did not come.
 */
export function useLive<Data, Variables extends AnyVariables>(args: LiveArgs<Variables, Data>): UseQueryResponse<Data, Variables> {
  const [state, again] = useQuery<Data, Variables>({ query: args.query, variables: args.variables, pause: args.pause ?? false } as UseQueryArgs<Variables, Data>);
  useActivity(args.on, () => {
    if (!args.pause) again({ requestPolicy: 'network-only' });
  });
  const of = JSON.stringify(args.variables);
  const [last, keep] = useState<{ readonly of: string; readonly data: Data }>();
  if (state.data !== undefined && (last?.data !== state.data || last.of !== of)) keep({ of, data: state.data });
  // Asked again after an answer that did not come, there is for a moment neither data nor error.
  const kept = state.data === undefined && (state.error?.networkError || (state.fetching && !state.error)) && last?.of === of ? last.data : undefined;
  return [kept === undefined ? state : { ...state, data: kept }, again];
}
