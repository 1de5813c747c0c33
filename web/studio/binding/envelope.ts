// What stands in a prop that is filled with data: which document, what is given to it, and what is taken out of its answer.
// It mirrors internal/binding/binding.go.
import { isObject, own, type Json, type JsonObject } from '../lib/json';

export interface Binding {
  /** Hash of a trusted document. */
  readonly document: string;
  /** `{"$param": name}` is what the path of the screen matched. */
  readonly variables: JsonObject;
  /** JSON Pointer into the answer's data; empty for all of it. */
  readonly path: string;
  /** By property, a JSON Pointer into what is there, or into each entry of a list. */
  readonly map: Readonly<Record<string, string>> | undefined;
  /** The page runs the document, with the rights of whoever looks. */
  readonly byPage: boolean;
}

const BIND = '$bind';
const PARAM = '$param';
const HASH = /^sha256:[\da-f]{64}$/;

const isPointer = (value: Json | undefined): value is string => typeof value === 'string' && (value === '' || value.startsWith('/'));

/** Whether a value means to be a binding, well formed or not. */
export const isBinding = (value: Json | undefined): boolean => isObject(value) && Object.hasOwn(value, BIND);

/** What an envelope says; undefined for one that cannot be read, and for what is none. */
export function bindingOf(value: Json | undefined): Binding | undefined {
  const said = isObject(value) && Object.keys(value).length === 1 ? own(value, BIND) : undefined;
  if (!isObject(said)) return undefined;
  const [document, variables = {}, path = '', map, run = 'server'] = [own(said, 'document'), own(said, 'variables'), own(said, 'path'), own(said, 'map'), own(said, 'run')];
  if (typeof document !== 'string' || !HASH.test(document) || !isObject(variables) || !isPointer(path) || (run !== 'server' && run !== 'page')) return undefined;
  if (map !== undefined && (!isObject(map) || !Object.values(map).every(isPointer))) return undefined;
  return { document, variables, path, map: map as Record<string, string> | undefined, byPage: run === 'page' };
}

/** As short as it can be: what is left out is what it would be anyway. */
export function envelopeOf({ document, variables, path, map, byPage }: Binding): JsonObject {
  return {
    [BIND]: {
      document,
      ...(Object.keys(variables).length > 0 && { variables }),
      ...(path !== '' && { path }),
      ...(map && Object.keys(map).length > 0 && { map: { ...map } }),
      ...(byPage && { run: 'page' }),
    },
  };
}

/** The parameter of the path that a variable is filled from. */
export function paramOf(value: Json | undefined): string | undefined {
  const name = isObject(value) && Object.keys(value).length === 1 ? own(value, PARAM) : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

export const fromParam = (name: string): JsonObject => ({ [PARAM]: name });

/** Every binding inside a value, whatever it is in. */
export function bindingsIn(value: Json): readonly Binding[] {
  if (Array.isArray(value)) return value.flatMap((entry) => bindingsIn(entry));
  if (!isObject(value)) return [];
  if (isBinding(value)) {
    const found = bindingOf(value);
    return found ? [found] : [];
  }
  return Object.values(value).flatMap((inner: Json) => bindingsIn(inner));
}

/** "products › nodes" */
export const pathWords = (path: string): string => path.split('/').slice(1).map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~')).join(' › ') || 'everything';

/** The beginning of a hash: enough to tell the documents of one frontend apart. */
export const shortHash = (hash: string): string => hash.slice('sha256:'.length, 'sha256:'.length + 10);

/** "bound to ProductGrid · products › nodes" */
export const boundWords = ({ document, path }: Pick<Binding, 'document' | 'path'>, name?: string): string => `bound to ${name ?? `document ${shortHash(document)}`} · ${pathWords(path)}`;
