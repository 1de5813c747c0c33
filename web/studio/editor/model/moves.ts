// What can be done with blocks, as ops.
import { isObject, type Json, type JsonObject } from '../../lib/json';
import type { Catalogue, Component, Draft, DraftBlock, Op } from '../types';
import { insertsOf } from './apply';
import { childrenOf, placeOf, slotsOf, subtree, type Place } from './draft';
import { freshKey } from './names';

export const INCLUDE = 'include';

export type Direction = 'up' | 'down' | 'out' | 'into';

/** Where a block would go; undefined when there is nowhere in that direction. */
export function placeToward(draft: Draft, catalogue: Catalogue, key: string, direction: Direction): Place | undefined {
  const place = placeOf(draft, key);
  if (!place) return undefined;
  const { parent, slot, index } = place;
  const parentBlock = draft.blocks.get(parent);
  if (!parentBlock) return undefined;
  const slots = slotsOf(catalogue, parentBlock);
  const neighbors = childrenOf(parentBlock, slot);
  switch (direction) {
    case 'up': {
      if (index > 0) return { parent, slot, index: index - 1 };
      const before = slots[slots.indexOf(slot) - 1];
      return before === undefined ? undefined : { parent, slot: before, index: childrenOf(parentBlock, before).length };
    }
    case 'down': {
      if (index < neighbors.length - 1) return { parent, slot, index: index + 1 };
      const after = slots[slots.indexOf(slot) + 1];
      return after === undefined ? undefined : { parent, slot: after, index: 0 };
    }
    case 'out': {
      const above = placeOf(draft, parent);
      return above && { ...above, index: above.index + 1 };
    }
    case 'into':
      return insideOf(draft, catalogue, neighbors[index - 1]);
  }
}

/** The end of the first slot of a block; undefined when it has none. */
export function insideOf(draft: Draft, catalogue: Catalogue, key: string | undefined, slot?: string): Place | undefined {
  const block = key === undefined ? undefined : draft.blocks.get(key);
  const name = block && (slot ?? slotsOf(catalogue, block)[0]);
  return block && name !== undefined ? { parent: block.key, slot: name, index: childrenOf(block, name).length } : undefined;
}

/** Where something new goes when nobody says where: after what is selected, inside it when it is the root. */
export function placeFor(draft: Draft, catalogue: Catalogue, selected: string | null): Place | undefined {
  const place = selected === null ? undefined : placeOf(draft, selected);
  return place ? { ...place, index: place.index + 1 } : insideOf(draft, catalogue, draft.root);
}

export function duplicate(draft: Draft, key: string): { readonly ops: readonly Op[]; readonly key: string } | undefined {
  const place = placeOf(draft, key);
  return place && renamed(draft, insertsOf(draft, key, { ...place, index: place.index + 1 }));
}

/** The same inserts under keys that are free. */
function renamed(draft: Draft, inserts: readonly Op[]): { readonly ops: readonly Op[]; readonly key: string } | undefined {
  const names = new Map<string, string>();
  const taken = new Set(draft.blocks.keys());
  const ops = inserts.map((op): Op => {
    if (op.kind !== 'INSERT') return op;
    const key = freshKey(op.key, (name) => taken.has(name));
    taken.add(key);
    names.set(op.key, key);
    return { ...op, key, parent: names.get(op.parent) ?? op.parent };
  });
  const first = ops[0]?.key;
  return first === undefined ? undefined : { ops, key: first };
}

/** A new block of a component: with its first example, else with the defaults of its schema. */
export function insert(draft: Draft, component: Component, place: Place, props: JsonObject = firstProps(component)): { readonly ops: readonly Op[]; readonly key: string } {
  const key = freshKey(component.key, (name) => draft.blocks.has(name));
  return { key, ops: [{ kind: 'INSERT', key, ...place, component: component.key, major: component.versions[0]?.major ?? 1, props }] };
}

export function firstProps({ versions }: Component): JsonObject {
  const version = versions[0];
  const example = Array.isArray(version?.examples) ? version.examples.find(isObject) : undefined;
  const given = example && isObject(example.props) && Object.keys(example).every((name) => ['props', 'title', 'name', 'description'].includes(name)) ? example.props : example;
  return withoutNull(given ?? defaultsOf(version?.propsSchema));
}

function defaultsOf(schema: Json | undefined): JsonObject {
  if (!isObject(schema)) return {};
  if (isObject(schema.default)) return schema.default;
  const entries = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return Object.fromEntries(entries.flatMap(([name, property]): [string, Json][] => (isObject(property) && property.default !== undefined ? [[name, property.default]] : [])));
}

const withoutNull = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null).map(([name, value]) => [name, isObject(value) ? withoutNull(value) : value]));

/** A block and all below it, as `insertsOf` makes them, with what is in a slot of the first. */
export const subtreeOf = (draft: Draft, key: string): DraftBlock[] => subtree(draft, key).flatMap((at) => draft.blocks.get(at) ?? []);

/** Inserts blocks that came from elsewhere; the first is the outermost. */
export function insertAll(draft: Draft, blocks: readonly DraftBlock[], place: Place): { readonly ops: readonly Op[]; readonly key: string } | undefined {
  const first = blocks[0];
  if (!first) return undefined;
  const foreign: Draft = { root: first.key, blocks: new Map(blocks.map((block) => [block.key, block])) };
  return renamed(draft, insertsOf(foreign, first.key, place));
}
