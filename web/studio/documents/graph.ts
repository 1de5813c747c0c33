// What the view of documents asks for and sends.
import { graphql } from '../gql';
import type { StudioDocumentFactsFragment, StudioDocumentQuery, StudioUnknownDocumentFactsFragment } from '../gql/graphql';

export const SAFELIST = graphql(`
  query StudioSafelist($slug: String!) {
    frontend(slug: $slug) { id safelist }
  }
`);

/** Without the texts: they are read one by one. */
export const TRUSTED = graphql(`
  query StudioDocuments($slug: String!, $after: String, $query: String) {
    frontend(slug: $slug) {
      id
      documents(first: 50, after: $after, query: $query) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { ...StudioDocumentFacts } }
      }
    }
  }
  fragment StudioDocumentFacts on TrustedDocument {
    id hash name kind calls errors p50Ms p95Ms lastUsedAt retiredAt valid invalidReason
  }
`);

export const ONE = graphql(`
  query StudioDocument($id: ID!) {
    node(id: $id) { ... on TrustedDocument { id body registeredAt publicMaxAge builds { build calls errors } } }
  }
`);

export const UNKNOWN = graphql(`
  query StudioUnknownDocuments($slug: String!, $first: Int, $after: String) {
    frontend(slug: $slug) {
      id
      unknownDocuments(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { ...StudioUnknownDocumentFacts } }
      }
    }
  }
  fragment StudioUnknownDocumentFacts on UnknownDocument { hash name body calls firstSeenAt lastSeenAt }
`);

/** What enforcing would come down on; a page of those that are registered. */
export const BEFORE_ENFORCING = graphql(`
  query StudioBeforeEnforcing($slug: String!, $after: String) {
    frontend(slug: $slug) {
      id
      documents(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        edges { node { id retiredAt valid } }
      }
      unknownDocuments(first: 1) { totalCount }
    }
  }
`);

export const REGISTER = graphql(`
  mutation StudioDocumentsRegister($input: DocumentsRegisterInput!) {
    documentsRegister(input: $input) {
      added
      documents { id name kind }
      userErrors { message path ... on DocumentInvalid { name line column } }
    }
  }
`);

export const RETIRE = graphql(`
  mutation StudioDocumentRetire($input: DocumentRetireInput!) {
    documentRetire(input: $input) { document { ...StudioDocumentFacts } userErrors { message path } }
  }
`);

export const UPDATE = graphql(`
  mutation StudioDocumentUpdate($input: DocumentUpdateInput!) {
    documentUpdate(input: $input) { document { id publicMaxAge } userErrors { message path } }
  }
`);

export const SET_SAFELIST = graphql(`
  mutation StudioSafelistSet($input: SafelistSetInput!) {
    safelistSet(input: $input) { frontend { id safelist } userErrors { message path } }
  }
`);

export type Trusted = StudioDocumentFactsFragment;
export type Unknown = StudioUnknownDocumentFactsFragment;
export type Whole = Extract<NonNullable<StudioDocumentQuery['node']>, { body: string }>;
