// The releases of a frontend, page after page. Releases never change: what was read once stays.
import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql';
import type { StudioReleasesQuery } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';

const RELEASES = graphql(`
  query StudioReleases($slug: String!, $after: String) {
    frontend(slug: $slug) {
      releases(first: 25, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id number hash title createdAt author { name } changes { kind key change summary } } }
      }
    }
  }
`);

type Connection = NonNullable<StudioReleasesQuery['frontend']>['releases'];
export type Release = Connection['edges'][number]['node'];

export interface Releases {
  /** The newest first; undefined until the first are there. */
  readonly list: readonly Release[] | undefined;
  readonly total: number;
  readonly away: boolean;
  /** Whether there are older ones than those of the list. */
  readonly more: boolean;
  readonly loadMore: () => void;
  readonly loading: boolean;
}

interface Known {
  readonly slug: string;
  readonly byNumber: ReadonlyMap<number, Release>;
  /** Where the older ones begin: undefined when all are there. */
  readonly cursor: string | undefined;
}

const cursorOf = ({ pageInfo }: Connection): string | undefined => (pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined);

export function useReleases(): Releases {
  const { frontend: { slug } } = useFrontend();
  const client = useClient();
  const [{ data, error }] = useLive({ query: RELEASES, variables: { slug }, on: ['RELEASES'] });
  const [known, keep] = useState<Known>();
  const [loading, load] = useState(false);
  const first = data?.frontend?.releases;
  const current = known?.slug === slug ? known : undefined;

  useEffect(() => {
    if (!first) return;
    keep((before) => {
      const same = before?.slug === slug ? before : undefined;
      const newest = first.edges[0]?.node.number ?? 0;
      const last = first.edges.at(-1)?.node.number ?? 0;
      // More new ones than a page holds: what was known is too far back to join.
      const joins = same !== undefined && Math.max(0, ...same.byNumber.keys()) >= last - 1;
      const byNumber = new Map(joins ? same.byNumber : []);
      for (const { node } of first.edges) byNumber.set(node.number, node);
      return newest === 0 && !same ? { slug, byNumber, cursor: undefined } : { slug, byNumber, cursor: joins ? same.cursor : cursorOf(first) };
    });
  }, [first, slug]);

  const cursor = current?.cursor;
  const loadMore = useCallback(() => {
    if (cursor === undefined || loading) return;
    load(true);
    void client.query(RELEASES, { slug, after: cursor }).toPromise().then(({ data: page }) => {
      load(false);
      const found = page?.frontend?.releases;
      if (!found) return;
      keep((before) => (before?.slug === slug ? { slug, byNumber: new Map([...before.byNumber, ...found.edges.map(({ node }) => [node.number, node] as const)]), cursor: cursorOf(found) } : before));
    });
  }, [client, slug, cursor, loading]);

  return {
    list: current && [...current.byNumber.values()].sort((a, b) => b.number - a.number),
    total: first?.totalCount ?? 0,
    away: first === undefined && error !== undefined,
    more: cursor !== undefined,
    loadMore,
    loading,
  };
}
