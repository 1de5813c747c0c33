// Values out of props. Props are data from outside: nothing is assumed about them, and only own properties count, so
// that names such as constructor or __proto__ mean nothing.
import type { Asset, Json, Props } from '@sonata/sdk';

const own = (props: Props | null | undefined, name: string): Json | undefined =>
  props && Object.hasOwn(props, name) ? props[name] : undefined;

export function text(props: Props | null | undefined, name: string, otherwise = ''): string {
  const v = own(props, name);
  return typeof v === 'string' ? v : otherwise;
}

export function number(props: Props | null | undefined, name: string): number | undefined {
  const v = own(props, name);
  return typeof v === 'number' && Number.isFinite(v) ? v : undefined;
}

export function object(props: Props | null | undefined, name: string): Props | undefined {
  const v = own(props, name);
  return isObject(v) ? v : undefined;
}

export function objects(props: Props | null | undefined, name: string): Props[] {
  const v = own(props, name);
  return Array.isArray(v) ? v.filter(isObject) : [];
}

/** Whether there is a list, empty or not. */
export const has = (props: Props, name: string): boolean => Array.isArray(own(props, name));

export function texts(props: Props | null | undefined, name: string): string[] {
  const v = own(props, name);
  return Array.isArray(v) ? v.filter((item): item is string => typeof item === 'string') : [];
}

/** One of the given words; the first when it is something else. */
export function oneOf<T extends string>(props: Props | null | undefined, name: string, words: readonly [T, ...T[]]): T {
  const v = own(props, name);
  return words.find((word) => word === v) ?? words[0];
}

function isObject(v: Json | undefined): v is Props {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}

export type Target =
  | { readonly kind: 'route'; readonly path: string; readonly hash: string }
  | { readonly kind: 'anchor'; readonly hash: string }
  | { readonly kind: 'outside'; readonly href: string };

const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/**
 * What a link of a screen leads to, or undefined when it may not lead anywhere. The server checked the scheme already;
 * it is checked again where it would do harm. Control characters are refused because browsers drop them, which turns
 * "java\tscript:" into what it looks like.
 */
export function target(href: string, path: string): Target | undefined {
  // eslint-disable-next-line no-control-regex
  if (href === '' || /[\u0000-\u0020\u007f-\u009f\\]/.test(href)) return undefined;
  if (href.startsWith('#')) return { kind: 'anchor', hash: href };
  let url: URL;
  try {
    url = new URL(href, `https://shop.invalid${path}`);
  } catch {
    return undefined;
  }
  if (!SCHEMES.has(url.protocol)) return undefined;
  if (url.host === 'shop.invalid') return { kind: 'route', path: url.pathname, hash: url.hash };
  return { kind: 'outside', href: url.href };
}

/** The address of a picture: only one that this server serves. */
export function picture(src: string): string | undefined {
  // eslint-disable-next-line no-control-regex
  if (!src.startsWith('/') || src.startsWith('//') || /[\u0000-\u0020\\]/.test(src)) return undefined;
  return src;
}

/** The address of a picture wherever it is; the policy of the page has the last word. */
export function remote(src: string): string | undefined {
  if (src === '') return undefined;
  try {
    const url = new URL(src, location.href);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** The image in a prop, when it is one that this server serves. */
export function photo(props: Props | null | undefined, name: string): Asset | undefined {
  const image = object(props, name);
  const { origin } = new URL(location.href);
  const url = text(image, 'url');
  if (!/^\/assets\/[0-9a-f]{64}$/.test(url.startsWith(origin) ? url.slice(origin.length) : url)) return undefined;
  const placeholder = text(image, 'placeholder');
  return {
    url,
    width: number(image, 'width'),
    height: number(image, 'height'),
    alt: text(image, 'alt'),
    placeholder: /^data:image\/[a-z]+;base64,[A-Za-z0-9+/=]+$/.test(placeholder) ? placeholder : undefined,
  };
}

/** The text behind percent signs; the word itself when they make no sense. */
export function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
