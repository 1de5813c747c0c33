import { graphql } from '../gql';
import type { StudioKeyFactsFragment } from '../gql/graphql';

/** Those of one frontend alone. */
export const KEYS_HERE = graphql(`
  query StudioKeysHere($slug: String!, $after: String) {
    frontend(slug: $slug) {
      id
      apiKeys(first: 100, after: $after) { ...StudioKeyPage }
    }
  }
  fragment StudioKeyPage on ApiKeyConnection {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { ...StudioKeyFacts } }
  }
  fragment StudioKeyFacts on ApiKey {
    id name prefix scopes environments services publishable requestsPerMinute
    frontend { id slug name }
    createdAt lastUsedAt expiresAt rotatedAt revokedAt
    createdBy { id name }
  }
`);

/** Those of every frontend, and those that belong to none. */
export const KEYS_EVERYWHERE = graphql(`
  query StudioKeysEverywhere($after: String) {
    apiKeys(first: 100, after: $after) { ...StudioKeyPage }
  }
`);

export const CREATE = graphql(`
  mutation StudioKeyCreate($input: ApiKeyCreateInput!) {
    apiKeyCreate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }
  }
`);

export const ROTATE = graphql(`
  mutation StudioKeyRotate($input: ApiKeyRotateInput!) {
    apiKeyRotate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }
  }
`);

export const REVOKE = graphql(`
  mutation StudioKeyRevoke($input: ApiKeyRevokeInput!) {
    apiKeyRevoke(input: $input) { apiKey { ...StudioKeyFacts } userErrors { message path } }
  }
`);

/** The last change that was made with a key. */
export const LAST_CHANGE = graphql(`
  query StudioKeyLastChange($key: ID!) {
    auditLog(first: 1, filter: { actor: $key }) { edges { node { id at action subjectLabel } } }
  }
`);

/** What a first request can ask for: a path that is live, and where pages may run. */
export const TARGET = graphql(`
  query StudioKeyTarget($slug: String!, $environment: String!) {
    frontend(slug: $slug) {
      id
      origins
      routes(environment: $environment) { path }
    }
  }
`);

export type Key = StudioKeyFactsFragment;
