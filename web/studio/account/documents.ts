import { graphql } from '../gql';

export const SIGN_OUT = graphql(`
  mutation StudioSignOut { sessionEnd { userErrors { message } } }
`);

export const END_SESSIONS = graphql(`
  mutation StudioSessionsEnd($input: MemberSessionsEndInput!) {
    memberSessionsEnd(input: $input) { member { id } userErrors { message } }
  }
`);

export const CHANGE_PASSWORD = graphql(`
  mutation StudioPasswordChange($input: PasswordChangeInput!) {
    passwordChange(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }
  }
`);
