// Documents that the SDK sent before: bundles that were built with it go on sending them, also to frontends that let only
// registered documents through. What is sent today is in src/documents.ts; nothing is ever taken out of here.

const WITHOUT_BINDINGS = `fragment Snapshot on ScreenSnapshot {
  id key title path params contentHash root
  release { number publishedAt }
  blocks { key component version props slots { name blocks } }
  degradations { blockKey wanted served reason }
}`;
export const SCREEN_0 = `query SonataScreen($at: ScreenAt!, $context: DeliveryContext!) { screen(at: $at, context: $context) { ...Snapshot } }
${WITHOUT_BINDINGS}`;
export const FOLLOW_SCREEN_0 = `subscription SonataScreenLive($at: ScreenAt!, $context: DeliveryContext!, $since: Hash) {
  screen(at: $at, context: $context, since: $since) { snapshot { ...Snapshot } }
}
${WITHOUT_BINDINGS}`;
