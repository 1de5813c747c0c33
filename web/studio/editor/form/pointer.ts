// Places in props, as JSON Pointers (RFC 6901), and changes of one place. Nothing here changes what it is given, and what
// did not change is shared, so that a form redraws only what did.
import { isObject, own, same, type Json, type JsonObject } from '../../lib/json';

export const below = (at: string, token: string | number): string => `${at}/${String(token).replace(/~/g, '~0').replace(/\//g, '~1')}`;

export const tokensOf = (at: string): string[] => (at === '' ? [] : at.slice(1).split('/').map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~')));

/** Whether `inner` is the place `outer` or lies in it. */
export const within = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}/`);

const index = (token: string): number => (/^(0|[1-9]\d{0,8})$/.test(token) ? Number(token) : -1);

export function step(value: Json | undefined, token: string): Json | undefined {
  if (Array.isArray(value)) return value[index(token)];
  return isObject(value) ? own(value, token) : undefined;
}

export const lookUp = (value: Json | undefined, at: string): Json | undefined => tokensOf(at).reduce<Json | undefined>(step, value);

/**
 * The value with another one at a place; undefined takes it out. Up to `prune` objects around it that would be left empty
 * go as well.
 */
export function replace(value: Json | undefined, at: string, next: Json | undefined, prune = 0): Json | undefined {
  const tokens = tokensOf(at);
  const put = (here: Json | undefined, depth: number): Json | undefined => {
    const token = tokens[depth];
    if (token === undefined) return next;
    const inner = put(step(here, token), depth + 1);
    if (Array.isArray(here)) {
      const i = index(token);
      if (i < 0 || i > here.length) return here;
      return inner === undefined ? here.toSpliced(i, 1) : here.toSpliced(i, 1, inner);
    }
    const rest = isObject(here) ? Object.entries(here) : [];
    const known = rest.some(([name]) => name === token);
    // fromEntries defines properties: `__proto__` is a name like others.
    const result: JsonObject = Object.fromEntries(
      inner === undefined ? rest.filter(([name]) => name !== token) : known ? rest.map(([name, old]) => [name, name === token ? inner : old]) : [...rest, [token, inner]],
    );
    const prunable = inner === undefined && depth > 0 && tokens.length - depth <= prune;
    return prunable && Object.keys(result).length === 0 ? undefined : result;
  };
  return put(value, 0);
}

/** The smallest RFC 7396 merge patch from one to the other. There always is one, since props hold no null. */
export function patchBetween(from: JsonObject, to: JsonObject): JsonObject {
  if (from === to) return {};
  const patch: [string, Json][] = [];
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) patch.push([name, null]);
  for (const [name, want] of Object.entries(to)) {
    const have = own(from, name);
    if (same(have, want)) continue;
    patch.push([name, isObject(have) && isObject(want) ? patchBetween(have, want) : want]);
  }
  return Object.fromEntries(patch);
}

/** `next` with every part that equals the one before replaced by it. */
export function share<T extends Json>(before: Json | undefined, next: T): T {
  if (before === next) return next;
  if (Array.isArray(before) && Array.isArray(next)) {
    const list = next.map((entry, i) => share(before[i], entry));
    return (list.length === before.length && list.every((entry, i) => entry === before[i]) ? before : list) as T;
  }
  if (isObject(before) && isObject(next)) {
    const entries = Object.entries(next as JsonObject).map(([name, entry]) => [name, share(own(before, name), entry)] as const);
    const equal = entries.length === Object.keys(before).length && entries.every(([name, entry]) => Object.hasOwn(before, name) && entry === before[name]);
    return (equal ? before : Object.fromEntries(entries)) as T;
  }
  return next;
}

/** Where a value holds null, which props cannot; undefined when nowhere. */
export function findNull(value: Json, at = ''): string | undefined {
  if (value === null) return at;
  if (typeof value !== 'object') return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = findNull(inner as Json, below(at, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
