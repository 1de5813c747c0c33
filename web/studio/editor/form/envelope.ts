import { isObject, type Json, type JsonObject } from '../../lib/json';

/** Objects with a `$` property stand for something that is filled in when the screen is served. */
export const isEnvelope = (value: Json | undefined): value is JsonObject => isObject(value) && Object.keys(value).some((name) => name.startsWith('$'));
export const isAsset = (value: Json | undefined): value is JsonObject => isObject(value) && Object.hasOwn(value, '$asset');
