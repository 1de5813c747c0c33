// How many screens differ from what is live: what the publish button and the navigation say.
import { graphql } from '../gql';
import { useLive } from './activity';
import { useFrontend } from './frontend';

const PENDING = graphql(`
  query StudioPending($slug: String!) {
    frontend(slug: $slug) {
      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }
      added: screens(first: 0, filter: { status: NEW }) { totalCount }
      deleted: screens(first: 0, filter: { status: DELETED }) { totalCount }
    }
  }
`);

/** Undefined until it is known. Compared with production, as drafts are everywhere in the studio. */
export function usePending(): number | undefined {
  const { frontend } = useFrontend();
  const [{ data }] = useLive({ query: PENDING, variables: { slug: frontend.slug }, on: ['SCREENS', 'RELEASES'] });
  const there = data?.frontend;
  return there ? there.edited.totalCount + there.added.totalCount + there.deleted.totalCount : undefined;
}
