import{u as e}from"./viewer.js";var t=e(`
  mutation StudioSignIn($input: SessionCreateInput!) {
    sessionCreate(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }
  }
`),n=e(`
  mutation StudioJoin($input: MemberLinkAcceptInput!) {
    memberLinkAccept(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }
  }
`),r=e(`
  mutation StudioSetup($input: SetupCompleteInput!) {
    setupComplete(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }
  }
`);export{r as n,t as r,n as t};