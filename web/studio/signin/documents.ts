// How one signs in, out, and for the first time. Their names are known to the guard of requests.
import { graphql } from '../gql';

export const SIGN_IN = graphql(`
  mutation StudioSignIn($input: SessionCreateInput!) {
    sessionCreate(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }
  }
`);

export const JOIN = graphql(`
  mutation StudioJoin($input: MemberLinkAcceptInput!) {
    memberLinkAccept(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }
  }
`);

export const SET_UP = graphql(`
  mutation StudioSetup($input: SetupCompleteInput!) {
    setupComplete(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }
  }
`);
