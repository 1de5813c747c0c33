import { graphql } from '../gql';
import type { StudioMembersQuery } from '../gql/graphql';

export const MEMBERS = graphql(`
  query StudioMembers($after: String) {
    members(first: 100, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { ...StudioMemberFacts } }
    }
  }
  fragment StudioMemberFacts on Member {
    id email name state createdAt lastSignedInAt
    grants { role scopes frontend frontendSlug environments services }
  }
`);

/** Where grants can hold. */
export const WHERE = graphql(`
  query StudioGrantPlaces {
    frontends(first: 100) { edges { node { id slug name environments { id key } } } }
  }
`);

export const INVITE = graphql(`
  mutation StudioMemberInvite($input: MemberInviteInput!) {
    memberInvite(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message path } }
  }
`);

export const UPDATE = graphql(`
  mutation StudioMemberUpdate($input: MemberUpdateInput!) {
    memberUpdate(input: $input) { member { ...StudioMemberFacts } userErrors { message path } }
  }
`);

export const NEW_LINK = graphql(`
  mutation StudioMemberLink($input: MemberLinkCreateInput!) {
    memberLinkCreate(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message } }
  }
`);

export const REMOVE = graphql(`
  mutation StudioMemberRemove($input: MemberRemoveInput!) {
    memberRemove(input: $input) { removedId userErrors { message } }
  }
`);

export type Member = NonNullable<StudioMembersQuery['members']>['edges'][number]['node'];
