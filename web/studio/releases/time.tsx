import { NativeSelect, Slider } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useClient, useQuery } from 'urql';
import type { Snapshot } from '@sonata/sdk';
import { graphql } from '../gql';
import { exactly } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { onceKey } from '../lib/once';
import { Bridge } from '../preview/bridge';
import { lines } from '../publish/words';
import type { Release } from './list';

const SCREENS = graphql(`
  query StudioTimeScreens($slug: String!) {
    frontend(slug: $slug) { screens(first: 100) { edges { node { key title path } } } }
  }
`);

const THEN = graphql(`
  query StudioThen($frontend: ID!, $environment: String!, $screen: String!, $release: ID!) {
    screen(at: { key: $screen }, context: { frontend: $frontend, environment: $environment, perspective: { release: $release } }) {
      id key title path params contentHash root
      blocks { key component version props slots { name blocks } }
      degradations { blockKey wanted served reason }
    }
  }
`);

/** A screen as each release showed it: the slider goes through time. */
export default function Time({ list }: { readonly list: readonly Release[] }): ReactNode {
  const { frontend } = useFrontend();
  const [{ data }] = useQuery({ query: SCREENS, variables: { slug: frontend.slug } });
  const screens = data?.frontend?.screens.edges.map(({ node }) => node) ?? [];
  const [chosen, choose] = useState<string>();
  const screen = chosen ?? (screens.find(({ path }) => path === '/') ?? screens.find(({ path }) => path) ?? screens[0])?.key;
  // The oldest first, as time goes.
  const releases = useMemo(() => [...list].reverse(), [list]);
  const [at, move] = useState<number>();
  const index = Math.min(at ?? releases.length - 1, releases.length - 1);
  const release = releases[index];
  const then = useThen(screen, releases, index);
  if (!release) return null;
  const changed = release.changes.filter(({ kind, key }) => kind === 'SCREEN' && key === screen).flatMap(lines);

  return (
    <div className="time">
      <div className="row wrap time-head">
        <NativeSelect label="Screen" value={screen ?? ''} onChange={(event) => choose(event.currentTarget.value)} data={screens.map(({ key, title }) => ({ value: key, label: title }))} />
        <div className="time-slider">
          <Slider
            value={index} onChange={move} min={0} max={Math.max(1, releases.length - 1)} disabled={releases.length < 2} step={1} label={(value) => `Release ${releases[value]?.number ?? ''}`}
            thumbLabel="Release" thumbProps={{ 'aria-valuetext': `Release ${release.number}, ${release.title}` }} marks={releases.length <= 30 ? releases.map((_, value) => ({ value })) : []} restrictToMarks={false}
          />
        </div>
      </div>
      <div className="time-now" role="status">
        <b>Release {release.number}</b> <bdi>{release.title}</bdi> <span className="faint">{exactly(release.createdAt)}</span>
        <p className="muted truncate" dir="auto">{changed.length > 0 ? changed.slice(0, 4).join(' · ') : 'This screen did not change.'}</p>
      </div>
      <div className="time-stage">
        {then === null ? <p className="time-none">The screen was not there in release {release.number}.</p> : <Stage snapshot={then} title={`${screen ?? ''} in release ${release.number}`} />}
      </div>
    </div>
  );
}

const AROUND = [0, 1, -1, 2, -2];

/** The screen as of the release; its neighbors in time are read along, so that the slider never waits. */
function useThen(screen: string | undefined, releases: readonly Release[], index: number): Snapshot | null | undefined {
  const { frontend, environment } = useFrontend();
  const client = useClient();
  const [known, keep] = useState<ReadonlyMap<string, Snapshot | null>>(new Map());
  const asked = useRef(new Set<string>());
  const id = `${screen ?? ''} ${releases[index]?.id ?? ''}`;
  useEffect(() => {
    if (screen === undefined) return;
    for (const step of AROUND) {
      const release = releases[index + step];
      const name = `${screen} ${release?.id ?? ''}`;
      if (!release || asked.current.has(name)) continue;
      asked.current.add(name);
      void client.query(THEN, { frontend: frontend.id, environment: environment.key, screen, release: release.id }).toPromise().then(({ data, error }) => {
        if (error) asked.current.delete(name);
        else keep((before) => new Map(before).set(name, data?.screen ? { ...data.screen, release: null } as Snapshot : null));
      });
    }
  }, [client, frontend.id, environment.key, screen, releases, index]);
  // Until it is there, what was shown stays.
  const [shown, show] = useState<Snapshot | null>();
  const now = known.get(id);
  if (now !== undefined && now !== shown) show(now);
  return now === undefined ? shown : now;
}

/** The built-in renderer in a frame without an origin: it asks nobody for anything and shows what it is given. */
function Stage({ snapshot, title }: { readonly snapshot: Snapshot | undefined; readonly title: string }): ReactNode {
  const [nonce] = useState(onceKey);
  const frame = useRef<HTMLIFrameElement>(null);
  const bridge = useRef<Bridge>(undefined);
  useEffect(() => {
    if (!frame.current) return;
    const nothing = (): void => undefined;
    const made = new Bridge(frame.current, { nonce }, { state: nothing, rects: nothing, click: nothing, hover: nothing, renderError: nothing, scrolled: nothing });
    bridge.current = made;
    return () => made.close();
  }, [nonce]);
  useEffect(() => {
    if (snapshot) bridge.current?.patch(snapshot);
  }, [snapshot]);
  return <iframe ref={frame} src={`/demo/renderer#${nonce}`} sandbox="allow-scripts" title={title} onLoad={() => bridge.current?.loaded()} />;
}
