import type { Client, OperationResult } from '@urql/core';
import type { StudioEditorFindQuery, StudioEditorScreenQuery } from '../../gql/graphql';
import { FIND, SCREEN } from './documents';

export type ScreenData = Extract<NonNullable<StudioEditorScreenQuery['node']>, { blocks: unknown }>;

/** The id of the screen with this key; null when there is none, undefined when the server does not answer. */
export async function findScreen(client: Client, slug: string, key: string): Promise<string | null | undefined> {
  let after: string | null = null;
  for (;;) {
    const answer: OperationResult<StudioEditorFindQuery> = await client.query(FIND, { slug, key, after }, { requestPolicy: 'network-only' }).toPromise();
    const page = answer.data?.frontend?.screens;
    if (!page) return answer.data ? null : undefined;
    const found = page.edges.find(({ node }) => node.key === key);
    if (found) return found.node.id;
    if (!page.pageInfo.hasNextPage) return null;
    after = page.pageInfo.endCursor ?? null;
  }
}

/** The screen as it is now; null when there is none, undefined when the server does not answer. */
export async function readScreen(client: Client, id: string): Promise<ScreenData | null | undefined> {
  const { data } = await client.query(SCREEN, { id }, { requestPolicy: 'network-only' }).toPromise();
  if (!data) return undefined;
  return data.node && 'blocks' in data.node ? (data.node as ScreenData) : null;
}
