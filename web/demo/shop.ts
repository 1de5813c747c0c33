// Reads one screen and follows it. Everything a frontend of Sonata does with the server is in this file.
import { query, Unreachable, type Answer, type Connection, type Live } from './client';
import { recall, remember } from './memory';
import type { Route, Snapshot } from './types';

/** Which variant of the shop this tab plays, out of its address. */
export interface Variant {
  /** As the address names it: it need not be one that there is. */
  readonly build: string;
  readonly environment: string;
  /** Empty is a token too: a link that was cut off must not pass for what is live. */
  readonly previewToken: string | undefined;
}

export const LATEST = '2.0';

export function variantOf(search: string): Variant {
  const q = new URLSearchParams(search);
  return {
    build: q.get('build') || LATEST,
    environment: q.get('env') ?? 'production',
    previewToken: q.get('preview') ?? undefined,
  };
}

const FRONTEND = 'shop';

const SNAPSHOT = `fragment Snapshot on ScreenSnapshot {
  id key title path params contentHash root
  release { number publishedAt }
  blocks { key component version props slots { name blocks } }
  degradations { blockKey wanted served reason }
}`;
const SCREEN = `query ShopScreen($at: ScreenAt!, $context: DeliveryContext!) { screen(at: $at, context: $context) { ...Snapshot } }
${SNAPSHOT}`;
const FOLLOW_SCREEN = `subscription ShopScreenLive($at: ScreenAt!, $context: DeliveryContext!, $since: Hash) {
  screen(at: $at, context: $context, since: $since) { cause snapshot { ...Snapshot } }
}
${SNAPSHOT}`;
const FOLLOW_RELEASE = `subscription ShopRelease($frontend: ID!, $environment: String!) {
  release(frontend: $frontend, environment: $environment) { kind sequence release { number publishedAt } changedScreens refetchWithinMs }
}`;
const HOUSE = `query ShopHouse($frontend: String!, $environment: String!) {
  frontend(slug: $frontend) { routes(environment: $environment) { path screenKey title } builds(first: 20) { edges { node { name manifest } } } }
}`;

/** What a tab knows about the shop besides its screens. */
export interface House {
  readonly routes: readonly Route[];
  /** Hash of what this build can render. Undefined: not known, so the server picks the versions in the release. */
  readonly manifest: string | undefined;
  /** True when the server has no such frontend. */
  readonly absent?: boolean;
}

interface HouseAnswer {
  readonly frontend: { readonly routes: readonly Route[]; readonly builds: { readonly edges: readonly { readonly node: { readonly name: string; readonly manifest: string } }[] } } | null;
}

/** Reads the routes and the manifest of this build; what was known last when the server is away or keeps it to itself. */
export async function readHouse(variant: Variant): Promise<House> {
  const at = `house ${variant.environment} ${variant.build}`;
  try {
    const { data, errors } = await query<HouseAnswer>(HOUSE, { frontend: FRONTEND, environment: variant.environment });
    if (data?.frontend) {
      const named = data.frontend.builds.edges.map((edge) => edge.node).find((build) => isBuild(build.name, variant.build));
      const house = { routes: data.frontend.routes, manifest: named?.manifest };
      remember(at, house);
      return house;
    }
    if (data?.frontend === null && !errors?.length) return { routes: [], manifest: undefined, absent: true };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
  return recall<House>(at) ?? { routes: [], manifest: undefined };
}

/** A build is called 1.0, or something that ends in it, for instance shop 1.0. */
const isBuild = (name: string, build: string): boolean => name === build || name.endsWith(` ${build}`) || name.endsWith(`-${build}`) || name.endsWith(`@${build}`);

export interface View {
  readonly path: string;
  readonly phase: 'loading' | 'shown' | 'missing' | 'refused' | 'away';
  readonly snapshot?: Snapshot;
  /** True for what came by itself: a release, not a navigation. */
  readonly swapped: boolean;
}

/** How long the server may take before the picture of last time is shown instead. */
const PATIENCE = 1_200;

/**
 * Shows the screen at a path and keeps it current until the returned function is called. `show` is called with each
 * state, in order: a query that was overtaken by an event is thrown away.
 */
export function followScreen(live: Live, variant: Variant, house: House, path: string, show: (view: View) => void): () => void {
  const memory = `screen ${variant.environment} ${variant.build} ${path}`;
  const at = { path };
  const context = {
    frontend: FRONTEND,
    environment: variant.environment,
    ...(house.manifest ? { manifest: house.manifest } : {}),
    ...(variant.previewToken !== undefined ? { perspective: { previewToken: variant.previewToken } } : {}),
  };
  const stop = new AbortController();
  let shown: Snapshot | undefined;
  let answered = false;
  let generation = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let poll: ReturnType<typeof setInterval> | undefined;

  const accept = (snapshot: Snapshot | null, swapped: boolean): void => {
    generation++;
    answered = true;
    if (!snapshot) {
      shown = undefined;
      show({ path, phase: 'missing', swapped });
      return;
    }
    const same = shown?.contentHash === snapshot.contentHash && shown.release?.number === snapshot.release?.number;
    shown = snapshot;
    if (variant.previewToken === undefined) remember(memory, snapshot);
    if (!same) show({ path, phase: 'shown', snapshot, swapped });
  };

  const fall = (): void => {
    if (answered || shown) return;
    const last = variant.previewToken !== undefined ? undefined : recall<Snapshot>(memory);
    if (last) {
      shown = last;
      show({ path, phase: 'shown', snapshot: last, swapped: false });
    } else show({ path, phase: 'away', swapped: false });
  };
  const patience = setTimeout(fall, PATIENCE);

  const read = async (): Promise<void> => {
    clearTimeout(retry);
    const mine = generation;
    let answer: Answer<{ screen: Snapshot | null }>;
    try {
      answer = await query(SCREEN, { at, context }, stop.signal);
    } catch {
      if (stop.signal.aborted) return;
      fall();
      retry = setTimeout(() => void read(), 2_000 + Math.random() * 3_000);
      return;
    }
    if (stop.signal.aborted || mine !== generation) return;
    if (answer.errors?.length && !answer.data?.screen) {
      answered = true;
      if (!shown) show({ path, phase: 'refused', swapped: false });
      return;
    }
    accept(answer.data?.screen ?? null, answered);
  };

  const unsubscribe = live.subscribe<{ screen: { snapshot: Snapshot | null } }>(
    FOLLOW_SCREEN,
    () => ({ at, context, since: shown?.contentHash ?? null }),
    {
      next: ({ screen }) => accept(screen.snapshot, answered),
      // No live stream for this variant: look again now and then instead.
      refused: () => {
        clearInterval(poll);
        poll = setInterval(() => void read(), 5_000);
      },
    },
  );

  // Another screen may have been published: this one is the same picture, under a new release number.
  const unfollow = variant.previewToken !== undefined
    ? () => undefined
    : live.subscribe<{ release: { release: { number: number; publishedAt: string }; changedScreens: readonly string[]; refetchWithinMs: number } }>(
        FOLLOW_RELEASE,
        () => ({ frontend: FRONTEND, environment: variant.environment }),
        {
          next: ({ release: event }) => {
            if (!shown || shown.release?.number === event.release.number) return;
            clearTimeout(retry);
            retry = setTimeout(() => void read(), Math.random() * Math.max(0, event.refetchWithinMs));
          },
          refused: () => undefined,
        },
      );
  const unlisten = live.onState((state: Connection, again) => {
    if (state === 'open' && again) void read();
  });

  void read();
  return () => {
    stop.abort();
    clearTimeout(patience);
    clearTimeout(retry);
    clearInterval(poll);
    unsubscribe();
    unfollow();
    unlisten();
  };
}
