import{u as e}from"./viewer.js";var t=e(`
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
`),n=e(`
  mutation StudioPublish($input: ReleasePublishInput!) {
    releasePublish(input: $input) {
      activation { id kind release { id number hash } previous { id number } }
      userErrors { message code }
    }
  }
`),r=e(`
  mutation StudioSchedule($input: ReleaseScheduleInput!) {
    releaseSchedule(input: $input) { schedule { id at release { number } } userErrors { message code } }
  }
`),i=e(`
  mutation StudioScheduleCancel($input: ReleaseScheduleCancelInput!) {
    releaseScheduleCancel(input: $input) { schedule { id state } userErrors { message } }
  }
`),a=new Intl.DateTimeFormat(`en`,{weekday:`long`,day:`numeric`,month:`long`,year:`numeric`}),o=new Intl.DateTimeFormat(`en`,{hour:`2-digit`,minute:`2-digit`,hourCycle:`h23`}),s=e=>`${a.format(e)} at ${o.format(e)}`;export{r as a,n as i,i as n,t as r,s as t};