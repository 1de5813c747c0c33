// The other gateway at its best: plans and runs with its Rust runtime, and nothing that is not needed. Equal requests that are
// under way are not shared, as they are not in Sonata.
export const gatewayConfig = {
  logging: false,
  graphiql: false,
  landingPage: false,
  maskedErrors: false,
  transportEntries: { "*.http": { options: { deduplicateInflightRequests: false } } },
  inboundInflightRequestDeduplication: false,
};
