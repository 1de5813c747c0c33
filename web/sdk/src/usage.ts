// Counts views, clicks and render errors and reports them now and then. No cookie, no id of a person or a browser, no text:
// only how often which block of which release was seen.
import { REPORT } from './documents.js';
import { ask, type Answer } from './graphql.js';
import { blockAt, blocksIn, boxesOf } from './dom.js';
import type { Snapshot } from './types.js';

interface UsageSetup {
  readonly url: string;
  readonly frontend: string;
  readonly environment: string;
  readonly build: string | undefined;
}

/** The counters of one page. */
export interface Usage {
  /** A screen is shown. Opened is it the first time: then its blocks count anew. */
  shown(snapshot: Snapshot, opened: boolean): void;
  /** A block could not be rendered. */
  failed(snapshot: Snapshot, blockKey: string): void;
  close(): void;
}

interface Counts { views: number; clicks: number; renderErrors: number }
interface ScreenCounts { views: number; readonly blocks: Map<string, Counts> }
type Batch = Map<number, Map<string, ScreenCounts>>;

/** How long counts are gathered before they are sent, in milliseconds. */
const EVERY = 10_000;
// What a page may gather while the server is away; what comes after is not counted.
const MOST_SCREENS = 50;
const MOST_BLOCKS = 200;


export function countUsage({ url, frontend, environment, build }: UsageSetup): Usage {
  let batch: Batch = new Map();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let off = false;
  const releases = new Map<string, number>(); // key of an open screen → release it is from
  const seen = new Set<string>();
  const watched = new Set<Element>();
  // One box can be that of several blocks: a wrapper without a box has that of what is inside it.
  const owners = new WeakMap<Element, Map<string, readonly [screen: string, block: string]>>();

  const screenOf = (release: number, screen: string): ScreenCounts | undefined => {
    let screens = batch.get(release);
    if (!screens) batch.set(release, (screens = new Map()));
    const found = screens.get(screen);
    if (found || screens.size >= MOST_SCREENS) return found;
    const made: ScreenCounts = { views: 0, blocks: new Map() };
    screens.set(screen, made);
    return made;
  };
  const count = (release: number | undefined, screen: string, block: string, what: keyof Counts): void => {
    if (off || release === undefined) return;
    const blocks = screenOf(release, screen)?.blocks;
    if (!blocks || (blocks.size >= MOST_BLOCKS && !blocks.has(block))) return;
    const counts = blocks.get(block) ?? { views: 0, clicks: 0, renderErrors: 0 };
    counts[what]++;
    blocks.set(block, counts);
    timer ??= setTimeout(send, EVERY);
  };

  function send(keepalive = false): void {
    clearTimeout(timer);
    timer = undefined;
    const sent = batch;
    batch = new Map();
    for (const [release, screens] of sent) {
      const input = {
        frontend, environment, release, ...(build !== undefined && { build }),
        screens: [...screens].map(([screen, { views, blocks }]) => ({ screen, views, blocks: [...blocks].map(([key, counts]) => ({ key, ...counts })) })),
      };
      ask<{ usageReport: { accepted: boolean } | null }>(url, { query: REPORT, variables: { input } }, { keepalive, credentials: 'omit' }).then(heard, () => again(release, screens));
    }
  }
  const heard = ({ data }: Answer<{ usageReport: { accepted: boolean } | null }>): void => {
    if (data?.usageReport?.accepted !== true) close(); // this frontend does not collect usage, or this server knows none
  };
  // The server is away: what was counted waits for the next time.
  const again = (release: number, screens: ReadonlyMap<string, ScreenCounts>): void => {
    if (off) return;
    for (const [key, { views, blocks }] of screens) {
      const screen = screenOf(release, key);
      if (!screen) continue;
      screen.views += views;
      for (const [block, counts] of blocks) {
        const now = screen.blocks.get(block);
        screen.blocks.set(block, now ? { views: now.views + counts.views, clicks: now.clicks + counts.clicks, renderErrors: now.renderErrors + counts.renderErrors } : counts);
      }
    }
    timer ??= setTimeout(send, EVERY);
  };

  // Seen is what shows half of itself, or fills half of the window.
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
      if (!isIntersecting || (intersectionRatio < 0.5 && intersectionRect.height < (rootBounds?.height ?? Infinity) / 2)) continue;
      observer.unobserve(target);
      for (const [mark, [screen, block]] of owners.get(target) ?? []) {
        if (seen.has(mark)) continue;
        seen.add(mark);
        count(releases.get(screen), screen, block, 'views');
      }
    }
  }, { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5] });

  const look = (): void => {
    looking = undefined;
    for (const element of watched) if (!element.isConnected && watched.delete(element)) observer.unobserve(element);
    for (const element of blocksIn(document)) {
      const { key, screen } = blockAt(element) ?? {};
      const mark = `${screen} ${key}`;
      if (key === undefined || screen === undefined || !releases.has(screen) || seen.has(mark)) continue;
      for (const box of boxesOf(element)) {
        const marks = owners.get(box) ?? new Map<string, readonly [string, string]>();
        if (watched.has(box) && marks.has(mark)) continue;
        owners.set(box, marks.set(mark, [screen, key]));
        watched.add(box);
        observer.unobserve(box); // observed anew, it is told at once whether it is in view
        observer.observe(box);
      }
    }
  };
  let looking: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => void (looking ??= setTimeout(look, 300));
  const mutations = new MutationObserver(soon);
  mutations.observe(document, { subtree: true, childList: true });

  const click = (event: Event): void => {
    const at = blockAt(event.target);
    if (at?.screen !== undefined) count(releases.get(at.screen), at.screen, at.key, 'clicks');
  };
  const leave = (): void => {
    if (document.visibilityState === 'hidden') send(true);
  };
  const gone = (): void => send(true);
  document.addEventListener('click', click, true);
  document.addEventListener('visibilitychange', leave);
  addEventListener('pagehide', gone);

  function close(): void {
    off = true;
    clearTimeout(timer);
    clearTimeout(looking);
    batch.clear();
    observer.disconnect();
    mutations.disconnect();
    document.removeEventListener('click', click, true);
    document.removeEventListener('visibilitychange', leave);
    removeEventListener('pagehide', gone);
  }

  return {
    close,
    shown({ key, release }, opened) {
      if (off || !release) return;
      releases.set(key, release.number);
      if (!opened) return soon();
      const screen = screenOf(release.number, key);
      if (screen) screen.views++;
      timer ??= setTimeout(send, EVERY);
      for (const mark of seen) if (mark.startsWith(`${key} `)) seen.delete(mark);
      observer.disconnect();
      watched.clear();
      soon();
    },
    failed: ({ key, release }, block) => count(release?.number, key, block, 'renderErrors'),
  };
}
