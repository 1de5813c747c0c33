// Reading a draft as a tree.
import { isObject, type Json, type JsonObject } from '../../lib/json';
import type { Catalogue, Draft, DraftBlock } from '../types';

export const MAX_BLOCKS = 200;
export const MAX_DEPTH = 12;
/** One edit holds this many ops; see `countOps`. */
export const MAX_OPS = 100;

export interface Place {
  readonly parent: string;
  readonly slot: string;
  readonly index: number;
}

/** Blocks as the graph answers them, in document order: the first is the root. Slots are kept sorted by name. */
export function draftOf(blocks: readonly (Omit<DraftBlock, 'props'> & { readonly props: Json })[]): Draft {
  const map = new Map<string, DraftBlock>();
  for (const block of blocks) {
    const slots = block.slots.filter(({ blocks }) => blocks.length > 0).map(({ name, blocks }) => ({ name, blocks: [...blocks] }));
    map.set(block.key, { key: block.key, component: block.component, major: block.major, props: isObject(block.props) ? block.props : {}, slots: slots.sort(byName) });
  }
  return { root: blocks[0]?.key ?? '', blocks: map };
}

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

export const childrenOf = (block: DraftBlock | undefined, slot: string): readonly string[] => block?.slots.find(({ name }) => name === slot)?.blocks ?? [];

/** Where every block but the root stands. */
export function placesOf(draft: Draft): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { key: parent, slots } of draft.blocks.values()) {
    for (const { name: slot, blocks } of slots) blocks.forEach((key, index) => places.set(key, { parent, slot, index }));
  }
  return places;
}

export function placeOf(draft: Draft, key: string): Place | undefined {
  for (const { key: parent, slots } of draft.blocks.values()) {
    for (const { name: slot, blocks } of slots) {
      const index = blocks.indexOf(key);
      if (index >= 0) return { parent, slot, index };
    }
  }
  return undefined;
}

/** The names of a block's slots: those that its component declares, in their order, then others that hold something. */
export function slotsOf(catalogue: Catalogue, block: DraftBlock): readonly string[] {
  const declared = catalogue.get(block.component)?.versions.find(({ major }) => major === block.major)?.slots ?? [];
  return [...declared, ...block.slots.map(({ name }) => name).filter((name) => !declared.includes(name))];
}

/** A block and all below it, in document order; slots by name, or as `catalogue` declares them. */
export function subtree(draft: Draft, key: string, catalogue?: Catalogue): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (at: string): void => {
    const block = draft.blocks.get(at);
    if (!block || seen.has(at)) return;
    seen.add(at);
    order.push(at);
    const names = catalogue ? slotsOf(catalogue, block) : block.slots.map(({ name }) => name);
    for (const name of names) for (const child of childrenOf(block, name)) visit(child);
  };
  visit(key);
  return order;
}

/** The block and those above it, up to the root. */
export function lineage(draft: Draft, key: string): string[] {
  const places = placesOf(draft);
  const line: string[] = [];
  for (let at: string | undefined = draft.blocks.has(key) ? key : undefined; at !== undefined && !line.includes(at); at = places.get(at)?.parent) line.push(at);
  return line;
}

/** How many blocks lie on the way from the root to the deepest leaf. */
export function depthOf(draft: Draft, from = draft.root): number {
  const block = draft.blocks.get(from);
  return block ? 1 + Math.max(0, ...block.slots.flatMap(({ blocks }) => blocks.map((child) => depthOf(draft, child)))) : 0;
}

/** The draft in the form of `Screen.body`. */
export function bodyOf({ root, blocks }: Draft): JsonObject {
  const entries = [...blocks.values()].map(({ key, component, major, props, slots }): [string, Json] => [key, { component, major, props, slots: Object.fromEntries(slots.map(({ name, blocks }) => [name, [...blocks]])) }]);
  return { format: 1, root, blocks: Object.fromEntries(entries) };
}
