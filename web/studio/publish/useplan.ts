import { useMemo, useState } from 'react';
import type { StudioPublishPlanQuery } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';
import { PLAN } from './plan';

type Found = NonNullable<StudioPublishPlanQuery['frontend']>;
type Plan = Found['publishPlan'];

export interface PlanState {
  /** Whether the list of what changed is there. */
  readonly known: boolean;
  /** Whether the plan for exactly what is chosen is there. */
  readonly ready: boolean;
  readonly away: boolean;
  readonly canPublish: boolean;
  readonly changes: Plan['changes'];
  /** The screens that changed. */
  readonly screens: Plan['changes'];
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
  /** What to ask for; undefined for all that changed. */
  readonly asked: readonly string[] | undefined;
  readonly problems: Plan['problems'];
  readonly affected: Plan['affectedBuilds'];
  readonly live: NonNullable<Found['environment']>['live'] | undefined;
  /** Hash of what was live when the plan was looked at first. */
  readonly seen: string | null | undefined;
  /** Whether something else is live by now than was seen. */
  readonly moved: boolean;
  readonly accept: () => void;
  readonly again: () => void;
}

const ON = ['SCREENS', 'RELEASES', 'COMPONENTS'] as const;

/** What a publish would do, kept current, for all that changed and for what is chosen of it. */
export function usePlan(environment: string, wanted: readonly string[] | undefined): PlanState {
  const { frontend } = useFrontend();
  // Left out instead of chosen: what changes while the dialog is open is in, as all is in the beginning.
  const [left, leave] = useState<ReadonlySet<string>>();
  const [seen, see] = useState<{ readonly environment: string; readonly hash: string | null }>();
  const [{ data: all, error: allError, stale: allStale }, againAll] = useLive({ query: PLAN, variables: { slug: frontend.slug, environment }, on: ON });
  const screens = useMemo(() => (all?.frontend?.publishPlan.changes ?? []).filter(({ kind }) => kind === 'SCREEN'), [all]);
  const chosen = useMemo(
    () => new Set(screens.map(({ key }) => key).filter((key) => (left ? !left.has(key) : wanted === undefined || wanted.includes(key)))),
    [screens, left, wanted],
  );
  const asked = useMemo(() => (chosen.size === screens.length ? undefined : [...chosen]), [chosen, screens]);
  const some = asked !== undefined && asked.length > 0;
  const [{ data: part, error: partError, stale: partStale, fetching }, againPart] = useLive({ query: PLAN, variables: { slug: frontend.slug, environment, ...(some ? { screens: asked } : {}) }, on: ON, pause: !some });

  const found = some ? part?.frontend : all?.frontend;
  const plan = found?.publishPlan;
  const first = all?.frontend?.publishPlan;
  // What is in the cache may be old: what is live counts as seen only once the server has said it.
  if (first && !allStale && seen?.environment !== environment) see({ environment, hash: first.expectedLiveHash ?? null });
  const before = seen?.environment === environment ? seen.hash : undefined;
  const moved = first !== undefined && before !== undefined && !allStale && (first.expectedLiveHash ?? null) !== before;
  const nothing = asked !== undefined && !some;
  return {
    known: first !== undefined,
    ready: plan !== undefined && !allStale && before !== undefined && (!some || (!partStale && !fetching)) && !nothing,
    away: (first === undefined && allError !== undefined) || (some && part === undefined && partError !== undefined),
    canPublish: plan?.canPublish ?? false,
    changes: plan?.changes ?? [],
    screens,
    chosen,
    choose: (next) => leave(new Set(screens.map(({ key }) => key).filter((key) => !next.has(key)))),
    asked,
    problems: nothing ? [] : (plan?.problems ?? []),
    affected: nothing ? [] : (plan?.affectedBuilds ?? []),
    live: all?.frontend?.environment?.live,
    seen: before,
    moved,
    accept: () => first && see({ environment, hash: first.expectedLiveHash ?? null }),
    again: () => {
      againAll({ requestPolicy: 'network-only' });
      if (some) againPart({ requestPolicy: 'network-only' });
    },
  };
}
