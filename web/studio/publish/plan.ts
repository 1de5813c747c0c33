import { graphql } from '../gql';

export const PLAN = graphql(`
  query StudioPublishPlan($slug: String!, $environment: String!, $screens: [String!]) {
    frontend(slug: $slug) {
      environment(key: $environment) { live { id number hash title createdAt author { name } } }
      publishPlan(environment: $environment, screens: $screens) {
        canPublish
        expectedLiveHash
        changes { kind key change summary }
        problems { severity code message screen blockKey }
        affectedBuilds { build { id name } screens degradations { blockKey wanted served reason } }
      }
    }
  }
`);

export const PUBLISH = graphql(`
  mutation StudioPublish($input: ReleasePublishInput!) {
    releasePublish(input: $input) {
      activation { id kind release { id number hash } previous { id number } }
      userErrors { message code }
    }
  }
`);

export const SCHEDULE = graphql(`
  mutation StudioSchedule($input: ReleaseScheduleInput!) {
    releaseSchedule(input: $input) { schedule { id at release { number } } userErrors { message code } }
  }
`);

export const CANCEL = graphql(`
  mutation StudioScheduleCancel($input: ReleaseScheduleCancelInput!) {
    releaseScheduleCancel(input: $input) { schedule { id state } userErrors { message } }
  }
`);
