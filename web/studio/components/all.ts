import { graphql } from '../gql';

/** The components of a frontend, a page of them. */
export const COMPONENTS = graphql(`
  query StudioComponents($slug: String!, $after: String) {
    frontend(slug: $slug) {
      components(first: 100, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id key title category versions { id version } } }
      }
    }
  }
`);
