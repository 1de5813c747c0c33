// Which address a screen is previewed at.
import type { Draft } from '../editor/types';
import { isObject, type Json } from '../lib/json';

/** Names of the parameters of a path pattern: `handle` of `/products/:handle`. */
export const parametersOf = (pattern: string | null): readonly string[] => (pattern ?? '').split('/').flatMap((segment) => (segment.startsWith(':') ? segment.slice(1) : []));

/** A real path; segments that would mean something else to a browser stay out. */
export function pathOf(pattern: string | null, params: Readonly<Record<string, string>>): string {
  return (pattern ?? '/').split('/').map((segment) => {
    const value = segment.startsWith(':') && Object.hasOwn(params, segment.slice(1)) ? (params[segment.slice(1)] ?? '') : segment;
    return encodeURIComponent(value);
  }).join('/');
}

export const isSegment = (value: string): boolean => value !== '' && value !== '.' && value !== '..' && !/[/\0]/.test(value);

/**
 * A value for each parameter: what was chosen, else the first text in the draft under that name, since a list of products
 * has their handles, else the name itself.
 */
export function examplesFor(pattern: string | null, draft: Draft, chosen: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(parametersOf(pattern).map((name) => {
    const value = chosen.get(name);
    return [name, value !== undefined && isSegment(value) ? value : (exampleIn(draft, name) ?? name)];
  }));
}

function exampleIn(draft: Draft, name: string): string | undefined {
  for (const { props } of draft.blocks.values()) {
    const found = textUnder(props, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textUnder(value: Json, name: string): string | undefined {
  if (Array.isArray(value)) {
    for (const entry of value) {
      const found = textUnder(entry, name);
      if (found !== undefined) return found;
    }
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const found = key === name && typeof inner === 'string' && isSegment(inner) && inner.length <= 100 ? inner : textUnder(inner, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** A path below an address, whose query stays. */
export function addressAt(base: string, path: string, token?: string): string {
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  if (token !== undefined) url.searchParams.set('preview', token);
  return url.href;
}

/** A page of the studio's own origin could act as whoever is signed in: it is never shown. */
export function pageOf(previewUrl: string | null, here: string): { readonly own?: string; readonly refused?: string } {
  if (previewUrl === null) return {};
  const url = URL.canParse(previewUrl) ? new URL(previewUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return { refused: 'The preview address of this frontend is not a web address. Drafts are shown in the built-in renderer until it is.' };
  if (url.origin === here) return { refused: `The preview address is at ${url.origin}, where the studio is: a page there could act in your name. Serve it from another host or port; until then drafts are shown in the built-in renderer.` };
  return { own: url.origin };
}
