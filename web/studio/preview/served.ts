// What the server serves: to an older build, and to visitors.
import type { Snapshot } from '@sonata/sdk';
import { Filler } from '@sonata/sdk/bound';
import { waits } from '@sonata/sdk/types';
import { useEffect, useMemo, useState } from 'react';
import { run } from '../binding/sample';
import { graphql } from '../gql';
import type { StudioPreviewSnapshotFragment } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';
import type { JsonObject } from '../lib/json';

export const SNAPSHOT = graphql(`
  fragment StudioPreviewSnapshot on ScreenSnapshot {
    id key title path params contentHash root
    release { number publishedAt }
    blocks { key component version props bindings { pointer document variables path map } slots { name blocks } }
    degradations { blockKey wanted served reason }
  }
`);

const AS_BUILD = graphql(`
  query StudioPreviewAsBuild($frontend: ID!, $key: String!, $manifest: Hash!) {
    screen(at: { key: $key }, context: { frontend: $frontend, manifest: $manifest, perspective: { draft: true } }) { ...StudioPreviewSnapshot }
  }
`);

const LIVE = graphql(`
  query StudioPreviewLive($frontend: ID!, $key: String!, $environment: String!, $manifest: Hash) {
    screen(at: { key: $key }, context: { frontend: $frontend, environment: $environment, manifest: $manifest }) { ...StudioPreviewSnapshot }
  }
`);

type Params = Readonly<Record<string, string>>;

/** Undefined until it is known; null when there is nothing to show. */
type Served = Snapshot | null | undefined;

const served = (screen: StudioPreviewSnapshotFragment | null, params: Params): Snapshot | null =>
  screen && { ...screen, blocks: screen.blocks as Snapshot['blocks'], path: screen.path ?? null, params, release: screen.release ?? null, degradations: screen.degradations.map((d) => ({ ...d, served: d.served ?? null })) };

/** With what a page would fill in by itself, asked for by the studio: the built-in renderer may ask for nothing. */
function useFilled(slug: string, snapshot: Served): Served {
  const [version, changed] = useState(0);
  const filler = useMemo(() => new Filler(async (document, variables) => ({ data: (await run(slug, document, variables as JsonObject)).data }), '', () => changed((n) => n + 1)), [slug]);
  useEffect(() => () => filler.close(), [filler]);
  useEffect(() => {
    if (snapshot?.blocks.some(waits)) void filler.ask(snapshot);
  }, [filler, snapshot]);
  // `version` changes with every answer.
  return useMemo(() => snapshot && filler.fill(snapshot), [filler, snapshot, version]);
}

/** The saved draft as the build with this manifest would get it. */
export function useAsBuild(key: string, manifest: string | null, params: Params): Served {
  const { frontend } = useFrontend();
  const pause = manifest === null;
  const [{ data }] = useLive({ query: AS_BUILD, variables: { frontend: frontend.id, key, manifest: manifest ?? '' }, on: ['SCREENS', 'COMPONENTS', 'ASSETS'], pause });
  const screen = pause ? undefined : data && (data.screen ?? null);
  return useFilled(frontend.slug, useMemo(() => screen && served(screen, params) || (screen === null ? null : undefined), [screen, params]));
}

/** What visitors see. A query, not a stream: those are counted as open frontends. */
export function useLiveScreen(key: string, manifest: string | null, params: Params, wanted: boolean): Served {
  const { frontend, environment } = useFrontend();
  const [{ data }] = useLive({ query: LIVE, variables: { frontend: frontend.id, key, environment: environment.key, manifest }, on: ['RELEASES'], pause: !wanted });
  const screen = wanted ? data && (data.screen ?? null) : undefined;
  return useFilled(frontend.slug, useMemo(() => screen && served(screen, params) || (screen === null ? null : undefined), [screen, params]));
}
