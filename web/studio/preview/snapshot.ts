// A draft as it would be served if it were saved now, so that the preview does not wait for the server: what
// internal/screen/frozen.go (Fill) and internal/component/negotiate.go (without a build) do, in one walk.
import type { Snapshot } from '@sonata/sdk';
import { versionOf } from '../editor/context';
import { INCLUDE } from '../editor/model/moves';
import type { Catalogue, Draft, DraftBlock } from '../editor/types';
import { isObject, own, type Json, type JsonObject } from '../lib/json';

const MAX_INCLUDE_DEPTH = 2;
/** Limits of a screen with everything that it includes. */
const MAX_BLOCKS = 1_000;
const MAX_BYTES = 1 << 20;

interface Sources {
  readonly screen: { readonly key: string; readonly title: string; readonly path: string | null };
  readonly draft: Draft;
  /** Drafts of the screens that are included, by key. What is not there is left out. */
  readonly parts: ReadonlyMap<string, Draft>;
  readonly catalogue: Catalogue;
  /** Props as they are served: pictures are drafted by hash. */
  readonly serve: (props: JsonObject) => JsonObject;
  /** What the path of the screen matched. */
  readonly params: Readonly<Record<string, string>>;
  /** Another picture needs another one. */
  readonly turn: number;
}

type Block = { key: string; component: string; version: string; props: JsonObject; slots: { name: string; blocks: string[] }[] };

/** Null when there is nothing to show. */
export function snapshotOf({ screen, draft, parts, catalogue, serve, params, turn }: Sources): Snapshot | null {
  const blocks: Block[] = [];
  let bytes = 0;

  /** Adds the block and all below it, and returns its key as it is served; undefined when there is nothing to show. */
  const place = (of: Draft, key: string, prefix: string, depth: number): string | undefined => {
    const block = of.blocks.get(key);
    if (!block) return undefined;
    if (block.component === INCLUDE) {
      const part = parts.get(includeOf(block) ?? '');
      return part && depth < MAX_INCLUDE_DEPTH ? place(part, part.root, `${prefix}${key}/`, depth + 1) : undefined;
    }
    if (blocks.length >= MAX_BLOCKS || bytes > MAX_BYTES) return undefined;
    bytes += weigh(block.props);
    const version = versionOf(catalogue.get(block.component), block);
    const served: Block = { key: prefix + key, component: block.component, version: version?.version ?? `${block.major}.0`, props: serve(block.props), slots: [] };
    blocks.push(served);
    for (const name of slotOrder(block, version?.slots ?? [])) {
      const children = (block.slots.find((slot) => slot.name === name)?.blocks ?? []).flatMap((child) => place(of, child, prefix, depth) ?? []);
      if (children.length > 0) served.slots.push({ name, blocks: children });
    }
    return served.key;
  };

  const root = place(draft, draft.root, '', 0);
  if (root === undefined) return null;
  return { id: `draft ${screen.key} ${turn}`, key: screen.key, title: screen.title, path: screen.path, params, contentHash: `draft ${turn}`, release: null, root, blocks, degradations: [] };
}

/** The screen that an include block names. */
export function includeOf(block: Pick<DraftBlock, 'component' | 'props'>): string | undefined {
  const screen = block.component === INCLUDE ? own(block.props, 'screen') : undefined;
  return typeof screen === 'string' && screen !== '' ? screen : undefined;
}

/** Keys of the screens that a draft includes, each once. */
export const includesOf = (draft: Draft): readonly string[] => [...new Set([...draft.blocks.values()].flatMap((block) => includeOf(block) ?? []))];

/** The block of the draft that a block of the snapshot belongs to: of what is included that is the include block. */
export const draftKeyOf = (key: string): string => key.split('/', 1)[0] ?? key;

function slotOrder(block: DraftBlock, declared: readonly string[]): readonly string[] {
  const used = block.slots.map(({ name }) => name);
  return [...declared.filter((name) => used.includes(name)), ...used.filter((name) => !declared.includes(name)).sort()];
}

const SERVED_PICTURE = 1_200;
const utf8 = new TextEncoder();
const weights = new WeakMap<JsonObject, number>();

/** The size of props as JSON, roughly, as the server counts it. Props that did not change are not counted again. */
function weigh(props: JsonObject): number {
  const known = weights.get(props);
  if (known !== undefined) return known;
  const weight = weightOf(props);
  weights.set(props, weight);
  return weight;
}

function weightOf(value: Json): number {
  if (typeof value === 'string') return utf8.encode(value).length + 2;
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + 1 + weightOf(entry), 2);
  if (!isObject(value)) return 6;
  const hash = own(value, '$asset');
  if (typeof hash === 'string' && hash !== '') return SERVED_PICTURE;
  return Object.keys(value).reduce((sum, name) => sum + utf8.encode(name).length + 4 + weightOf(value[name] as Json), 2);
}
