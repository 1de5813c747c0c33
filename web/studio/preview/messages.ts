// What is said over the preview bridge. A guest is a page of somebody else: of what it says, nothing is believed but what
// has exactly the form that is expected.
import type { Snapshot } from '@sonata/sdk';
import { isObject, own, type Json, type JsonObject } from '../lib/json';

export const PROTOCOL = 1;

export type ToGuest =
  | { readonly type: 'select'; readonly key: string | null }
  | { readonly type: 'patch'; readonly snapshot: Snapshot | null }
  | { readonly type: 'context'; readonly manifest: string | null }
  | { readonly type: 'scroll'; readonly ratio: number };

/** Where a block is, in CSS pixels of the guest's viewport. */
export interface Rect {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Who is in the frame, as far as it says. */
export interface Who {
  readonly frontend: string | null;
  readonly build: string | null;
  readonly manifest: string | null;
}

export type FromGuest =
  | ({ readonly type: 'ready' } & Who)
  | { readonly type: 'rects'; readonly rects: readonly Rect[] }
  | { readonly type: 'click'; readonly key: string }
  | { readonly type: 'hover'; readonly key: string | null }
  | { readonly type: 'renderError'; readonly key: string; readonly message: string }
  | { readonly type: 'scrolled'; readonly ratio: number }
  | { readonly type: 'unknown'; readonly received: string };

export const MAX_RECTS = 1_000;
const MAX_KEY = 256;
const MAX_WORDS = 300;
const MAX_PIXELS = 10_000_000;

const isKey = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= MAX_KEY;
const isPixels = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= MAX_PIXELS;
const words = (value: Json | undefined): string | null => (typeof value === 'string' ? value.slice(0, MAX_WORDS) : null);

/** A message of the guest in words of our own; undefined when it is none. */
export function fromGuest(data: unknown): FromGuest | undefined {
  if (!isObject(data)) return undefined;
  const key = own(data, 'key');
  switch (own(data, 'type')) {
    case 'ready':
      return { type: 'ready', frontend: words(own(data, 'frontend')), build: words(own(data, 'build')), manifest: words(own(data, 'manifest')) };
    case 'rects': {
      const rects = own(data, 'rects');
      return Array.isArray(rects) ? { type: 'rects', rects: rects.slice(0, MAX_RECTS).flatMap((entry) => rectOf(entry) ?? []) } : undefined;
    }
    case 'click':
      return isKey(key) ? { type: 'click', key } : undefined;
    case 'hover':
      return key === null || isKey(key) ? { type: 'hover', key } : undefined;
    case 'renderError':
      return isKey(key) ? { type: 'renderError', key, message: words(own(data, 'message')) ?? '' } : undefined;
    case 'scrolled': {
      const ratio = own(data, 'ratio');
      return typeof ratio === 'number' && ratio >= 0 && ratio <= 1 ? { type: 'scrolled', ratio } : undefined;
    }
    case 'unknown':
      return { type: 'unknown', received: words(own(data, 'received')) ?? '' };
    default:
      return undefined;
  }
}

function rectOf(value: Json): Rect | undefined {
  if (!isObject(value)) return undefined;
  const [key, x, y, w, h] = ['key', 'x', 'y', 'w', 'h'].map((name) => own(value as JsonObject, name));
  return isKey(key) && isPixels(x) && isPixels(y) && isPixels(w) && isPixels(h) && w >= 0 && h >= 0 ? { key, x, y, w, h } : undefined;
}
