import { graphql } from '../../gql';
import { useLive } from '../../lib/activity';
import { useFrontend } from '../../lib/frontend';
import type { Insertable } from './items';

const PARTS = graphql(`
  query StudioEditorParts($slug: String!) {
    frontend(slug: $slug) { screens(first: 100) { pageInfo { hasNextPage } edges { node { key title path status } } } }
  }
`);

/** The shared parts that a screen can include; undefined until they are known. */
export function useParts(screen: string, pause: boolean): readonly Insertable[] | undefined {
  const { frontend } = useFrontend();
  const [{ data }] = useLive({ query: PARTS, variables: { slug: frontend.slug }, on: ['SCREENS'], pause });
  return data?.frontend?.screens.edges
    .filter(({ node }) => node.path === null && node.key !== screen && node.status !== 'DELETED')
    .map(({ node }) => ({ key: node.key, title: node.title, description: node.key, category: 'Shared parts' }));
}
