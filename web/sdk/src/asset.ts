// Images are kept under the hash of their bytes and served by Sonata in the widths of a fixed ladder.
import type { Asset } from './types.js';

/** The widths in pixels in which an image is served. */
export const WIDTHS: readonly number[] = [160, 320, 480, 640, 960, 1280, 1920, 2560];

const ASSET = /^\/assets\/[0-9a-f]{64}$/;

/**
 * The value for `srcset`: every width of the ladder up to the width of the original. Empty for an address that is not
 * one of Sonata's, because nobody promises that it comes in other widths.
 */
export function srcset(asset: Asset): string {
  if (!/\/assets\/[0-9a-f]{64}$/.test(asset.url)) return '';
  const most = asset.width ?? Infinity;
  const widths = WIDTHS.filter((width, i) => i === 0 || width <= most || (WIDTHS[i - 1] ?? 0) < most);
  return widths.map((width) => `${asset.url}?w=${width} ${Math.min(width, most)}w`).join(', ');
}

/** Makes the addresses of assets anywhere in `value` absolute, in place: they are served by the endpoint, not by the app. */
export function resolveAssets<T>(value: T, base: string): T {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const at = open.pop();
    if (typeof at !== 'object' || at === null) continue;
    if (Object.hasOwn(at, 'url')) {
      const holder = at as { url: unknown };
      if (typeof holder.url === 'string' && ASSET.test(holder.url)) holder.url = base + holder.url;
    }
    open.push(...Object.values(at));
  }
  return value;
}
