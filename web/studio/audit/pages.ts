// A log that is read page by page while it grows at its other end.
import type { CombinedError, TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useClient } from 'urql';
import type { ActivityKind } from '../gql/graphql';
import { useFresh } from '../lib/fresh';

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
  readonly edges: readonly Edge<Node>[];
}

export interface Known<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly total: number;
  /** Where the older ones begin; undefined when all are there. */
  readonly cursor: string | undefined;
}

const cursorOf = ({ pageInfo }: Connection<unknown>): string | undefined => (pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined);

/** The newest page over what was known. When more is new than a page holds, what was known is too far back to join. */
export function newest<Node>(known: Known<Node> | undefined, page: Connection<Node>): Known<Node> {
  const there = new Set(page.edges.map(({ cursor }) => cursor));
  const joint = known?.edges.findLastIndex(({ cursor }) => there.has(cursor)) ?? -1;
  const rest = joint < 0 ? [] : (known?.edges.slice(joint + 1) ?? []);
  return { edges: [...page.edges, ...rest], total: page.totalCount, cursor: rest.length > 0 ? known?.cursor : cursorOf(page) };
}

export function older<Node>(known: Known<Node>, page: Connection<Node>): Known<Node> {
  return { edges: [...known.edges, ...page.edges], total: known.total, cursor: cursorOf(page) };
}

/** Things of a frontend whose change makes entries. */
const ON: readonly ActivityKind[] = ['SCREENS', 'RELEASES', 'SCHEDULES', 'COMPONENTS', 'FRONTEND', 'ASSETS', 'DOCUMENTS'];

export interface Pages<Node> {
  /** The newest first; undefined until the first are there. */
  readonly edges: readonly Edge<Node>[] | undefined;
  readonly total: number;
  readonly error: CombinedError | undefined;
  readonly more: boolean;
  readonly loading: boolean;
  readonly loadMore: () => void;
}

interface Args<Data, Variables, Node> {
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  readonly of: (data: Data) => Connection<Node> | null | undefined;
  readonly pause: boolean;
}

/** For one set of variables as long as it is shown: others are another component, by key. */
export function usePages<Data, Variables extends { readonly after?: string | null | undefined }, Node>({ query, variables, of, pause }: Args<Data, Variables, Node>): Pages<Node> {
  const client = useClient();
  const [{ data, error }] = useFresh({ query, variables, on: ON, pause });
  const [state, keep] = useState<{ readonly page: Connection<Node>; readonly known: Known<Node> }>();
  const [loading, load] = useState(false);
  const page = data ? (of(data) ?? undefined) : undefined;
  if (page && state?.page !== page) keep({ page, known: newest(state?.known, page) });

  const cursor = state?.known.cursor;
  const loadMore = (): void => {
    if (cursor === undefined || loading) return;
    load(true);
    void client.query(query, { ...variables, after: cursor }).toPromise().then(({ data: answered }) => {
      load(false);
      const found = answered ? of(answered) : undefined;
      if (found) keep((before) => (before?.known.cursor === cursor ? { ...before, known: older(before.known, found) } : before));
    });
  };
  return { edges: state?.known.edges, total: state?.known.total ?? 0, error, more: cursor !== undefined, loading, loadMore };
}
