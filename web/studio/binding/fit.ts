// Whether values of a type could stand in a prop. It mirrors Accepts of internal/component/bound.go; the server decides.
// What only a value can show, such as the length of a text, is not asked.
import { kindWord } from '../editor/form/messages';
import { step, tokensOf } from '../editor/form/pointer';
import { isObject, own, same, type Json, type JsonObject } from '../lib/json';
import { aKind, type DataType, type Kind } from './type';

/** As deep as types and schemas are compared; what is deeper shows when the values are there. */
const DEEPEST = 12;
const MOST_PARTS = 64;

const IN_SCHEMA: Record<Kind, string> = { OBJECT: 'object', LIST: 'array', STRING: 'string', INT: 'integer', FLOAT: 'number', BOOLEAN: 'boolean', ANY: '' };

/** Where a `$ref` leads inside the same schema. */
function target(root: JsonObject, ref: Json | undefined): Json | undefined {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return undefined;
  let pointer = ref.slice(1);
  try {
    pointer = decodeURIComponent(pointer);
  } catch {
    // Then it is meant as it stands.
  }
  return pointer === '' || pointer.startsWith('/') ? tokensOf(pointer).reduce<Json | undefined>(step, root) : undefined;
}

const listOf = (schema: JsonObject, word: string): readonly Json[] => {
  const list = own(schema, word);
  return Array.isArray(list) ? list : [];
};

/** A schema with everything that holds beside it for the same value. */
export function conjuncts(root: JsonObject, schema: Json | undefined): readonly Json[] {
  const all: Json[] = [];
  const include = (one: Json | undefined): void => {
    if (one === undefined || all.includes(one) || all.length >= MOST_PARTS) return;
    all.push(one);
    if (!isObject(one)) return;
    include(target(root, own(one, '$ref')));
    for (const part of listOf(one, 'allOf')) include(part);
  };
  include(schema);
  return all;
}

/** The schemas that hold for one property of an object, or for each entry of a list. */
export function below(root: JsonObject, schema: Json | undefined, property?: string): Json | undefined {
  const found = conjuncts(root, schema).flatMap((part): Json[] => {
    if (!isObject(part)) return [];
    const properties = own(part, 'properties');
    const inner = property === undefined ? own(part, 'items') : isObject(properties) ? own(properties, property) : undefined;
    return inner === undefined ? [] : [inner];
  });
  return found.length > 1 ? { allOf: [...found] } : found[0];
}

/** Why values of a type could not stand at a place with a schema, in a clause; undefined when they could. */
export function whyNot(root: JsonObject, schema: Json | undefined, type: DataType, depth = 0): string | undefined {
  if (type.kind === 'ANY' || depth > DEEPEST) return undefined;
  for (const part of conjuncts(root, schema)) {
    const why = part === false ? 'nothing may stand there' : isObject(part) ? whyNotHere(root, part, type, depth) : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyNotHere(root: JsonObject, schema: JsonObject, type: DataType, depth: number): string | undefined {
  const wrong = wrongKind(schema, type);
  if (wrong !== undefined) return wrong;
  for (const word of ['anyOf', 'oneOf']) {
    const alternatives = listOf(schema, word);
    const reasons = alternatives.map((alternative) => whyNot(root, alternative, type, depth + 1));
    if (alternatives.length > 0 && reasons.every((why) => why !== undefined)) return reasons[0];
  }
  if (type.kind === 'OBJECT') return wrongFields(root, schema, type, depth);
  if (type.kind === 'LIST') {
    const why = type.item && whyNot(root, own(schema, 'items'), type.item, depth + 1);
    return why === undefined ? undefined : `each entry: ${why}`;
  }
  return type.kind === 'STRING' ? wrongValues(schema, type) : undefined;
}

function wrongKind(schema: JsonObject, type: DataType): string | undefined {
  const said = own(schema, 'type');
  const names = (Array.isArray(said) ? said : [said]).filter((name): name is string => typeof name === 'string');
  if (names.length === 0 || names.includes(IN_SCHEMA[type.kind]) || (type.kind === 'INT' && names.includes('number'))) return undefined;
  return `${aKind(type)}, where ${names.filter((name) => name !== 'null').map(kindWord).join(' or ') || 'nothing'} is wanted`;
}

function wrongFields(root: JsonObject, schema: JsonObject, type: DataType, depth: number): string | undefined {
  const missing = listOf(schema, 'required').find((name) => typeof name === 'string' && !type.fields?.has(name));
  if (missing !== undefined) return `it has no “${String(missing)}”, which is needed`;
  const properties = own(schema, 'properties');
  if (!isObject(properties)) return undefined;
  for (const [name, inner] of type.fields ?? []) {
    const why = whyNot(root, own(properties, name), inner, depth + 1);
    if (why !== undefined) return `${name}: ${why}`;
  }
  return undefined;
}

function wrongValues(schema: JsonObject, type: DataType): string | undefined {
  const constant = own(schema, 'const');
  const listed = own(schema, 'enum');
  const allowed = constant !== undefined ? [constant] : Array.isArray(listed) ? listed : undefined;
  const stranger = allowed && type.values?.find((value) => !allowed.some((one) => same(one, value)));
  return stranger === undefined ? undefined : `it can be “${stranger}”, which is none of the choices`;
}

/** What can be mapped: the properties that the object, or each entry of the list, has at this place. */
export interface Slots {
  readonly list: boolean;
  /** The schema of the object or of an entry. */
  readonly schema: Json;
  readonly properties: readonly { readonly name: string; readonly title: string; readonly schema: Json; readonly required: boolean }[];
}

const textOf = (schema: Json | undefined, word: string): string | undefined => {
  const value = isObject(schema) ? own(schema, word) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Undefined for a place that takes no object with properties of its own, nor a list of such. */
export function slotsOf(root: JsonObject, schema: Json | undefined, name: (property: string) => string, list = false): Slots | undefined {
  const parts = conjuncts(root, schema).filter(isObject);
  const [only, ...others] = parts.flatMap((part) => [...listOf(part, 'anyOf'), ...listOf(part, 'oneOf')]).filter((part) => !(isObject(part) && own(part, 'type') === 'null'));
  if (only !== undefined && others.length === 0) return slotsOf(root, { allOf: [...parts.map(({ anyOf: _any, oneOf: _one, ...rest }) => rest), only] }, name, list);
  const names = [...new Set(parts.flatMap((part) => { const properties = own(part, 'properties'); return isObject(properties) ? Object.keys(properties) : []; }))];
  if (names.length > 0) {
    const required = parts.flatMap((part) => listOf(part, 'required')).filter((one): one is string => typeof one === 'string');
    const sorted = [...new Set([...required.filter((one) => names.includes(one)), ...names])];
    return {
      list, schema: schema ?? true,
      properties: sorted.map((property) => {
        const inner = below(root, schema, property) ?? true;
        const title = conjuncts(root, inner).map((part) => textOf(part, 'title')).find((text) => text !== undefined);
        return { name: property, title: title ?? name(property), schema: inner, required: required.includes(property) };
      }),
    };
  }
  const items = list ? undefined : below(root, schema);
  return items === undefined ? undefined : slotsOf(root, items, name, true);
}
