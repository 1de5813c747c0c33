// What the view of services asks for and sends.
import { graphql } from '../gql';
import type { StudioCheckFactsFragment, StudioServiceFactsFragment, StudioServiceFiguresQuery, StudioServiceVersionsQuery } from '../gql/graphql';

/** The state of all that may be seen, and what becomes of it. */
export const FOLLOW = graphql(`
  subscription StudioServices {
    services {
      services { ...StudioServiceFacts }
      withdrawn
      complete
    }
  }
  fragment StudioServiceFacts on Service {
    id name url owner description contact repository docsUrl allowedHosts
    live { id number publishedAt }
    health { state since reason }
  }
`);

/** What grows by itself, and the graph that they make up. */
export const FIGURES = graphql(`
  query StudioServiceFigures {
    services(first: 100) {
      edges { node { id name ...StudioServiceScaleFacts figures { calls errors p50Ms p95Ms p99Ms since breaker } } }
    }
    supergraph { id number composedAt }
  }
`);

/** The left side of the map. */
export const FRONTENDS = graphql(`
  query StudioServiceFrontends {
    frontends(first: 6) { totalCount edges { node { id slug name } } }
  }
`);

/** Without the schemas: two of them are read where they are compared. */
export const VERSIONS = graphql(`
  query StudioServiceVersions($name: String!, $after: String) {
    service(name: $name) {
      id
      live { id number }
      versions(first: 20, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id number hash publishedAt publishedBy { id name } } }
      }
    }
  }
`);

export const SCHEMAS = graphql(`
  query StudioServiceSchemas($ids: [ID!]!) {
    nodes(ids: $ids) { ... on SubgraphVersion { id number sdl } }
  }
`);

export const CHECK = graphql(`
  mutation StudioSubgraphCheck($input: SubgraphInput!) {
    subgraphCheck(input: $input) { check { ...StudioCheckFacts } userErrors { message path } }
  }
  fragment StudioCheckFacts on SubgraphCheck {
    ok
    composition { severity code message hint service line column }
    changes { kind path breaking message }
    brokenDocuments { document { id name } frontend { id slug name } reason }
    brokenElsewhere
  }
`);

export const ROLL_BACK = graphql(`
  mutation StudioSubgraphRollBack($input: SubgraphRollBackInput!) {
    subgraphRollBack(input: $input) { service { id live { id number } } userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }
  }
`);

export const WITHDRAW = graphql(`
  mutation StudioServiceWithdraw($input: ServiceWithdrawInput!) {
    serviceWithdraw(input: $input) { withdrawn userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }
  }
`);

export type Service = StudioServiceFactsFragment;
export type Check = StudioCheckFactsFragment;
export type Figures = NonNullable<StudioServiceFiguresQuery['services']>['edges'][number]['node']['figures'];
export type Version = NonNullable<StudioServiceVersionsQuery['service']>['versions']['edges'][number]['node'];
