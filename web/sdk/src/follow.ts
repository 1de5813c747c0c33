// Shows one screen and keeps it current: a query for the picture, a stream for what comes by itself, the last good picture
// when the server is away.
import { resolveAssets } from './asset.js';
import type { Filler, Run } from './bound.js';
import { FOLLOW_RELEASE, FOLLOW_SCREEN, SCREEN } from './documents.js';
import type { Answer } from './graphql.js';
import type { Live } from './live.js';
import type { Memory } from './memory.js';
import { isSnapshot, waits, type At, type Snapshot } from './types.js';

/**
 * `loading` before the first answer; `shown`; `missing`: no such screen is live; `refused`: this variant is not for this
 * reader, or the preview link is closed; `away`: the server cannot be reached and nothing is remembered.
 */
export type Phase = 'loading' | 'shown' | 'missing' | 'refused' | 'away';

/** The state of a screen that is followed. */
export interface View {
  /** What was asked for. While another screen is on its way, this is still the old one. */
  readonly at: At;
  readonly phase: Phase;
  /** There exactly when the phase is `shown`. */
  readonly snapshot?: Snapshot;
  /** True for what came by itself, a release or an edit: not for the first picture. */
  readonly swapped: boolean;
  /** True for the picture of last time, shown because the server is away. */
  readonly kept: boolean;
}

/** What following needs of the client. */
export interface Core {
  readonly live: Live;
  readonly memory: Memory;
  /** Where assets are served. */
  readonly base: string;
  readonly preview: boolean;
  /** Names a variant in the memory. */
  readonly variant: string;
  /** Finds out what this build can render; fails when the server is away and nothing is remembered. */
  ready(): Promise<void>;
  context(): { readonly frontend: string; readonly environment: string };
  query<T>(document: string, variables: object, signal?: AbortSignal): Promise<Answer<T>>;
  readonly run: Run;
  /** States that the studio sent, by key of the screen: they go before what the server has. */
  readonly patches: ReadonlyMap<string, Snapshot>;
  shown(snapshot: Snapshot, opened: boolean): void;
}

/** One screen that is followed. */
export interface Followed {
  /** Another state came from the studio. */
  repaint(): void;
  /** What this reader is served changed: ask for everything anew. */
  restart(): void;
  stop(): void;
}

/** How long the server may take before the picture of last time is shown instead, in milliseconds. */
const PATIENCE = 1_200;

const dataOf = ({ blocks, degradations }: Snapshot): string => JSON.stringify([blocks, degradations]);

export const locate = (at: At): { path?: string; key?: string } => (typeof at === 'string' ? { path: at } : at);

/** Reads one screen. Fails with `Unreachable`, or with what the server says. */
export async function readScreen(core: Core, at: At, signal?: AbortSignal): Promise<Snapshot | null> {
  const { data, errors } = await core.query<{ screen: Snapshot | null }>(SCREEN, { at: locate(at), context: core.context() }, signal);
  if (errors?.length && !data?.screen) throw new Error(errors[0]?.message);
  const snapshot = resolveAssets(data?.screen ?? null, core.base);
  if (!snapshot?.blocks.some(waits)) return snapshot;
  const { Filler } = await import('./bound.js');
  const filler = new Filler(core.run, core.base, () => undefined);
  await filler.ask(snapshot);
  filler.close();
  return filler.fill(snapshot);
}

export function followScreen(core: Core, at: At, show: (view: View) => void): Followed {
  const where = locate(at);
  const name = `screen ${core.variant} ${where.path ?? where.key}`;
  let stop = new AbortController();
  let shown: Snapshot | undefined;
  let kept = false;
  let answered = false;
  let opened = false;
  let generation = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let poll: ReturnType<typeof setInterval> | undefined;
  let streams: (() => void)[] = [];
  let filler: Filler | undefined;

  const tell = (swapped: boolean): void => {
    if (shown) show({ at, phase: 'shown', snapshot: filler?.fill(shown) ?? shown, swapped, kept });
  };

  // What the page asks for by itself. Few screens have it, so it is loaded only there.
  const fill = async (snapshot: Snapshot): Promise<void> => {
    if (!filler) {
      if (!snapshot.blocks.some(waits)) return;
      const { signal } = stop;
      const { Filler } = await import('./bound.js');
      if (signal.aborted) return;
      filler ??= new Filler(core.run, core.base, () => tell(false));
    }
    if (shown) await filler.ask(shown);
  };

  const paint = (snapshot: Snapshot, swapped: boolean, fromMemory = false): void => {
    const patch = core.patches.get(snapshot.key);
    const next = patch ? { ...patch, params: patch.params ?? snapshot.params } : snapshot;
    // One release may have other data now than a moment ago.
    const same = !patch && shown?.contentHash === next.contentHash && shown.release?.number === next.release?.number && kept === fromMemory && dataOf(shown) === dataOf(next);
    shown = next;
    kept = fromMemory;
    core.shown(next, !opened);
    opened = true;
    if (same) return;
    tell(swapped);
    fill(next).catch(() => undefined); // a bundle that misses the piece goes on without it
  };

  const blank = (phase: Phase, swapped: boolean): void => {
    shown = undefined;
    show({ at, phase, swapped, kept: false });
  };

  const accept = (snapshot: Snapshot | null, swapped: boolean): void => {
    generation++;
    answered = true;
    if (!snapshot) blank('missing', swapped);
    else {
      if (!core.preview) core.memory.write(name, snapshot);
      paint(snapshot, swapped);
    }
  };

  const fall = (): void => {
    if (answered || shown) return;
    const last = core.preview ? undefined : core.memory.read(name);
    if (isSnapshot(last)) paint(last, false, true);
    else blank('away', false);
  };
  const patience = setTimeout(fall, PATIENCE);

  const read = async (): Promise<void> => {
    clearTimeout(retry);
    const mine = generation;
    const { signal } = stop;
    try {
      await core.ready();
      if (signal.aborted) return;
      if (streams.length === 0) listen();
      const { data, errors } = await core.query<{ screen: Snapshot | null }>(SCREEN, { at: where, context: core.context() }, signal);
      if (signal.aborted || mine !== generation) return;
      if (errors?.length && !data?.screen) {
        answered = true;
        if (!shown) blank('refused', false);
      } else accept(resolveAssets(data?.screen ?? null, core.base), answered);
    } catch {
      if (signal.aborted) return;
      fall();
      retry = setTimeout(() => void read(), 2_000 + Math.random() * 3_000);
    }
  };

  const listen = (): void => {
    const { live } = core;
    streams = [
      live.subscribe<{ screen: { snapshot: Snapshot | null } }>(FOLLOW_SCREEN, () => ({ at: where, context: core.context(), since: (!kept && shown?.contentHash) || null }), {
        next: ({ screen }) => accept(resolveAssets(screen.snapshot, core.base), answered),
        // No live stream for this variant: look again now and then instead.
        refused: () => {
          clearInterval(poll);
          poll = setInterval(() => void read(), 5_000);
        },
      }),
      live.onState((state, again) => void (state === 'open' && again && read())),
    ];
    // Another screen may have been published: this one is the same picture, under a new release number.
    if (!core.preview) {
      streams.push(live.subscribe<{ release: { release: { number: number }; refetchWithinMs: number } }>(FOLLOW_RELEASE, core.context, {
        next: ({ release: { release, refetchWithinMs } }) => {
          if (!shown || shown.release?.number === release.number) return;
          clearTimeout(retry);
          retry = setTimeout(() => void read(), Math.random() * Math.max(0, refetchWithinMs));
        },
        refused: () => undefined,
      }));
    }
    live.start();
  };

  const end = (): void => {
    stop.abort();
    clearTimeout(patience);
    clearTimeout(retry);
    clearInterval(poll);
    for (const off of streams) off();
    streams = [];
    filler?.close();
    filler = undefined;
  };

  void read();
  return {
    stop: end,
    restart() {
      end();
      stop = new AbortController();
      generation++;
      void read();
    },
    repaint() {
      const patch = shown ? core.patches.get(shown.key) : [...core.patches.values()].find(({ key, path }) => key === where.key || path === where.path);
      if (patch) {
        generation++;
        answered = true;
        paint(shown ?? patch, true);
      }
    },
  };
}
