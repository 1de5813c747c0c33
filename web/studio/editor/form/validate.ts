// Validation while somebody types: the same schema as on the server, in words. The server has the last word; what would
// take too long here is left to it. A chunk of its own: the fields are there before it is.
import { dereference, format, validate, type OutputUnit } from '@cfworker/json-schema';
import { isObject, own, type Json, type JsonObject } from '../../lib/json';
import { isAsset, isEnvelope } from './envelope';
import { messageOf } from './messages';
import { below, tokensOf, within } from './pointer';

// The library's own are stricter than the server's, and some take for ever on a long text.
format['uri'] = (text) => /^[a-z][a-z0-9+.-]*:[^\s\\]*$/i.test(text);
format['uri-reference'] = (text) => !/[\s\\]/.test(text);
const FORMATS = new Set(['date', 'time', 'date-time', 'email', 'uri', 'uri-reference', 'uuid', 'ipv4']);

const MOST_VALUES = 20_000;
const MOST_REFS = 50_000;
const LONGEST_PATTERN = 2_000;

/** JSON Pointer → what is wrong there, in words. */
export type Complaints = ReadonlyMap<string, string>;

const NOTHING: Complaints = new Map();

/**
 * A pattern that a browser surely gets through: no quantifier around a group, no look-around, few open ends. Others may
 * take exponential time, and schemas are written by whoever may register a build.
 */
export function isTame(pattern: string): boolean {
  if (/\)[*+{?]|\(\?(?!:)|\\\d/.test(pattern)) return false;
  return (pattern.match(/[^\\][*+]|\{\d+,\d*\}/g) ?? []).length <= 2;
}

/** The schema without what is left to the server. A copy, for the validator writes into it. */
function tamed(schema: Json, isMap = false): Json {
  if (Array.isArray(schema)) return schema.map((entry) => tamed(entry));
  if (!isObject(schema)) return schema;
  const wild = !isMap && Object.hasOwn(schema, 'patternProperties') && Object.keys(own(schema, 'patternProperties') ?? {}).some((pattern) => !isTame(pattern));
  return Object.fromEntries(Object.entries(schema).flatMap(([word, value]): [string, Json][] => {
    if (isMap) return [[word, tamed(value)]];
    if (word === 'enum' || word === 'const' || word === 'default' || word === 'examples') return [[word, value]];
    if (word === 'pattern' && (typeof value !== 'string' || !isTame(value))) return [];
    if (word === 'format' && !FORMATS.has(String(value))) return [];
    if (wild && (word === 'patternProperties' || word === 'additionalProperties' || word === 'unevaluatedProperties')) return [];
    if (word === 'uniqueItems') return [[word, value]];
    return [[word, tamed(value, ['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas'].includes(word))]];
  }));
}

interface Served {
  readonly props: Json;
  /** Places whose value is not known here. */
  readonly open: readonly string[];
}

/** The props as validation sees them: envelopes in the form they are served in. Undefined when they are too much. */
function served(props: JsonObject): Served | undefined {
  const open: string[] = [];
  let count = 0;
  const read = (value: Json, at: string): Json => {
    if (++count > MOST_VALUES) return null;
    if (Array.isArray(value)) return value.map((entry, i) => read(entry, below(at, i)));
    if (isAsset(value)) return { url: '/assets/', width: 1, height: 1, alt: typeof own(value, 'alt') === 'string' ? own(value, 'alt') ?? '' : '', placeholder: 'data:,' };
    if (isEnvelope(value)) open.push(at);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, read(inner, below(at, name))])) : value;
  };
  const result = read(props, '');
  return count > MOST_VALUES ? undefined : { props: result, open };
}

/** References are followed through this: an endless forest of them ends the validation instead of the tab. */
function counting(lookup: Record<string, JsonObject | boolean>): Record<string, JsonObject | boolean> {
  let left = MOST_REFS;
  return new Proxy(lookup, {
    get(target, name) {
      if (--left < 0) throw new RangeError('too many references');
      return Reflect.get(target, name) as unknown;
    },
  });
}

export function validatorOf(schema: JsonObject): (props: JsonObject) => Complaints {
  let lookup: Record<string, JsonObject | boolean>;
  const own_ = tamed(schema) as JsonObject;
  try {
    lookup = dereference(own_) as typeof lookup;
  } catch {
    return () => NOTHING;
  }
  const longTexts = JSON.stringify(own_).includes('"pattern"');
  return (props) => {
    const value = served(props);
    if (!value || (longTexts && hasLongText(value.props))) return NOTHING;
    try {
      const { errors } = validate(value.props, own_, '2020-12', counting(lookup), false);
      return complaintsOf(errors, value);
    } catch {
      return NOTHING;
    }
  };
}

function hasLongText(value: Json): boolean {
  if (typeof value === 'string') return value.length > LONGEST_PATTERN;
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => hasLongText(inner as Json));
}

const pointerOf = (location: string): string => {
  try {
    return decodeURI(location.slice(1));
  } catch {
    return location.slice(1);
  }
};

// These only say that something below them is wrong, which is said there.
const AROUND = new Set(['$ref', '$recursiveRef', 'allOf', 'properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties', 'items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'propertyNames', 'dependentSchemas']);

function complaintsOf(errors: readonly OutputUnit[], { props, open }: Served): Complaints {
  const found = new Map<string, string>();
  for (const unit of meant(errors)) {
    if (AROUND.has(unit.keyword)) continue;
    let at = pointerOf(unit.instanceLocation);
    if (unit.keyword === 'required' || unit.keyword === 'dependentRequired') at = below(at, /does not have (?:required property )?"(.*)"\.$/s.exec(unit.error)?.[1] ?? '');
    if (open.some((place) => within(place, at)) || found.has(at)) continue;
    const value = tokensOf(at).reduce<Json | undefined>((here, token) => (Array.isArray(here) ? here[Number(token)] : isObject(here) ? own(here, token) : undefined), props);
    found.set(at, messageOf(unit.keyword, unit.error, value));
  }
  return found;
}

/** Without what alternatives say that were not meant: those that differ in a constant or a type at their own level. */
function meant(units: readonly OutputUnit[]): OutputUnit[] {
  const result: OutputUnit[] = [];
  for (let i = 0; i < units.length; i++) {
    const unit = units[i];
    if (!unit) continue;
    if (unit.keyword !== 'oneOf' && unit.keyword !== 'anyOf') {
      result.push(unit);
      continue;
    }
    const branches = new Map<string, OutputUnit[]>();
    const prefix = `${unit.keywordLocation}/`;
    let end = i + 1;
    for (; end < units.length; end++) {
      const inner = units[end];
      if (!inner?.keywordLocation.startsWith(prefix)) break;
      const branch = inner.keywordLocation.slice(prefix.length).split('/', 1)[0] ?? '';
      branches.set(branch, [...(branches.get(branch) ?? []), inner]);
    }
    const depth = unit.instanceLocation.split('/').length;
    const close = [...branches.values()].filter((list) => !list.some(({ keyword, instanceLocation }) => {
      const below = instanceLocation.split('/').length - depth;
      return (keyword === 'type' && below === 0) || ((keyword === 'const' || keyword === 'enum') && below <= 1);
    }));
    const [only] = close;
    if (only && close.length === 1) result.push(...meant(only));
    else result.push(unit);
    i = end - 1;
  }
  return result;
}
