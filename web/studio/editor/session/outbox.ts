// Keeps what was not sent in this browser, per screen and tab, so that neither a crash nor a server that is away loses a
// word. A tab that lives holds a lock; what belongs to no living tab is taken up by the next that opens the screen.
import { isObject, type Json } from '../../lib/json';
import type { Draft, DraftBlock, Op } from '../types';

export interface Kept {
  /** The version and the blocks that the ops were made on. */
  readonly version: number;
  readonly base: Draft;
  /** A request whose answer is not known. Sent again under the same id it is carried out once. */
  readonly sent: { readonly id: string; readonly version: number; readonly ops: readonly Op[] } | undefined;
  readonly pending: readonly Op[];
  /** Ops that wait for a choice, by block. */
  readonly held: ReadonlyMap<string, readonly Op[]>;
}

export interface Outbox {
  keep(kept: Kept | undefined): void;
  /** Hands over what tabs left behind that are not there any more. It is gone from here once it was taken. */
  inherit(take: (kept: Kept) => boolean): Promise<void>;
  newId(): string;
  enter(): void;
  leave(): void;
}

const PREFIX = 'sonata.unsent.';
/** Storage is 5 MB for everything; one screen has at most 256 kB. */
const MOST = 1_500_000;
/** Where the browser has no locks, a tab that has not written for so long is taken for dead. */
const SILENT = 6_000;

export function outboxOf(screen: string, full: () => void): Outbox {
  const tab = newId();
  const mine = `${PREFIX}${screen}.${tab}`;
  let said = false;
  let last: string | undefined;
  let letGo: () => void = () => undefined;
  let beat: ReturnType<typeof setInterval> | undefined;
  const write = (at = Date.now()): void => {
    try {
      if (last === undefined) localStorage.removeItem(mine);
      else if (last.length > MOST) throw new Error('too much');
      else localStorage.setItem(mine, `${at} ${last}`);
      said = false;
    } catch {
      if (!said) full();
      said = true;
    }
  };
  return {
    keep(kept) {
      if (kept === undefined && last === undefined) return;
      last = kept && encode(kept);
      write();
    },
    async inherit(take) {
      for (const name of abandoned(screen, mine)) {
        const handOver = (): void => {
          const text = localStorage.getItem(name) ?? '';
          const written = Number(text.slice(0, text.indexOf(' ')));
          if (!navigator.locks && Date.now() - written < SILENT) return;
          const kept = decode(text.slice(text.indexOf(' ') + 1));
          if (!kept || take(kept)) localStorage.removeItem(name);
        };
        if (navigator.locks) await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && handOver());
        else handOver();
      }
    },
    newId,
    enter() {
      if (navigator.locks) void navigator.locks.request(mine, () => new Promise<void>((resolve) => { letGo = resolve; }));
      else beat = setInterval(() => last !== undefined && write(), SILENT / 3);
    },
    leave() {
      clearInterval(beat);
      // What is left is free to be taken at once.
      if (last !== undefined) write(0);
      letGo();
    },
  };
}

function abandoned(screen: string, mine: string): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(`${PREFIX}${screen}.`) && name !== mine).sort();
  } catch {
    return [];
  }
}

const newId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const baseText = new WeakMap<Draft, string>();

/** The base changes seldom and is large: it is written once. */
function encode({ version, base, sent, pending, held }: Kept): string {
  const known = baseText.get(base) ?? JSON.stringify([...base.blocks.values()]);
  baseText.set(base, known);
  const rest = JSON.stringify({ version, root: base.root, sent, pending, held: [...held] });
  return `${rest.slice(0, -1)},"blocks":${known}}`;
}

/** Storage may hold anything; what is in it was written by this code or is ignored. */
function decode(text: string): Kept | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { version, root, blocks, sent, pending, held } = value as { [name: string]: Json } & { blocks?: DraftBlock[]; sent?: Kept['sent']; pending?: Op[]; held?: [string, Op[]][] };
    if (typeof version !== 'number' || typeof root !== 'string' || !Array.isArray(blocks) || !Array.isArray(pending) || !Array.isArray(held)) return undefined;
    return { version, base: { root, blocks: new Map(blocks.map((block) => [block.key, block])) }, sent, pending, held: new Map(held) };
  } catch {
    return undefined;
  }
}
