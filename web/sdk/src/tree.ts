// A snapshot is a flat list; slots say who holds whom.
import type { Block, Snapshot } from './types.js';

/** A block with the blocks inside it. */
export interface Branch {
  readonly block: Block;
  readonly slots: readonly { readonly name: string; readonly branches: readonly Branch[] }[];
}

// The server stops at 12, includes add as many. Deeper is not a screen but an accident.
const DEEPEST = 64;

const known = new WeakMap<Branch, ReadonlyMap<string, Branch>>();

/**
 * Rebuilds the tree; undefined when the root is not there. With the tree of the state before, whatever did not change is
 * the same object as in there, so that a renderer can skip it. A key that is named twice is placed once, so neither a
 * circle nor a thicket of references does harm; a key that is not there is left out.
 */
export function treeOf(snapshot: Snapshot, before?: Branch): Branch | undefined {
  const blocks = new Map(snapshot.blocks.map((block) => [block.key, block]));
  const old = before && known.get(before);
  const made = new Map<string, Branch>();
  const placed = new Set<string>();

  const grow = (key: string, depth: number): Branch | undefined => {
    const block = blocks.get(key);
    if (!block || placed.has(key) || depth > DEEPEST) return undefined;
    placed.add(key);
    const slots = block.slots.map(({ name, blocks: keys }) => ({ name, branches: keys.map((k) => grow(k, depth + 1)).filter((b) => b !== undefined) }));
    const last = old?.get(key);
    const branch = last && same(last, block, slots) ? last : { block, slots };
    made.set(key, branch);
    return branch;
  };

  const root = grow(snapshot.root, 0);
  if (root) known.set(root, made);
  return root;
}

function same(last: Branch, block: Block, slots: Branch['slots']): boolean {
  const content = (b: Block): string => JSON.stringify([b.component, b.version, b.props]);
  return slots.length === last.slots.length &&
    slots.every(({ name, branches }, i) => name === last.slots[i]?.name && branches.length === last.slots[i].branches.length && branches.every((b, j) => b === last.slots[i]?.branches[j])) &&
    (block === last.block || content(block) === content(last.block));
}
