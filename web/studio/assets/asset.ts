// Pictures in props: drafts name one by hash and say what it shows; screens are served what is needed to draw it.
import { isObject, own, type Json, type JsonObject } from '../lib/json';

/** What a screen is served in place of a picture. */
export type ServedAsset = {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  readonly placeholder: string;
};

/** What is known of a picture, whoever uses it. */
export type KnownAsset = Omit<ServedAsset, 'alt'> & { readonly name: string };

const HASH = /^sha256:[\da-f]{64}$/;

/** The hash that a draft names, when the value is a picture. */
export function hashOf(value: Json | undefined): string | undefined {
  const hash = isObject(value) ? own(value, '$asset') : undefined;
  return typeof hash === 'string' && HASH.test(hash) ? hash : undefined;
}

export const altOf = (value: Json | undefined): string => {
  const alt = isObject(value) ? own(value, 'alt') : undefined;
  return typeof alt === 'string' ? alt : '';
};

/** The envelope; without a text there is no `alt`, and whoever publishes is asked for it. */
export const envelope = (hash: string, alt: string): JsonObject => (alt === '' ? { $asset: hash } : { $asset: hash, alt });

/** A width that the server has: as wide as the place on a sharp screen. */
export const thumbnail = (url: string, width: 160 | 320 | 640): string => `${url}?w=${width}`;
