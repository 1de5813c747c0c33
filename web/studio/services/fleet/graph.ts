// What is asked of the fleet, and sent to it.
import { graphql } from '../../gql';
import type { StudioFleetSummarySubscription, StudioHistoryQuery, StudioInstanceFactsFragment, StudioServiceScaleFactsFragment } from '../../gql/graphql';

/** What the list of services shows of all processes. */
export const SUMMARY = graphql(`
  subscription StudioFleetSummary {
    fleet { instances { id serviceName name state utilization health { state } } left complete }
  }
`);

/** The processes of one service. */
export const FLEET = graphql(`
  subscription StudioFleet($service: String!) {
    fleet(service: $service) { instances { ...StudioInstanceFacts } left complete }
  }
  fragment StudioInstanceFacts on Instance {
    id name url version agent weight state since lastSeenAt
    health { state since reason }
    utilization inFlight capacity cpu cores memory restarts
    figures { calls errors p50Ms p95Ms p99Ms since }
  }
`);

export const HISTORY = graphql(`
  query StudioHistory($service: String!, $minutes: Int!) {
    fleet(service: $service) { id name history(minutes: $minutes) { at utilization cpu memory inFlight rate errors p50Ms p95Ms p99Ms } }
  }
`);

export const SCALE = graphql(`
  mutation StudioServiceScale($input: ServiceScaleInput!) {
    serviceScale(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }
  }
  fragment StudioServiceScaleFacts on Service {
    replicas replicasReason replicasSince
    policy { minimum maximum targetUtilization calmDownSeconds }
  }
`);

export const POLICY = graphql(`
  mutation StudioServicePolicySet($input: ServicePolicySetInput!) {
    servicePolicySet(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }
  }
`);

export const DRAIN = graphql(`
  mutation StudioInstanceDrain($input: InstanceDrainInput!) {
    instanceDrain(input: $input) { instance { id state } userErrors { message } }
  }
`);

export type Summary = StudioFleetSummarySubscription['fleet']['instances'][number];
export type Instance = StudioInstanceFactsFragment;
export type History = NonNullable<StudioHistoryQuery['fleet']>[number];
export type Point = History['history'][number];
export type ScaleFacts = StudioServiceScaleFactsFragment;

/** The name under which Sonata's own processes are listed. */
export const SONATA = 'sonata';
