// A props schema as lines of a table. Schemas are words of people: nothing in them is trusted to be what it should be.
import { isObject, own, type Json, type JsonObject } from '../lib/json';

export interface Line {
  /** Where it stands: unique in the table. */
  readonly pointer: string;
  readonly depth: number;
  readonly name: string;
  readonly title: string | undefined;
  readonly type: string;
  readonly required: boolean;
  readonly byDefault: Json | undefined;
  readonly description: string | undefined;
  /** "1 to 500 characters" */
  readonly limits: string | undefined;
}

const DEEPEST = 5;
const MOST = 200;

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const num = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

/** Follows local references, a few at most: they may form a circle. */
function resolved(schema: Json | undefined, root: JsonObject): JsonObject {
  let here = schema;
  for (let i = 0; i < 8 && isObject(here); i++) {
    const ref = text(own(here, '$ref'));
    if (!ref?.startsWith('#/')) return here;
    here = ref.slice(2).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).reduce<Json | undefined>((at, part) => (isObject(at) ? own(at, part) : undefined), root);
  }
  return isObject(here) ? here : {};
}

/** The hints of the form say in which order people think of them: the schema is kept sorted by name. */
export function linesOf(schema: Json, hints?: Json): readonly Line[] {
  const lines: Line[] = [];
  const order = isObject(hints) ? own(hints, 'order') : undefined;
  if (isObject(schema)) walk(schema, schema, '', 0, lines, Array.isArray(order) ? order : []);
  return lines;
}

function walk(schema: JsonObject, root: JsonObject, pointer: string, depth: number, lines: Line[], order: readonly Json[] = []): void {
  const properties = own(schema, 'properties');
  const needed = own(schema, 'required');
  if (isObject(properties)) {
    const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
    for (const [name, raw] of Object.entries(properties).sort(([a], [b]) => place(a) - place(b))) {
      if (lines.length >= MOST) return;
      const property = resolved(raw, root);
      const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      lines.push({
        pointer: at, depth, name,
        title: text(own(property, 'title')),
        type: typeOf(property, root),
        required: Array.isArray(needed) && needed.includes(name),
        byDefault: own(property, 'default'),
        description: text(own(property, 'description')),
        limits: limitsOf(property),
      });
      if (depth < DEEPEST) inside(property, root, at, depth + 1, lines);
    }
  }
}

/** What stands below a property: of an object, of the entries of a list, of each variant. */
function inside(schema: JsonObject, root: JsonObject, pointer: string, depth: number, lines: Line[]): void {
  if (isAsset(schema)) return;
  walk(schema, root, pointer, depth, lines);
  const items = own(schema, 'items');
  if (isObject(items)) inside(resolved(items, root), root, `${pointer}/*`, depth, lines);
  for (const [i, raw] of variants(schema).entries()) {
    const variant = resolved(raw, root);
    const properties = own(variant, 'properties');
    if (!isObject(properties) || lines.length >= MOST) continue;
    const at = `${pointer}|${i}`;
    lines.push({ pointer: at, depth, name: '', title: text(own(variant, 'title')) ?? `variant ${i + 1}`, type: 'one of', required: false, byDefault: undefined, description: text(own(variant, 'description')), limits: undefined });
    if (depth < DEEPEST) walk(variant, root, at, depth + 1, lines);
  }
}

const variants = (schema: JsonObject): readonly Json[] => {
  const list = own(schema, 'oneOf') ?? own(schema, 'anyOf');
  return Array.isArray(list) ? list : [];
};

const isAsset = (schema: JsonObject): boolean => own(schema, 'format') === 'asset' && own(schema, 'type') !== 'string';

/** What a value has to be, in a few words. */
export function typeOf(schema: JsonObject, root: JsonObject, deep = 0): string {
  if (isAsset(schema)) return 'image';
  const values = own(schema, 'enum');
  if (Array.isArray(values)) return values.slice(0, 12).map((value) => JSON.stringify(value)).join(' | ') + (values.length > 12 ? ' | …' : '');
  const constant = own(schema, 'const');
  if (constant !== undefined) return JSON.stringify(constant);
  if (variants(schema).length > 0) {
    if (deep > 2) return 'one of several';
    const each = [...new Set(variants(schema).map((variant) => typeOf(resolved(variant, root), root, deep + 1)))];
    return each.length > 1 || each[0] === undefined ? each.join(' | ') : each[0];
  }
  const type = own(schema, 'type');
  if (Array.isArray(type)) return type.join(' | ');
  if (type === 'array') {
    const items = own(schema, 'items');
    return items === undefined || deep > 2 ? 'list' : `list of ${typeOf(resolved(items, root), root, deep + 1)}`;
  }
  const format = text(own(schema, 'format'));
  return (text(type) ?? (isObject(own(schema, 'properties')) ? 'object' : 'anything')) + (format ? `, ${format}` : '');
}

function limitsOf(schema: JsonObject): string | undefined {
  const said = [
    span(num(own(schema, 'minLength')), num(own(schema, 'maxLength')), 'characters'),
    span(num(own(schema, 'minItems')), num(own(schema, 'maxItems')), 'entries'),
    span(num(own(schema, 'minimum')), num(own(schema, 'maximum')), ''),
    text(own(schema, 'pattern')) ? `like ${text(own(schema, 'pattern'))}` : undefined,
  ].filter((entry) => entry !== undefined);
  return said.length > 0 ? said.join(', ') : undefined;
}

function span(from: number | undefined, to: number | undefined, unit: string): string | undefined {
  if (from === undefined && to === undefined) return undefined;
  const words = from === undefined ? `at most ${to?.toLocaleString('en')}` : to === undefined ? `at least ${from.toLocaleString('en')}` : `${from.toLocaleString('en')} to ${to.toLocaleString('en')}`;
  return unit ? `${words} ${unit}` : words;
}
