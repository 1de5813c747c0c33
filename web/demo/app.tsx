import type { Route, Snapshot, View } from '@sonata/sdk';
import { Tree, useConnection, useScreen, useSonata } from '@sonata/sdk/react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Bar } from './bar';
import { builds } from './builds';
import { ShopContext, type Shop } from './context';
import { decode } from './data';
import { Link } from './link';
import { LATEST, type Variant } from './variant';

const BASE = '/demo';

/** The path of the shop out of the address of the tab. */
const pathOf = (address: Location): string => address.pathname.replace(/^\/demo/, '') || '/';

/** The address carries which variant of the shop is played; links keep it. */
const addressOf = (path: string, hash = ''): string => BASE + path + location.search + hash;

export function App({ variant }: { readonly variant: Variant }): ReactNode {
  const sonata = useSonata();
  const connection = useConnection();
  const [routes, setRoutes] = useState<readonly Route[] | null>([]);
  const [path, setPath] = useState(() => pathOf(location));
  const view = useScreen(path);
  const [basket, setBasket] = useState(0);
  const arrival = useRef<Arrival>({ hash: location.hash, y: savedScroll() });
  const arrivedAt = useRef('');

  const ask = useCallback(() => void sonata.routes().then(setRoutes), [sonata]);
  useEffect(ask, [ask]);
  useEffect(() => sonata.onConnection((state, again) => state === 'open' && again && ask()), [sonata, ask]);

  const snapshot = view.snapshot;
  const shownAt = view.at as string; // the shop asks for paths only
  const release = snapshot?.release?.number;
  const firstRelease = useRef(release);
  useEffect(() => {
    // A release may have brought a new screen: read the routes again.
    if (firstRelease.current !== undefined && release !== firstRelease.current) ask();
    firstRelease.current = release;
  }, [release, ask]);

  const shop = useMemo<Shop>(() => ({
    path: shownAt,
    params: snapshot?.params ?? null,
    address: addressOf,
    addToBasket: () => setBasket((n) => n + 1),
    has: (key) => snapshot?.blocks.some((block) => block.key === key) ?? false,
    lacks: (key) => snapshot?.degradations.some(({ blockKey, reason }) => blockKey === key && reason === 'DATA_UNAVAILABLE') ?? false,
    go: (to, hash = '') => {
      rememberScroll();
      const address = addressOf(to, hash);
      if (address !== location.pathname + location.search + location.hash) history.pushState(null, '', address);
      arrival.current = { hash, y: 0, moved: true };
      if (to === pathOf({ pathname: BASE + shownAt } as Location)) arrive(arrival.current);
      setPath(to);
    },
  }), [shownAt, snapshot]);

  useEffect(() => {
    const back = (): void => {
      const to = pathOf(location);
      arrival.current = { hash: location.hash, y: savedScroll(), moved: true };
      // Between two places on one screen nothing is drawn anew, so there is nothing to wait for.
      if (to === arrivedAt.current) arrive(arrival.current);
      setPath(to);
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);

  // Once per arrival at a screen, never for a release: what came by itself must not move what somebody reads.
  useLayoutEffect(() => {
    if (view.phase === 'loading' || arrivedAt.current === shownAt) return;
    arrivedAt.current = shownAt;
    arrive(arrival.current);
  }, [view]);

  useTitle(view);
  useGlow(view);

  const other = variant.build === '2.0' ? '1.0' : '2.0';
  return (
    <ShopContext value={shop}>
      <div className="shop" data-build={variant.build} data-screen={snapshot?.key} data-release={release} data-connection={connection} data-phase={view.phase}>
        <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>Skip to content</a>
        <header className="top">
          <Link href="/" className="wordmark">Nordlys</Link>
          <nav aria-label="Screens">
            {routes?.filter((route) => !/[:*]/.test(route.path)).map((route) => (
              <Link key={route.screenKey} href={route.path} className={route.path === shownAt ? 'here' : ''}>{route.path === '/' ? 'Collection' : route.title}</Link>
            ))}
          </nav>
          <span className="basket" role="status" aria-label={`${basket} in the basket`}>
            <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" aria-hidden="true"><path d="M5 8h14l-1 12H6zM9 8a3 3 0 0 1 6 0" /></svg>
            {basket > 0 && <b key={basket}>{basket}</b>}
          </span>
        </header>
        <main id="main" tabIndex={-1}>
          {snapshot ? <Tree key={shownAt} snapshot={snapshot} /> : <Instead view={view} variant={variant} absent={routes === null} />}
        </main>
      </div>
      <Bar variant={variant} connection={connection} snapshot={snapshot} manifestKnown={sonata.manifest !== undefined} otherBuild={{ name: other, href: withBuild(other) }} />
    </ShopContext>
  );
}

/** What an address gets that names a build this shop never had. */
export function UnknownBuild({ name }: { readonly name: string }): ReactNode {
  useEffect(() => {
    document.title = 'Unknown build · Nordlys';
  }, []);
  return (
    <div className="shop" data-phase="unknown-build">
      <header className="top"><a href={withBuild(LATEST)} className="wordmark">Nordlys</a></header>
      <main id="main" tabIndex={-1}>
        <div className="instead">
          <h1 dir="auto">Build {name.length > 40 ? `${name.slice(0, 40)}…` : name} is unknown</h1>
          <p>The builds of this shop are {new Intl.ListFormat('en').format(builds)}.</p>
          <p className="actions">{builds.map((build) => <a key={build} href={withBuild(build)} className="button">See build {build}</a>)}</p>
        </div>
      </main>
    </div>
  );
}

function Instead({ view, variant, absent }: { readonly view: View; readonly variant: Variant; readonly absent: boolean }): ReactNode {
  if (absent && (view.phase === 'missing' || view.phase === 'refused')) return <div className="instead"><h1>There is no demo here</h1><p>Start Sonata with <code>--demo on</code>.</p></div>;
  switch (view.phase) {
    case 'missing':
      if (view.at === '/') return <div className="instead"><h1>Nothing is live here yet</h1><p>The first release of this environment appears by itself.</p></div>;
      return <div className="instead"><h1>There is nothing on this shelf</h1><p>The screen is not part of the release that is live.</p><p><Link href="/" className="button">Back to the shop</Link></p></div>;
    case 'refused':
      if (variant.previewToken !== undefined) return <div className="instead"><h1>This preview is closed</h1><p>The link has expired or is not complete. Whoever sent it can make a new one.</p><p><a href={withoutPreview()} className="button">See what is live</a></p></div>;
      return <div className="instead"><h1>This door is closed</h1><p>This variant of the shop is only open to those who may see it.</p></div>;
    case 'away':
      return <div className="instead"><h1>One moment</h1><p>The shop cannot be reached right now. This page comes back by itself.</p></div>;
    default:
      return <div className="instead loading" aria-busy="true"><span className="visually-hidden">Loading</span></div>;
  }
}

const withBuild = (build: string): string => withParameter('build', build === LATEST ? undefined : build);
const withoutPreview = (): string => withParameter('preview', undefined);

/** This address with another value of one parameter, or without it. */
function withParameter(name: string, value: string | undefined): string {
  const q = new URLSearchParams(location.search);
  if (value === undefined) q.delete(name);
  else q.set(name, value);
  const search = q.toString();
  return location.pathname + (search && `?${search}`);
}

interface Arrival {
  readonly hash: string;
  readonly y: number;
  readonly moved?: boolean;
}

/** Scrolls to where an arrival wants to be, and hands focus to the content after a move inside the shop. */
function arrive({ hash, y, moved }: Arrival): void {
  const block = hash.length > 1 ? document.querySelector(`[data-block="${CSS.escape(decode(hash.slice(1)))}"]`) : null;
  if (moved) document.getElementById('main')?.focus({ preventScroll: true });
  if (block && y === 0) block.scrollIntoView({ behavior: calm() ? 'instant' : 'smooth' });
  else {
    const jump = (): void => window.scrollTo({ top: y, behavior: 'instant' });
    jump();
    // A smooth scroll that is still under way adds its last step to where the page has just jumped.
    requestAnimationFrame(jump);
  }
}

const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

// The browser cannot restore a scroll position into content that is not there yet, so it is kept beside the history.
const rememberScroll = (): void => history.replaceState({ y: Math.round(window.scrollY) }, '');
const savedScroll = (): number => {
  const state = history.state as { y?: unknown } | null;
  return typeof state?.y === 'number' ? state.y : 0;
};

export function keepScroll(): void {
  history.scrollRestoration = 'manual';
  let timer: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener('scroll', () => {
    clearTimeout(timer);
    timer = setTimeout(rememberScroll, 200);
  }, { passive: true });
  window.addEventListener('pagehide', rememberScroll);
}

function useTitle(view: View): void {
  const title = view.snapshot?.title;
  useEffect(() => {
    if (view.phase === 'loading') return;
    document.title = title ? `${title} · Nordlys` : 'Nordlys';
  }, [title, view.phase]);
}

/** Lets the blocks that a release changed light up for a moment. */
function useGlow(view: View): void {
  const before = useRef<Snapshot>(undefined);
  useEffect(() => {
    const old = before.current;
    before.current = view.snapshot;
    if (!view.swapped || !old || !view.snapshot || old.key !== view.snapshot.key) return;
    if (calm()) return;
    for (const key of changedBlocks(old, view.snapshot)) {
      document.querySelector(`[data-block="${CSS.escape(key)}"]`)?.animate(
        [{ boxShadow: '0 0 0 3px var(--glow)', borderRadius: '12px' }, { boxShadow: '0 0 0 3px transparent', borderRadius: '12px' }],
        { duration: 1_400, easing: 'ease-out' },
      );
    }
  }, [view]);
}

/** Keys of the blocks whose own content differs. */
function changedBlocks(before: Snapshot, after: Snapshot): string[] {
  const content = (snapshot: Snapshot): Map<string, string> => new Map(snapshot.blocks.map(({ key, component, props }) => [key, JSON.stringify([component, props])]));
  const old = content(before);
  return [...content(after)].filter(([key, now]) => old.get(key) !== now).map(([key]) => key);
}
