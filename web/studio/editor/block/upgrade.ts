// What moving a block to a newer major version of its component would do to its props.
import { Validator, type Schema } from '@cfworker/json-schema';
import { isObject, own, type Json, type JsonObject } from '../../lib/json';
import { put } from '../model/patch';
import type { ComponentVersion } from '../types';

export interface Upgrade {
  readonly to: ComponentVersion;
  /** The props as far as the new version takes them. */
  readonly props: JsonObject;
  /** Names of props that it does not have any more. */
  readonly dropped: readonly string[];
  /** What has to be mended afterwards, in the validator's words. */
  readonly misfits: readonly string[];
}

export function upgradeOf(versions: readonly ComponentVersion[], major: number, props: JsonObject): Upgrade | undefined {
  const [to] = versions;
  if (!to || to.major <= major) return undefined;
  const { properties, additionalProperties } = to.propsSchema;
  const known = isObject(properties) ? properties : {};
  const dropped = additionalProperties === false ? Object.keys(props).filter((name) => !Object.hasOwn(known, name)) : [];
  const fitting: JsonObject = {};
  for (const name of Object.keys(props)) if (!dropped.includes(name)) put(fitting, name, props[name] as Json);
  for (const name of Object.keys(known)) {
    const property = known[name];
    const standard = isObject(property) ? own(property, 'default') : undefined;
    if (standard !== undefined && standard !== null && !Object.hasOwn(fitting, name)) put(fitting, name, standard);
  }
  return { to, props: fitting, dropped, misfits: misfitsOf(to.propsSchema, fitting) };
}

function misfitsOf(schema: JsonObject, props: JsonObject): readonly string[] {
  try {
    const { errors } = new Validator(schema as Schema, '2020-12', false).validate(props);
    const deepest = errors.filter(({ keyword }) => !['properties', 'items', '$ref', 'anyOf', 'oneOf', 'allOf'].includes(keyword));
    return [...new Set(deepest.map(({ instanceLocation, error }) => `${instanceLocation.replace(/^#\/?/, '') || 'props'}: ${error}`))].slice(0, 8);
  } catch {
    return [];
  }
}
