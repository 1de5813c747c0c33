// Which field of the data a property is probably meant to be filled from.
import { below as pointerBelow } from '../editor/form/pointer';
import type { JsonObject } from '../lib/json';
import { whyNot, type Slots } from './fit';
import type { DataType } from './type';

export interface Choice {
  /** JSON Pointer into the object or the entry. */
  readonly pointer: string;
  /** The names are not equal: somebody should look at it. */
  readonly guess: boolean;
}

export type Mapping = ReadonlyMap<string, Choice>;

/** Names that people use for the same thing. */
const ALIKE: readonly (readonly string[])[] = [
  ['title', 'name', 'label', 'heading', 'headline', 'displayname', 'caption'],
  ['text', 'body', 'description', 'content', 'summary', 'excerpt', 'intro', 'subtitle', 'tagline', 'message'],
  ['image', 'imageurl', 'img', 'picture', 'pictureurl', 'photo', 'photourl', 'thumbnail', 'thumbnailurl', 'cover', 'src'],
  ['href', 'url', 'link', 'path', 'permalink', 'target', 'to', 'address', 'uri'],
  ['handle', 'slug', 'key', 'id'],
  ['price', 'amount', 'cost', 'value'],
  ['date', 'time', 'at', 'publishedat', 'createdat', 'updatedat'],
  ['author', 'by', 'name', 'owner'],
  ['stars', 'averagestars', 'rating', 'averagerating'],
  ['reviews', 'reviewcount', 'reviewscount', 'ratingcount'],
  ['alt', 'title', 'name', 'caption'],
];

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** How deep fields of fields are offered. */
const DEEPEST = 3;
const MOST = 300;

export interface Found {
  readonly pointer: string;
  /** "image › url" */
  readonly words: string;
  readonly type: DataType;
  readonly depth: number;
}

/** The fields of an object and of objects in it, each with the way there; lists are not looked into. */
export function fieldsOf(type: DataType, at = '', words: readonly string[] = [], depth = 0): readonly Found[] {
  if (type.kind !== 'OBJECT' || depth >= DEEPEST) return [];
  return [...(type.fields ?? [])].flatMap(([name, inner]): readonly Found[] => {
    const here = [...words, name];
    const pointer = pointerBelow(at, name);
    return [{ pointer, words: here.join(' › '), type: inner, depth }, ...fieldsOf(inner, pointer, here, depth + 1)];
  }).slice(0, MOST);
}

/** A field for every property that has one by its name, else by a name that means the same. No field is guessed twice. */
export function suggest(root: JsonObject, { properties }: Slots, entry: DataType): Mapping {
  // An edge of a connection stands for its node.
  const node = entry.kind === 'OBJECT' ? entry.fields?.get('node') : undefined;
  const fields = node?.kind === 'OBJECT' ? fieldsOf(node, '/node') : fieldsOf(entry);
  const found = new Map<string, Choice>();
  const fitting = (property: Slots['properties'][number]): readonly Found[] => fields.filter(({ type }) => whyNot(root, property.schema, type) === undefined);
  for (const property of properties) {
    const equal = fitting(property).find(({ words, depth }) => depth === 0 && plain(words) === plain(property.name));
    if (equal) found.set(property.name, { pointer: equal.pointer, guess: false });
  }
  const taken = new Set([...found.values()].map(({ pointer }) => pointer));
  for (const property of properties) {
    if (found.has(property.name)) continue;
    const guess = guessFor(plain(property.name), fitting(property).filter(({ pointer }) => !taken.has(pointer)));
    if (!guess) continue;
    taken.add(guess.pointer);
    found.set(property.name, { pointer: guess.pointer, guess: true });
  }
  return found;
}

function guessFor(wanted: string, fields: readonly Found[]): Found | undefined {
  const last = ({ words }: Found): string => plain(words.split(' › ').at(-1) ?? '');
  const whole = ({ words }: Found): string => plain(words);
  // Deeper, under its own name; below what is called like it; then by a word that means the same.
  const deeper = fields.find((field) => field.depth > 0 && last(field) === wanted) ?? fields.find((field) => field.depth > 0 && whole(field).startsWith(wanted));
  if (deeper) return deeper;
  for (const group of ALIKE) {
    if (!group.includes(wanted)) continue;
    for (const word of group) {
      const found = fields.find((field) => field.depth === 0 && last(field) === word);
      if (found) return found;
    }
  }
  return undefined;
}
