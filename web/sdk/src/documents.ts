// Every document that the SDK sends. The server knows them by hash: they run for frontends that let nothing else through.

const FIELDS = `fragment Snapshot on ScreenSnapshot {
  id key title path params contentHash root
  release { number publishedAt }
  blocks { key component version props bindings { pointer document variables path map } slots { name blocks } }
  degradations { blockKey wanted served reason }
}`;
export const SCREEN = `query SonataScreen($at: ScreenAt!, $context: DeliveryContext!) { screen(at: $at, context: $context) { ...Snapshot } }
${FIELDS}`;
export const FOLLOW_SCREEN = `subscription SonataScreenLive($at: ScreenAt!, $context: DeliveryContext!, $since: Hash) {
  screen(at: $at, context: $context, since: $since) { snapshot { ...Snapshot } }
}
${FIELDS}`;
export const FOLLOW_RELEASE = `subscription SonataRelease($frontend: ID!, $environment: String!) {
  release(frontend: $frontend, environment: $environment) { release { number } refetchWithinMs }
}`;
export const HOUSE = `query SonataHouse($frontend: String!, $environment: String!, $lookUp: Boolean!) {
  frontend(slug: $frontend) {
    routes(environment: $environment) { path screenKey title }
    builds(first: 100) @include(if: $lookUp) { edges { node { name manifest } } }
  }
}`;
export const REPORT = `mutation SonataUsage($input: UsageReportInput!) { usageReport(input: $input) { accepted } }`;
