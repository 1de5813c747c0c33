// Merge patches (RFC 7396) with the one difference that internal/screen/patch.go has: a patch that names a picture
// replaces what is there, so that no alternative text of another picture stays.
import { isObject, own, same, type Json, type JsonObject } from '../../lib/json';

/** Sets a property as data, whatever its name: `__proto__` is a name like others. */
export function put(object: JsonObject, name: string, value: Json): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

export const isPicture = (value: JsonObject): boolean => typeof own(value, '$asset') === 'string' && own(value, '$asset') !== '';

/** Neither argument is changed. Values that stay as they are stay the same objects. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const name of Object.keys(target)) if (!Object.hasOwn(patch, name)) put(result, name, target[name] as Json);
  for (const name of Object.keys(patch)) {
    const value = patch[name] as Json;
    if (value === null) continue;
    const inner = own(target, name);
    put(result, name, isObject(value) ? mergePatch(isObject(inner) && !isPicture(value) ? inner : {}, value) : value);
  }
  return result;
}

/** The smallest patch that makes `from` into `to`. */
export function patchTo(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) put(patch, name, null);
  for (const name of Object.keys(to)) {
    const have = own(from, name);
    const want = to[name] as Json;
    if (same(have, want)) continue;
    const merges = isObject(have) && isObject(want) && (!isPicture(want) || own(have, '$asset') === own(want, '$asset'));
    put(patch, name, merges ? patchTo(have, want) : want);
  }
  return patch;
}

/**
 * One patch that does what two do in turn; undefined when no patch can: once a value was taken out or replaced by
 * something that is no object, an object after it must not be merged into what was there before both.
 */
export function composePatches(first: JsonObject, then: JsonObject): JsonObject | undefined {
  const result: JsonObject = { ...first };
  for (const name of Object.keys(then)) {
    const value = then[name] as Json;
    const before = own(first, name);
    if (!isObject(value) || before === undefined || isPicture(value)) {
      put(result, name, value);
    } else if (isObject(before)) {
      const inner = isPicture(before) ? mergePatch(mergePatch({}, before), value) : composePatches(before, value);
      if (inner === undefined || (isPicture(before) && !isPicture(inner))) return undefined;
      put(result, name, inner);
    } else {
      return undefined;
    }
  }
  return result;
}
