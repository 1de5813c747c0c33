import{u as e}from"./viewer.js";var t=e(`
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
`),n=e(`
  query StudioGrantPlaces {
    frontends(first: 100) { edges { node { id slug name environments { id key } } } }
  }
`),r=e(`
  mutation StudioMemberInvite($input: MemberInviteInput!) {
    memberInvite(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message path } }
  }
`),i=e(`
  mutation StudioMemberUpdate($input: MemberUpdateInput!) {
    memberUpdate(input: $input) { member { ...StudioMemberFacts } userErrors { message path } }
  }
`),a=e(`
  mutation StudioMemberLink($input: MemberLinkCreateInput!) {
    memberLinkCreate(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message } }
  }
`),o=e(`
  mutation StudioMemberRemove($input: MemberRemoveInput!) {
    memberRemove(input: $input) { removedId userErrors { message } }
  }
`);export{i as a,o as i,t as n,n as o,a as r,r as t};