// A screen as a tree, whether a release or a draft holds it: what is compared and put back.
import { isObject, own, type Json, type JsonObject } from '../lib/json';

export interface TreeBlock {
  readonly component: string;
  readonly major: number;
  /** What a release stamped the block with; undefined for drafts. */
  readonly version: string | undefined;
  readonly props: JsonObject;
  /** Children by slot, the slots by name. */
  readonly slots: ReadonlyMap<string, readonly string[]>;
}

export interface Tree {
  readonly title: string;
  readonly path: string;
  readonly root: string;
  readonly blocks: ReadonlyMap<string, TreeBlock>;
}

export interface Place {
  readonly parent: string;
  readonly slot: string;
  readonly index: number;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Reads a draft's body or a screen of a release; undefined when it is neither. */
export function treeOf(content: Json | undefined, head?: { readonly title: string; readonly path: string | null }): Tree | undefined {
  if (!isObject(content)) return undefined;
  const held = own(content, 'blocks');
  if (!isObject(held)) return undefined;
  const blocks = new Map<string, TreeBlock>();
  for (const [key, block] of Object.entries(held)) {
    if (!isObject(block)) continue;
    const version = own(block, 'version');
    const major = own(block, 'major');
    const props = own(block, 'props');
    const slots = own(block, 'slots');
    blocks.set(key, {
      component: text(own(block, 'component')),
      major: typeof major === 'number' ? major : Number.parseInt(text(version), 10) || 1,
      version: typeof version === 'string' ? version : undefined,
      props: isObject(props) ? props : {},
      slots: new Map(isObject(slots) ? Object.entries(slots).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, list]) => [name, Array.isArray(list) ? list.map(text) : []]) : []),
    });
  }
  return { title: head?.title ?? text(own(content, 'title')), path: head ? (head.path ?? '') : text(own(content, 'path')), root: text(own(content, 'root')), blocks };
}

/** Keys in document order. */
export function order(tree: Tree, from = tree.root): readonly string[] {
  const found: string[] = [];
  const walk = (key: string): void => {
    const block = tree.blocks.get(key);
    if (!block) return;
    found.push(key);
    for (const children of block.slots.values()) for (const child of children) walk(child);
  };
  walk(from);
  return found;
}

/** Where every block but the root stands. */
export function placesOf(tree: Tree): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const [parent, block] of tree.blocks) {
    for (const [slot, children] of block.slots) children.forEach((key, index) => places.set(key, { parent, slot, index }));
  }
  return places;
}

/** The blocks around a block, from the root down. */
export function ancestors(places: ReadonlyMap<string, Place>, key: string): readonly string[] {
  const found: string[] = [];
  for (let at = places.get(key); at; at = places.get(at.parent)) found.unshift(at.parent);
  return found;
}

/** The longest list of keys that stand in the same order in both lists. */
export function staying(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const position = new Map(before.map((key, i) => [key, i]));
  const both = after.filter((key) => position.has(key));
  const length: number[] = [];
  const from: number[] = [];
  let last = -1;
  both.forEach((key, i) => {
    length[i] = 1;
    from[i] = -1;
    for (let j = 0; j < i; j++) {
      if ((position.get(both[j] ?? '') ?? 0) < (position.get(key) ?? 0) && (length[j] ?? 0) + 1 > (length[i] ?? 0)) {
        length[i] = (length[j] ?? 0) + 1;
        from[i] = j;
      }
    }
    // Of two that changed places, the one that went up moved.
    if (last < 0 || (length[i] ?? 0) >= (length[last] ?? 0)) last = i;
  });
  const run = new Set<string>();
  for (let i = last; i >= 0; i = from[i] ?? -1) run.add(both[i] ?? '');
  return run;
}
