import { graphql } from '../gql';
import type { StudioAuditEntryQuery, StudioAuditQuery, StudioAuditRefusalsQuery } from '../gql/graphql';

export const LOG = graphql(`
  query StudioAudit($after: String, $subject: ID, $filter: AuditFilter) {
    auditLog(first: 50, after: $after, subject: $subject, filter: $filter) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { cursor node { id at actor { id kind name } action frontend subjectId subjectLabel requestId } }
    }
  }
`);

/** The detail is read when somebody looks at it: it holds as much as an edit does. */
export const ENTRY = graphql(`
  query StudioAuditEntry($id: ID!) {
    node(id: $id) { ... on AuditEntry { id sequence detail requestId hash previousHash } }
  }
`);

/** The newest entry: what its hash stands for is everything before. */
export const HEAD = graphql(`
  query StudioAuditHead {
    auditLog(first: 1) { edges { cursor node { id at hash } } }
  }
`);

export const REFUSALS = graphql(`
  query StudioAuditRefusals($after: String) {
    auditRefusals(first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { cursor node { at actor { id kind name } source action code count } }
    }
  }
`);

export const MEMBERS = graphql(`
  query StudioAuditMembers { members(first: 100) { edges { node { id name } } } }
`);

export const KEYS = graphql(`
  query StudioAuditKeys { apiKeys(first: 100) { edges { node { id name prefix } } } }
`);

export type Entry = NonNullable<StudioAuditQuery['auditLog']>['edges'][number]['node'];
export type Refusal = NonNullable<StudioAuditRefusalsQuery['auditRefusals']>['edges'][number]['node'];
export type Actor = Entry['actor'];
export type Detail = Extract<NonNullable<StudioAuditEntryQuery['node']>, { readonly hash: unknown }>;
