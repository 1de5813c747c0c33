// What is bound, with a sample in its place.
import { valueIn } from '@sonata/sdk/bound';
import { isObject, type Json } from '../lib/json';
import { bindingOf, isBinding, type Binding } from './envelope';

/** A binding may bring as many bytes, as on the server. */
const MOST_BYTES = 128_000;

/** What a binding would put in its place; undefined when there is nothing, or too much. */
export function valueOf(binding: Pick<Binding, 'path' | 'map'>, data: Json | undefined): Json | undefined {
  const value = data === undefined ? undefined : (valueIn({ path: binding.path, map: binding.map }, data) as Json | undefined);
  return value === undefined || JSON.stringify(value).length > MOST_BYTES ? undefined : value;
}

/** Props with what is bound filled in by `look`; where that has nothing, the property is left out. */
export function fill(value: Json, look: (binding: Binding) => Json | undefined): Json | undefined {
  if (isBinding(value)) {
    const binding = bindingOf(value);
    return binding && look(binding);
  }
  if (Array.isArray(value)) {
    const list = value.flatMap((entry) => fill(entry, look) ?? []);
    return list.length === value.length && list.every((entry, i) => entry === value[i]) ? value : list;
  }
  if (!isObject(value)) return value;
  let changed = false;
  const entries = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
    const next = fill(inner, look);
    changed ||= next !== inner;
    return next === undefined ? [] : [[name, next]];
  });
  return changed ? Object.fromEntries(entries) : value;
}
