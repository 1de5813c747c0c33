// Reads a props schema the way the form does: references and plain combinations are looked through, and each place is
// told which kind of field it gets. What is not understood is no error: it gets the JSON field.
import { isObject, own, same, type Json, type JsonObject } from '../../lib/json';
import { isBinding } from '../../binding/envelope';
import { words } from '../../lib/format';
import { step, tokensOf } from './pointer';

/** Resolved: no $ref and no allOf on its own level. */
export type Schema = JsonObject;

export const ANYTHING: Schema = {};

const MOST_REFS = 64;

export const textOf = (schema: JsonObject | undefined, word: string): string | undefined => {
  const value = own(schema, word);
  return typeof value === 'string' && value !== '' ? value : undefined;
};
export const numberOf = (schema: JsonObject | undefined, word: string): number | undefined => {
  const value = own(schema, word);
  return typeof value === 'number' ? value : undefined;
};
export const listOf = (schema: JsonObject | undefined, word: string): Json[] => {
  const value = own(schema, word);
  return Array.isArray(value) ? value : [];
};
const objectOf = (schema: JsonObject | undefined, word: string): JsonObject | undefined => {
  const value = own(schema, word);
  return isObject(value) ? value : undefined;
};

/** One props schema. Every answer is kept, so that equal questions get the very same object. */
export class Schemas {
  #resolved = new WeakMap<JsonObject, Schema | null>();

  constructor(readonly root: JsonObject) {}

  /** Undefined when what it says cannot be laid flat; then only JSON does it justice. */
  resolve(schema: Json | undefined): Schema | undefined {
    if (schema === undefined || schema === true) return ANYTHING;
    if (!isObject(schema)) return undefined;
    let found = this.#resolved.get(schema);
    if (found === undefined) {
      found = this.#flatten(schema, 0) ?? null;
      this.#resolved.set(schema, found);
    }
    return found ?? undefined;
  }

  #flatten(schema: Json, depth: number): Schema | undefined {
    if (schema === true) return ANYTHING;
    if (!isObject(schema) || depth > MOST_REFS) return undefined;
    const ref = own(schema, '$ref');
    const all = own(schema, 'allOf');
    if (ref === undefined && all === undefined) return schema;
    const { $ref: _ref, allOf: _all, $defs: _defs, definitions: _definitions, ...rest } = schema;
    const parts: Json[] = [...(Array.isArray(all) ? all : [])];
    if (typeof ref === 'string') {
      const target = this.#target(ref);
      if (target === undefined) return undefined;
      parts.unshift(target);
    }
    let result: Schema | undefined = {};
    for (const part of parts) {
      const flat = this.#flatten(part, depth + 1);
      result = flat && result && merge(result, flat);
    }
    return result && merge(result, rest);
  }

  #target(ref: string): Json | undefined {
    if (!ref.startsWith('#')) return undefined;
    let pointer = ref.slice(1);
    try {
      pointer = decodeURIComponent(pointer);
    } catch {
      // Then it is meant as it stands.
    }
    if (pointer !== '' && !pointer.startsWith('/')) return undefined;
    return tokensOf(pointer).reduce<Json | undefined>(step, this.root);
  }

  /** The schema of one property or item of a value. */
  inside(schema: Schema | undefined, value: Json | undefined, token: string): Schema | undefined {
    if (!schema) return undefined;
    const field = this.describe(schema);
    if (field.variants) schema = (field.variants.find((variant) => variant.fits(value)) ?? field.variants[0])?.schema ?? schema;
    const property = own(objectOf(schema, 'properties'), token);
    if (property !== undefined) return this.resolve(property);
    const items = own(schema, 'items');
    return Array.isArray(value) && items !== undefined ? this.resolve(items) : undefined;
  }

  describe(schema: Schema | undefined, widget?: string): Field {
    return describe(this, schema, widget);
  }
}

const LATER_WINS = new Set(['title', 'description', 'default', 'examples', '$comment', '$schema', 'deprecated', 'readOnly', 'writeOnly', 'format']);
const HIGHER = new Set(['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties']);
const LOWER = new Set(['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties']);

/** One schema that says what both say; undefined when that takes more than laying them over each other. */
function merge(a: Schema, b: Schema): Schema | undefined {
  const result: JsonObject = { ...a };
  for (const [word, theirs] of Object.entries(b)) {
    const ours = own(result, word);
    if (ours === undefined || LATER_WINS.has(word) || same(ours, theirs)) result[word] = theirs;
    else if (typeof ours === 'number' && typeof theirs === 'number' && HIGHER.has(word)) result[word] = Math.max(ours, theirs);
    else if (typeof ours === 'number' && typeof theirs === 'number' && LOWER.has(word)) result[word] = Math.min(ours, theirs);
    else if (word === 'required' && Array.isArray(ours) && Array.isArray(theirs)) result[word] = [...new Set([...ours, ...theirs])];
    else if (word === 'enum' && Array.isArray(ours) && Array.isArray(theirs)) result[word] = ours.filter((entry) => theirs.some((other) => same(entry, other)));
    else if (word === 'properties' && isObject(ours) && isObject(theirs)) {
      const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
      result[word] = Object.fromEntries(names.map((name): [string, Json] => {
        const [mine, other] = [own(ours, name), own(theirs, name)];
        return [name, mine === undefined ? other ?? true : other === undefined ? mine : { allOf: [mine, other] }];
      }));
    } else if (word === 'type') {
      const both = typesOf(a).filter((type) => typesOf(b).includes(type));
      if (both.length === 0) return undefined;
      result[word] = both.length === 1 ? both[0] ?? null : both;
    } else return undefined;
  }
  return result;
}

const typesOf = (schema: Schema): string[] => {
  const type = own(schema, 'type');
  return (Array.isArray(type) ? type : [type]).filter((name): name is string => typeof name === 'string');
};

export type Kind = 'text' | 'lines' | 'link' | 'email' | 'color' | 'date' | 'date-time' | 'time' | 'number' | 'switch' | 'choice' | 'several' | 'const' | 'object' | 'list' | 'variants' | 'asset' | 'json';

export interface Option {
  readonly value: string | number | boolean;
  readonly label: string;
}

export interface Variant {
  readonly label: string;
  readonly schema: Schema;
  /** Whether a value is meant as this one. */
  fits(value: Json | undefined): boolean;
  /** A value of this variant that keeps of another what can stay. */
  from(value: Json | undefined): Json;
}

export interface Field {
  readonly kind: Kind;
  readonly schema: Schema;
  readonly options?: readonly Option[];
  readonly variants?: readonly Variant[];
}

const OUTSIDE = ['not', 'if', 'then', 'else', 'dependentSchemas', 'patternProperties', 'prefixItems', '$dynamicRef'];
const LINKS = new Set(['uri', 'uri-reference', 'url', 'iri', 'iri-reference']);
const FORMATS: Record<string, Kind> = { date: 'date', 'date-time': 'date-time', time: 'time', email: 'email', 'idn-email': 'email', color: 'color' };
/** Longer texts than these may have more than one line. */
const ONE_LINE = 500;

function describe(schemas: Schemas, schema: Schema | undefined, widget: string | undefined): Field {
  const json: Field = { kind: 'json', schema: schema ?? ANYTHING };
  if (!schema || widget === 'json' || OUTSIDE.some((word) => Object.hasOwn(schema, word))) return json;
  const constant = own(schema, 'const');
  if (constant !== undefined && isScalar(constant)) return { kind: 'const', schema };
  const options = optionsOf(schemas, schema);
  if (options) return { kind: 'choice', schema, options };
  const single = withoutNull(schemas, schema);
  if (single) return describe(schemas, single, widget);
  if (Object.hasOwn(schema, 'oneOf') || Object.hasOwn(schema, 'anyOf')) {
    const variants = variantsOf(schemas, schema);
    return variants ? { kind: 'variants', schema, variants } : json;
  }
  const types = typesOf(schema).filter((type) => type !== 'null');
  const [type] = types.length > 0 ? types : [Object.hasOwn(schema, 'properties') ? 'object' : Object.hasOwn(schema, 'items') ? 'array' : undefined];
  if (types.length > 1 && !(types.length === 2 && types.includes('integer') && types.includes('number'))) {
    return { kind: 'variants', schema, variants: types.map((name) => typeVariant(schemas, { ...schema, type: name })) };
  }
  switch (type) {
    case 'string': return { kind: stringKind(schema, widget), schema };
    case 'number': case 'integer': return { kind: 'number', schema };
    case 'boolean': return { kind: 'switch', schema };
    case 'object':
      if (own(schema, 'format') === 'asset') return { kind: 'asset', schema };
      return objectOf(schema, 'properties') ? { kind: 'object', schema } : json;
    case 'array': {
      const items = own(schema, 'items');
      if (items === undefined) return json;
      const of = schemas.describe(schemas.resolve(items));
      if (of.kind === 'choice' && of.options && own(schema, 'uniqueItems') === true && of.options.length <= 24) return { kind: 'several', schema, options: of.options };
      return { kind: 'list', schema };
    }
    default: return json;
  }
}

function stringKind(schema: Schema, widget: string | undefined): Kind {
  if (widget === 'textarea') return 'lines';
  if (widget === 'text' || widget === 'link' || widget === 'color') return widget;
  const format = textOf(schema, 'format');
  if (format !== undefined && LINKS.has(format)) return 'link';
  if (format !== undefined && Object.hasOwn(FORMATS, format)) return FORMATS[format] ?? 'text';
  return (numberOf(schema, 'maxLength') ?? Number.POSITIVE_INFINITY) > ONE_LINE ? 'lines' : 'text';
}

const isScalar = (value: Json | undefined): value is string | number | boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const labelOf = (value: string | number | boolean): string => (typeof value === 'string' ? words(value) || '(empty)' : typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value));

/** A fixed set of values: an enum, or alternatives that are one constant each. */
function optionsOf(schemas: Schemas, schema: Schema): Option[] | undefined {
  const listed = own(schema, 'enum');
  if (Array.isArray(listed)) {
    const values = listed.filter((value) => value !== null);
    return values.length > 0 && values.every(isScalar) ? values.map((value) => ({ value, label: labelOf(value) })) : undefined;
  }
  const branches = (own(schema, 'oneOf') ?? own(schema, 'anyOf'));
  if (!Array.isArray(branches) || branches.length === 0) return undefined;
  const options: Option[] = [];
  for (const branch of branches) {
    const inner = schemas.resolve(branch);
    const value = own(inner, 'const');
    if (!isScalar(value)) return undefined;
    options.push({ value, label: textOf(inner, 'title') ?? labelOf(value) });
  }
  return options;
}

/** `anyOf` of one schema and null means: or nothing. Props hold no null, so that is a property that may be missing. */
function withoutNull(schemas: Schemas, schema: Schema): Schema | undefined {
  const word = Object.hasOwn(schema, 'anyOf') ? 'anyOf' : 'oneOf';
  const branches = own(schema, word);
  if (!Array.isArray(branches)) return undefined;
  const real = branches.filter((branch) => !(isObject(branch) && own(branch, 'type') === 'null'));
  if (real.length !== 1) return undefined;
  const { [word]: _, ...rest } = schema;
  const inner = schemas.resolve(real[0]);
  return inner && merge(inner, rest);
}

const TYPE_WORDS: Record<string, string> = { string: 'Text', number: 'Number', integer: 'Whole number', boolean: 'Yes or no', object: 'Group', array: 'List' };

export function typeOf(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function typeVariant(schemas: Schemas, schema: Schema): Variant {
  const [type = ''] = typesOf(schema);
  return {
    label: textOf(schema, 'title') ?? TYPE_WORDS[type] ?? type,
    schema,
    fits: (value) => typeOf(value) === (type === 'integer' ? 'number' : type),
    from: (value) => {
      if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
      if ((type === 'number' || type === 'integer') && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return type === 'integer' ? Math.trunc(Number(value)) : Number(value);
      return starter(schemas, schema);
    },
  };
}

function variantsOf(schemas: Schemas, schema: Schema): Variant[] | undefined {
  const word = Object.hasOwn(schema, 'oneOf') ? 'oneOf' : 'anyOf';
  if (Object.hasOwn(schema, 'oneOf') && Object.hasOwn(schema, 'anyOf')) return undefined;
  const { [word]: branches, title: _title, description: _description, default: _default, ...base } = schema;
  if (!Array.isArray(branches) || branches.length < 2 || branches.length > 50) return undefined;
  const flat: Schema[] = [];
  for (const branch of branches) {
    const inner = schemas.resolve(branch);
    if (inner && own(inner, 'type') === 'null') continue;
    const whole = inner && merge(base, inner);
    if (!whole) return undefined;
    flat.push(whole);
  }
  const discriminator = discriminatorOf(schemas, flat);
  if (discriminator !== undefined) return flat.map((whole) => constVariant(schemas, whole, discriminator));
  const types = flat.map((whole) => typesOf(whole));
  const simple = types.every((list) => list.length === 1) && new Set(types.map(([type]) => (type === 'integer' ? 'number' : type))).size === flat.length;
  return simple ? flat.map((whole) => typeVariant(schemas, whole)) : undefined;
}

function constOf(schemas: Schemas, schema: Schema, name: string): string | number | boolean | undefined {
  const property = schemas.resolve(own(objectOf(schema, 'properties'), name));
  const listed = listOf(property, 'enum');
  const value = own(property, 'const') ?? (listed.length === 1 ? listed[0] : undefined);
  return isScalar(value) ? value : undefined;
}

/** The property whose constant tells the alternatives apart. */
function discriminatorOf(schemas: Schemas, flat: readonly Schema[]): string | undefined {
  const [first] = flat;
  return Object.keys(objectOf(first, 'properties') ?? {}).find((name) => {
    const values = flat.map((schema) => constOf(schemas, schema, name));
    return values.every((value) => value !== undefined) && new Set(values).size === flat.length;
  });
}

function constVariant(schemas: Schemas, schema: Schema, discriminator: string): Variant {
  const value = constOf(schemas, schema, discriminator) ?? '';
  const properties = objectOf(schema, 'properties') ?? {};
  const { [discriminator]: _, ...others } = properties;
  return {
    label: textOf(schema, 'title') ?? labelOf(value),
    // The choice itself is the select above: a field with the constant would only repeat it.
    schema: { ...schema, type: 'object', properties: others, discriminator },
    fits: (props) => isObject(props) && own(props, discriminator) === value,
    from: (props) => {
      const kept = isObject(props) ? Object.entries(props).filter(([name, inner]) => Object.hasOwn(others, name) && fitsType(schemas, schemas.resolve(own(others, name)), inner)) : [];
      return Object.fromEntries([[discriminator, value], ...kept]);
    },
  };
}

/** Whether a value is of a kind that a schema takes, as far as that can be told at a glance. */
export function fitsType(schemas: Schemas, schema: Schema | undefined, value: Json): boolean {
  if (!schema) return true;
  const { kind, options, variants } = schemas.describe(schema);
  switch (kind) {
    case 'json': {
      const types = typesOf(schema);
      return types.length === 0 || types.includes(typeOf(value) ?? '') || (types.includes('integer') && Number.isInteger(value));
    }
    case 'choice': return options?.some((option) => option.value === value) ?? false;
    case 'const': return same(value, own(schema, 'const'));
    case 'variants': return variants?.some((variant) => variant.fits(value)) ?? false;
    case 'object': case 'asset': return isObject(value);
    case 'list': case 'several': return Array.isArray(value);
    case 'number': return typeof value === 'number';
    case 'switch': return typeof value === 'boolean';
    default: return typeof value === 'string';
  }
}

/** What a new item of a list begins with: as little as there can be. Defaults are not copied in: what is missing has them. */
export function starter(schemas: Schemas, schema: Schema | undefined): Json {
  const { kind, options, variants } = schemas.describe(schema);
  const preset = own(schema, 'default');
  if (isScalar(preset)) return preset;
  switch (kind) {
    case 'object': return Object.fromEntries(listOf(schema, 'required').flatMap((name): [string, Json][] => {
      const property = typeof name === 'string' ? schemas.resolve(own(objectOf(schema, 'properties'), name)) : undefined;
      const constant = own(property, 'const');
      return isScalar(constant) ? [[String(name), constant]] : [];
    }));
    case 'variants': return variants?.[0]?.from(undefined) ?? {};
    case 'list': case 'several': return [];
    case 'number': return Math.max(0, numberOf(schema, 'minimum') ?? 0);
    case 'switch': return false;
    case 'choice': return options?.[0]?.value ?? '';
    case 'const': return own(schema, 'const') ?? '';
    case 'asset': return {};
    case 'json': return typesOf(schema ?? {})[0] === 'array' ? [] : typesOf(schema ?? {})[0] === 'string' ? '' : {};
    default: return '';
  }
}

/** The text that tells one item of a list from the others; undefined when it holds none. */
export function tellingText(value: Json | undefined, depth = 0): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim().slice(0, 120);
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null || depth > 2 || isBinding(value)) return undefined;
  if (Array.isArray(value)) return tellingText(value[0], depth + 1);
  for (const name of ['title', 'name', 'label', 'heading', 'question', 'headline', 'text', 'alt', 'key', 'id']) {
    const found = own(value, name);
    if (typeof found === 'string' && found.trim() !== '') return found.trim().slice(0, 120);
  }
  const inner = Object.values(value);
  const plain = inner.find((entry) => typeof entry === 'string' && entry.trim() !== '');
  return plain === undefined ? inner.reduce<string | undefined>((found, entry) => found ?? tellingText(entry, depth + 1), undefined) : tellingText(plain);
}
