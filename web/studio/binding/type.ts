// What the data of a document looks like before it is there, as `TrustedDocument.result` says it. It mirrors
// internal/component/bound.go (Type) and internal/binding/source.go (what a path leads to).
import { isObject, own, type Json } from '../lib/json';
import { tokensOf } from '../editor/form/pointer';

const KINDS = ['OBJECT', 'LIST', 'STRING', 'INT', 'FLOAT', 'BOOLEAN', 'ANY'] as const;
export type Kind = (typeof KINDS)[number];

export interface DataType {
  readonly kind: Kind;
  readonly nullable: boolean;
  /** All that a text can be, where that is known. */
  readonly values?: readonly string[] | undefined;
  /** Of a list. */
  readonly item?: DataType | undefined;
  /** Of an object. */
  readonly fields?: ReadonlyMap<string, DataType> | undefined;
}

export const ANY: DataType = { kind: 'ANY', nullable: true };

/** As deep as types are looked at; what is below can be anything. */
const DEEPEST = 40;

/** Reads what the server says. */
export function typeOfResult(said: Json | undefined, depth = 0): DataType {
  const kind = KINDS.find((known) => known === own(isObject(said) ? said : {}, 'kind'));
  if (!isObject(said) || !kind || depth > DEEPEST) return ANY;
  const [values, item, fields] = [own(said, 'values'), own(said, 'item'), own(said, 'fields')];
  return {
    kind,
    nullable: own(said, 'nullable') === true,
    ...(Array.isArray(values) && values.length > 0 && { values: values.filter((value) => typeof value === 'string') }),
    ...(kind === 'LIST' && { item: typeOfResult(item, depth + 1) }),
    ...(kind === 'OBJECT' && { fields: new Map(Object.entries(isObject(fields) ? fields : {}).map(([name, inner]) => [name, typeOfResult(inner, depth + 1)])) }),
  };
}

/** The type at a JSON Pointer, an entry of a list being its first; undefined when the document does not ask for it. */
export function typeAt(type: DataType, pointer: string): DataType | undefined {
  let here: DataType | undefined = type;
  let nullable = type.nullable;
  for (const token of tokensOf(pointer)) {
    if (here.kind === 'ANY') return here;
    if (here.kind === 'LIST') here = /^\d+$/.test(token) && here.item ? { ...here.item, nullable: true } : undefined;
    else here = here.fields?.get(token);
    if (!here) return undefined;
    nullable ||= here.nullable;
  }
  return pointer === '' ? here : { ...here, nullable };
}

/** What is there once a map was applied; undefined when it leads nowhere. */
export function mappedType(type: DataType, map: Readonly<Record<string, string>>): DataType | undefined {
  if (type.kind === 'ANY') return type;
  if (type.kind === 'LIST') {
    const item = mappedType(type.item ?? ANY, map);
    return item && { ...type, item };
  }
  if (type.kind !== 'OBJECT') return undefined;
  const fields = new Map<string, DataType>();
  for (const [name, pointer] of Object.entries(map)) {
    const inner = typeAt(type, pointer);
    if (!inner) return undefined;
    fields.set(name, inner);
  }
  return { kind: 'OBJECT', nullable: type.nullable, fields };
}

/** The type that a map is applied to: an entry, where there is a list of them. */
export const entryOf = (type: DataType): DataType => (type.kind === 'LIST' ? entryOf(type.item ?? ANY) : type);

/** What the type of a sampled value is, where the document itself does not know. */
export function typeOfValue(value: Json | undefined, depth = 0): DataType {
  if (value === undefined || value === null || depth > DEEPEST) return ANY;
  if (Array.isArray(value)) return { kind: 'LIST', nullable: true, item: typeOfValue(value.find((entry) => entry !== null), depth + 1) };
  if (isObject(value)) return { kind: 'OBJECT', nullable: true, fields: new Map(Object.entries(value).map(([name, inner]) => [name, typeOfValue(inner, depth + 1)])) };
  return { kind: typeof value === 'string' ? 'STRING' : typeof value === 'boolean' ? 'BOOLEAN' : Number.isInteger(value) ? 'INT' : 'FLOAT', nullable: true };
}

const WORDS: Record<Kind, string> = { OBJECT: 'object', LIST: 'list', STRING: 'text', INT: 'whole number', FLOAT: 'number', BOOLEAN: 'yes or no', ANY: 'anything' };
const MANY: Record<Kind, string> = { OBJECT: 'objects', LIST: 'lists', STRING: 'texts', INT: 'whole numbers', FLOAT: 'numbers', BOOLEAN: 'truths', ANY: 'anything' };

/** "list of objects" */
export const kindWords = (type: DataType): string => (type.kind === 'LIST' && type.item ? `list of ${MANY[type.item.kind]}` : WORDS[type.kind]);

const ARTICLES: Record<Kind, string> = { OBJECT: 'an object', LIST: 'a list', STRING: 'a text', INT: 'a whole number', FLOAT: 'a number', BOOLEAN: 'yes or no', ANY: 'a value' };
export const aKind = (type: DataType): string => ARTICLES[type.kind];
