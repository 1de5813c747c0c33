// What can be chosen out of an answer: what the document says it looks like, with what a sample shows.
import { below } from '../editor/form/pointer';
import { plural } from '../lib/format';
import { isObject, own, type Json, type JsonObject } from '../lib/json';
import { whyNot, type Slots } from './fit';
import { entryOf, kindWords, mappedType, typeOfValue, type DataType } from './type';

/** The type with what nobody knew before filled in from a sample: a JSON scalar has no type of its own. */
export function merged(type: DataType, value: Json | undefined, depth = 0): DataType {
  if (depth > 20) return type;
  switch (type.kind) {
    case 'ANY': return value === undefined || value === null ? type : typeOfValue(value);
    case 'LIST': return type.item ? { ...type, item: merged(type.item, Array.isArray(value) ? value.find((entry) => entry !== null) : undefined, depth + 1) } : type;
    case 'OBJECT': return { ...type, fields: new Map([...(type.fields ?? [])].map(([name, inner]) => [name, merged(inner, isObject(value) ? own(value, name) : undefined, depth + 1)])) };
    default: return type;
  }
}

export interface TreeNode {
  readonly pointer: string;
  readonly name: string;
  readonly type: DataType;
  readonly value: Json | undefined;
  /** Why it cannot be chosen. */
  readonly why: string | undefined;
  readonly children: readonly TreeNode[];
}

/** As many are shown; documents that ask for more are rare, and can be written by hand. */
const MOST_NODES = 400;
const DEEPEST = 9;

/** Whether what is there could be brought into the form that is wanted, with a map where there has to be one. */
export function whyNotHere(root: JsonObject, schema: Json, slots: Slots | undefined, type: DataType): string | undefined {
  const asItIs = whyNot(root, schema, type);
  if (asItIs === undefined || !slots) return asItIs;
  const held = slots.list ? (type.kind === 'LIST' ? type.item : undefined) : type;
  return held && (held.kind === 'OBJECT' || held.kind === 'ANY') ? undefined : asItIs;
}

export function nodesOf(root: JsonObject, schema: Json, slots: Slots | undefined, type: DataType, value: Json | undefined): TreeNode {
  let left = MOST_NODES;
  const grow = (name: string, pointer: string, here: DataType, held: Json | undefined, depth: number): TreeNode => {
    left--;
    const inside: [string, string, DataType, Json | undefined][] = here.kind === 'OBJECT'
      ? [...(here.fields ?? [])].map(([field, inner]) => [field, below(pointer, field), inner, isObject(held) ? own(held, field) : undefined])
      : here.kind === 'LIST' && here.item && here.item.kind !== 'ANY' ? [['first entry', below(pointer, 0), { ...here.item, nullable: true }, Array.isArray(held) ? held[0] : undefined]] : [];
    return {
      pointer, name, type: here, value: held, why: whyNotHere(root, schema, slots, here),
      children: depth >= DEEPEST ? [] : inside.flatMap(([field, at, inner, found]) => (left > 0 ? [grow(field, at, inner, found, depth + 1)] : [])),
    };
  };
  return grow('', '', type, value, 0);
}

/** The nearest node that fits: where objects or lists are wanted there is mostly one. */
export function bestOf(tree: TreeNode): TreeNode | undefined {
  for (let level: readonly TreeNode[] = tree.children; level.length > 0; level = level.flatMap(({ children }) => children)) {
    const found = level.find(({ why, type }) => why === undefined && (type.kind === 'LIST' || type.kind === 'OBJECT'));
    if (found) return found;
  }
  return undefined;
}

/** A value in a few words. */
export function glimpse(value: Json | undefined, type: DataType): string {
  if (value === undefined) return '';
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return plural(value.length, 'entry', 'entries');
  if (isObject(value)) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return type.kind === 'STRING' || typeof value === 'string' ? `“${String(value).slice(0, 80)}”` : String(value);
}

/** What is wanted at a place, in words: "a list of objects". */
export function wantedWords(slots: Slots | undefined, kinds: readonly string[]): string {
  if (slots) return slots.list ? 'a list of objects' : 'an object';
  return kinds.join(' or ') || 'anything';
}

/** Why a choice cannot be used; undefined when it can. */
export function problemOf(root: JsonObject, schema: Json, type: DataType, map: Readonly<Record<string, string>> | undefined): string | undefined {
  const brings = map ? mappedType(type, map) : type;
  if (!brings) return 'A field that was mapped is not asked for any more';
  return whyNot(root, schema, brings);
}

/** Whether there is something to map. */
export const isMapped = (slots: Slots | undefined, type: DataType): boolean => {
  if (!slots || (type.kind === 'LIST') !== slots.list) return false;
  const entry = entryOf(type);
  return entry.kind === 'OBJECT' || entry.kind === 'ANY';
};

export { kindWords };
