import { HOUSE } from './documents.js';
import { followScreen, readScreen, type Core, type Followed, type View } from './follow.js';
import { ask, Unreachable } from './graphql.js';
import { Live, type Connection } from './live.js';
import { Memory, type Store } from './memory.js';
import { resolveAssets } from './asset.js';
import { waits, type At, type Route, type Snapshot } from './types.js';

/** Which screens, from where, for whom. */
export interface SonataOptions {
  /** Address of the server, for instance `https://sonata.example`, with or without `/graphql`. */
  readonly endpoint: string;
  /** Slug of the frontend. */
  readonly frontend: string;
  /** Key of the environment; `production` when omitted. */
  readonly environment?: string | undefined;
  /** Hash of what this bundle can render, as `sonata build register` printed it. */
  readonly manifest?: string | undefined;
  /**
   * Name that this bundle was registered under, for instance `2.0`. Without a manifest the server is asked for that of
   * this build, once; when there is none, or it is not told, blocks come in the versions of the release.
   */
  readonly build?: string | undefined;
  /**
   * Token of a preview link, usually `new URLSearchParams(location.search).get('preview')`: drafts are shown instead of
   * what is live. In a frame of the studio it also opens the preview bridge. An empty one is a token too, one that is refused.
   */
  readonly previewToken?: string | null | undefined;
  /** True: views, clicks and render errors are counted and reported, without cookies or personal data. Off when omitted. */
  readonly usage?: boolean | undefined;
  /** Where the last good screens are kept; `localStorage` when omitted, nowhere when null. */
  readonly storage?: Store | null | undefined;
}

/** A frontend's line to its screens. */
export interface Sonata {
  readonly options: SonataOptions;
  /** Hash of what this build can render, as far as it is known. */
  readonly manifest: string | undefined;
  /** State of the line over which changes come. It is opened with the first screen that is followed. */
  readonly connection: Connection;
  /** Calls back when the connection changes; `again` is true when it was open before. Returns how to stop that. */
  onConnection(listener: (state: Connection, again: boolean) => void): () => void;
  /** One screen, once; null when none is live there. Fails with `Unreachable`, or with the words of the server. */
  screen(at: At): Promise<Snapshot | null>;
  /**
   * Shows a screen and keeps it current until the returned function is called. The listener gets each state in order, and
   * never one that was overtaken. It never fails: see `Phase`.
   */
  follow(at: At, listener: (view: View) => void): () => void;
  /** The paths that are live; those of last time when the server is away; null when there is no such frontend. */
  routes(): Promise<readonly Route[] | null>;
  /** Tells the studio and the usage report that a block could not be rendered. */
  reportError(snapshot: Snapshot, blockKey: string, error: unknown): void;
  /** Ends everything: no listener is called any more. */
  close(): void;
}

interface House {
  readonly routes: readonly Route[];
  readonly manifest?: string | undefined;
}

interface HouseAnswer {
  readonly frontend: { readonly routes: readonly Route[]; readonly builds?: { readonly edges: readonly { readonly node: { readonly name: string; readonly manifest: string } }[] } } | null;
}

/** Opens a frontend's line to its screens. Nothing is asked before the first call. */
export function createSonata(options: SonataOptions): Sonata {
  const { frontend, build, environment = 'production' } = options;
  const url = new URL(`${options.endpoint.replace(/\/+(graphql\/?)?$/, '')}/graphql`, globalThis.location?.href).href;
  const base = url.slice(0, -'/graphql'.length);
  const token = options.previewToken ?? undefined;
  const preview = token !== undefined;
  const variant = JSON.stringify([base, frontend, environment, options.manifest ?? build ?? '']);
  const live = new Live(url);
  const memory = new Memory(options.storage);
  const follows = new Set<Followed>();
  const patches = new Map<string, Snapshot>();
  const inBrowser = typeof document !== 'undefined';

  let manifest = options.manifest;
  let emulated: string | null | undefined;
  let known = manifest !== undefined || build === undefined;
  let asking: Promise<House | null> | undefined;

  const restart = (): void => follows.forEach((followed) => followed.restart());
  const query: Core['query'] = (document, variables, signal) => ask(url, { query: document, variables }, signal ? { signal } : {});

  const lookUp = async (): Promise<House | null> => {
    const name = `house ${variant}`;
    try {
      const { data, errors } = await query<HouseAnswer>(HOUSE, { frontend, environment, lookUp: build !== undefined && options.manifest === undefined });
      if (data?.frontend) {
        const found = data.frontend.builds?.edges.find(({ node }) => node.name === build)?.node.manifest;
        const late = known && found !== undefined && found !== manifest;
        if (found) manifest = found;
        known = true;
        if (late) restart();
        const house: House = { routes: data.frontend.routes, manifest };
        memory.write(name, house);
        return house;
      }
      known = true;
      if (data?.frontend === null && !errors?.length) return null;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    const last = memory.read(name) as House | undefined;
    if (typeof last?.manifest === 'string') manifest ??= last.manifest;
    return Array.isArray(last?.routes) ? last : { routes: [] };
  };
  // Whoever asks while somebody is asking gets the same answer.
  const house = (): Promise<House | null> => (asking ??= lookUp().finally(() => (asking = undefined)));

  const core: Core = {
    live, memory, base, preview, variant, query, patches,
    // Registered documents are found by the frontend that they are registered for.
    run: (documentId, variables, signal) => ask(url, { documentId, variables }, { signal }, { 'graphql-client-name': frontend }),
    async ready() {
      if (known) return;
      await house();
      if (!known && manifest === undefined) throw new Unreachable('no answer');
    },
    context: () => {
      const hash = emulated ?? manifest;
      return { frontend, environment, ...(hash && { manifest: hash }), ...(preview && { perspective: { previewToken: token } }) };
    },
    shown: (snapshot, opened) => void usage?.then((u) => u?.shown(snapshot, opened)),
  };

  // Both are for few, so they are loaded only there. A bundle that misses a piece goes on without it.
  const nothing = (): undefined => undefined;
  const usage = options.usage && !preview && inBrowser
    ? import('./usage.js').then((m) => m.countUsage({ url, frontend, environment, build })).catch(nothing)
    : undefined;
  const guest = preview && inBrowser && window.parent !== window
    ? import('./guest.js').then((m) => m.openGuest({
      origin: new URL(url).origin,
      async ready() {
        await core.ready().catch(nothing);
        return { frontend, build: build ?? null, manifest: manifest ?? null };
      },
      patch(snapshot) {
        patches.clear();
        if (snapshot) patches.set(snapshot.key, resolveAssets(snapshot, base));
        for (const followed of follows) {
          if (snapshot) followed.repaint();
          else followed.restart();
        }
      },
      context(hash) {
        patches.clear();
        emulated = hash;
        restart();
      },
    })).catch(nothing)
    : undefined;

  return {
    options,
    get manifest() {
      return manifest;
    },
    get connection() {
      return live.state;
    },
    onConnection: (listener) => live.onState(listener),
    async screen(at) {
      await core.ready();
      return readScreen(core, at);
    },
    follow(at, listener) {
      const followed = followScreen(core, at, listener);
      follows.add(followed);
      return () => {
        followed.stop();
        follows.delete(followed);
      };
    },
    async routes() {
      return (await house())?.routes ?? null;
    },
    reportError(snapshot, blockKey, error) {
      // A component may need what has not come yet: it is drawn again then.
      if (snapshot.blocks.some((block) => block.key === blockKey && waits(block))) return;
      void usage?.then((u) => u?.failed(snapshot, blockKey));
      void guest?.then((g) => g?.failed(blockKey, String((error as Error | null)?.message ?? error)));
    },
    close() {
      for (const followed of follows) followed.stop();
      follows.clear();
      live.close();
      void usage?.then((u) => u?.close());
      void guest?.then((g) => g?.close());
    },
  };
}
