// What a page fills in by itself: it runs the documents that blocks are bound to, with the rights of whoever looks, and puts
// what it finds into a copy of their props. Loaded only where a screen has such blocks.
import { resolveAssets } from './asset.js';
import type { Answer } from './graphql.js';
import { waits, type Block, type BlockBinding, type Json, type Props, type Snapshot } from './types.js';

/** Runs a registered document. */
export type Run = (document: string, variables: object, signal: AbortSignal) => Promise<Answer<unknown>>;

/** Where a value is found in the data of a document. */
export type Source = Pick<BlockBinding, 'path'> & { readonly map?: BlockBinding['map'] | undefined };

/** How long an answer may take, in milliseconds. */
const DEADLINE = 10_000;
/** Data that is as old as this is asked for anew when somebody looks at the page again. */
const STALE = 60_000;

const tokensOf = (pointer: string): string[] => (pointer === '' ? [] : pointer.slice(1).split('/').map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~')));
const isPointer = (pointer: unknown): pointer is string => pointer === '' || (typeof pointer === 'string' && pointer.startsWith('/'));
const isHolder = (value: unknown): value is { readonly [name: string]: unknown } => typeof value === 'object' && value !== null && !Array.isArray(value);
const indexOf = (token: string): number => (/^(0|[1-9]\d{0,8})$/.test(token) ? Number(token) : -1);

const step = (here: unknown, token: string): unknown =>
  Array.isArray(here) ? (here[indexOf(token)] as unknown) : isHolder(here) && Object.hasOwn(here, token) ? here[token] : undefined;

/** What stands at a JSON Pointer; undefined for nothing. Own properties only. */
export const at = (value: unknown, pointer: string): unknown => (isPointer(pointer) ? tokensOf(pointer).reduce(step, value) : undefined);

/** What the data holds for a binding, in the form that props have: without null. Undefined where there is nothing. */
export function valueIn({ path, map }: Source, data: unknown): Json | undefined {
  const found = at(data, path);
  const value = isHolder(map) ? mapped(found, map) : found;
  return value === undefined || value === null ? undefined : withoutNull(value);
}

function mapped(value: unknown, map: { readonly [name: string]: unknown }): unknown {
  if (Array.isArray(value)) return value.map((entry) => mapped(entry, map)).filter((entry) => entry !== undefined);
  if (!isHolder(value)) return undefined;
  return Object.fromEntries(Object.entries(map).map(([name, pointer]) => [name, typeof pointer === 'string' ? at(value, pointer) : undefined]));
}

function withoutNull(value: unknown): Json {
  const there = (inner: unknown): boolean => inner !== null && inner !== undefined;
  if (Array.isArray(value)) return value.filter(there).map(withoutNull);
  if (!isHolder(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => there(inner)).map(([name, inner]) => [name, withoutNull(inner)]));
}

/**
 * The props with a value at a place; the same props when they have no such place. An entry of a list goes between the
 * others: it is not in the list that is served.
 */
export function put(props: Props, pointer: string, value: Json): Props {
  const tokens = isPointer(pointer) ? tokensOf(pointer) : [];
  const into = (here: Json, depth: number): Json => {
    const token = tokens[depth] as string;
    const last = depth === tokens.length - 1;
    if (Array.isArray(here)) {
      const i = indexOf(token);
      const list = [...(here as readonly Json[])];
      if (last && i >= 0) list.splice(i, 0, value);
      else if (!last && i >= 0 && i < list.length) list[i] = into(list[i] as Json, depth + 1);
      return list;
    }
    if (!isHolder(here)) return here;
    const inner = Object.hasOwn(here, token) ? (here[token] as Json) : undefined;
    if (!last && inner === undefined) return here;
    // fromEntries defines properties: `__proto__` is a name like others.
    return Object.fromEntries([...Object.entries(here).filter(([name]) => name !== token), [token, last ? value : into(inner as Json, depth + 1)]]) as Json;
  };
  return tokens.length === 0 ? props : (into(props, 0) as Props);
}

const keyOf = ({ document, variables }: BlockBinding): string => `${document} ${JSON.stringify(variables)}`;

/** Keeps what one screen asked for. */
export class Filler {
  readonly #run: Run;
  readonly #base: string;
  readonly #changed: () => void;
  readonly #answers = new Map<string, unknown>();
  readonly #asking = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  #snapshot: Snapshot | undefined;
  #askedAt = 0;

  /** `changed` is called with every answer that came. */
  constructor(run: Run, base: string, changed: () => void) {
    this.#run = run;
    this.#base = base;
    this.#changed = changed;
    globalThis.document?.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.#snapshot && Date.now() - this.#askedAt >= STALE) void this.ask(this.#snapshot);
    }, { signal: this.#stop.signal });
  }

  /** The snapshot with everything that is known by now. What is still open stays in `bindings`. */
  fill(snapshot: Snapshot): Snapshot {
    if (!snapshot.blocks.some(waits)) return snapshot;
    return { ...snapshot, blocks: snapshot.blocks.map((block) => (waits(block) ? this.#filled(block) : block)) };
  }

  #filled(block: Block): Block {
    let { props } = block;
    const open: BlockBinding[] = [];
    for (const binding of block.bindings ?? []) {
      const value = valueIn(binding, this.#answers.get(keyOf(binding)));
      if (value === undefined) open.push(binding);
      else props = put(props, binding.pointer, value);
    }
    return { ...block, props, bindings: open };
  }

  /** Asks for everything that a snapshot wants, each different question once, and forgets what it does not want. */
  async ask(snapshot: Snapshot): Promise<void> {
    this.#snapshot = snapshot;
    this.#askedAt = Date.now();
    const wanted = new Map(snapshot.blocks.flatMap(({ bindings }) => bindings ?? []).map((binding) => [keyOf(binding), binding]));
    for (const key of [...this.#answers.keys()]) if (!wanted.has(key)) this.#answers.delete(key);
    await Promise.all([...wanted].map(([key, binding]) => {
      const asking = this.#asking.get(key) ?? this.#askOne(key, binding).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
      return asking;
    }));
  }

  async #askOne(key: string, { document, variables }: BlockBinding): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), DEADLINE);
    try {
      const { data } = await this.#run(document, variables, late.signal);
      if (this.#stop.signal.aborted || !data) return;
      this.#answers.set(key, resolveAssets(data, this.#base));
      this.#changed();
    } catch {
      // The answer of last time stays, or the block does without.
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#stop.abort();
  }
}
