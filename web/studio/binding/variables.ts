// What is given to a document: texts that somebody types become values of the types that it declares.
import type { Json, JsonObject } from '../lib/json';
import { paramOf } from './envelope';

/** `[ID!]!` is a list, `Int!` a number, and `OrderBy` something that only the graph knows: an enum, or an object. */
export type InputKind = 'number' | 'whole' | 'text' | 'truth' | 'named' | 'json';

const SCALARS: Readonly<Record<string, InputKind>> = { Int: 'whole', Float: 'number', String: 'text', ID: 'text', Boolean: 'truth' };

export function inputKind(type: string): InputKind {
  if (type.startsWith('[')) return 'json';
  const name = type.replace(/!$/, '');
  return Object.hasOwn(SCALARS, name) ? SCALARS[name] ?? 'named' : name === 'JSON' || /(Input|Filter|Where)$/.test(name) ? 'json' : 'named';
}

/** Whether a part of a path, which is a text, can stand for it. */
export const takesParam = (type: string): boolean => inputKind(type) !== 'json';

export type Parsed = { readonly value: Json | undefined } | { readonly problem: string };

/** The value that was typed; undefined for nothing. */
export function parse(type: string, text: string): Parsed {
  const plain = text.trim();
  const kind = inputKind(type);
  if (kind === 'text') return { value: text === '' ? undefined : text };
  if (plain === '') return { value: undefined };
  switch (kind) {
    case 'whole': return /^[+-]?\d{1,10}$/.test(plain) ? { value: Number(plain) } : { problem: 'A whole number such as 6' };
    case 'number': return Number.isFinite(Number(plain)) ? { value: Number(plain) } : { problem: 'A number such as 1.5' };
    case 'truth': return plain === 'true' || plain === 'false' ? { value: plain === 'true' } : { problem: 'Yes or no' };
    case 'named': if (!/^[{["]/.test(plain)) return { value: plain };
  }
  try {
    const value = JSON.parse(plain) as Json;
    return holdsNull(value) ? { problem: 'Without null: leave out what is not given' } : { value };
  } catch {
    return { problem: kind === 'json' ? `JSON such as ${type.startsWith('[') ? '["one", "two"]' : '{"name": "value"}'}` : 'A value of the enum as it is, or JSON' };
  }
}

const holdsNull = (value: Json): boolean => value === null || (typeof value === 'object' && Object.values(value).some((inner) => holdsNull(inner as Json)));

/** A value as it is typed. */
export const printed = (value: Json | undefined): string => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** A text out of a path in the type that is wanted, as the server converts it. */
export function converted(text: string, type: string): Json {
  switch (inputKind(type)) {
    case 'whole': return /^[+-]?\d{1,10}$/.test(text) ? Number(text) : text;
    case 'number': return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'truth': return text === 'true' ? true : text === 'false' ? false : text;
    default: return text;
  }
}

/** The variables of a binding with what the path matched filled in; what it did not match is left out. */
export function given(variables: JsonObject, params: Readonly<Record<string, string>>, typeOf: (name: string) => string | undefined): JsonObject {
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]): [string, Json][] => {
    const param = paramOf(value);
    if (param === undefined) return [[name, value]];
    const text = Object.hasOwn(params, param) ? params[param] : undefined;
    return text === undefined ? [] : [[name, converted(text, typeOf(name) ?? 'String')]];
  }));
}
