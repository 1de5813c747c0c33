// Addresses that could run script are refused by the server when they are saved. The form says so before it sends
// anything, so that what else was changed is not held up. It mirrors internal/screen/url.go; the server decides.
import { isObject, type Json } from '../../lib/json';
import { below } from './pointer';

const NAMES = new Set(['href', 'url', 'uri', 'src', 'link', 'action', 'formaction', 'poster', 'to', 'target', 'cite', 'image', 'icon', 'hrefs', 'urls', 'uris', 'links', 'actions', 'posters', 'targets', 'images', 'icons', 'background', 'backgrounds', 'srcset']);
const BAD = new Set(['javascript', 'vbscript', 'livescript', 'mocha', 'blob', 'filesystem', 'view-source']);
const IMAGE = /^data:image\/(png|jpeg|gif|webp|avif)([;,]|$)/i;

/** Whether a property of this name is taken for an address: by its last words. */
export function namesAddress(name: string): boolean {
  const words = name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+/gu)?.map((word) => word.toLowerCase()) ?? [];
  return [words.slice(-1), words.slice(-2), words].some((list) => NAMES.has(list.join('')));
}

/** Decoded once more, as one of the layers on the way to a browser would. */
function unescaped(text: string): string {
  return text
    .replace(/&colon;?|&#0*58;?|&#x0*3a;?/gi, ':').replace(/&(tab|newline|nbsp|shy|zerowidthspace|nobreak);?/gi, '')
    .replace(/&#(?:x([\da-f]{1,6})|(\d{1,7}));?/gi, (whole, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The scheme that could run script, however disguised; undefined when there is none. */
export function unsafeScheme(value: string): string | undefined {
  let text = value.slice(0, 4_096);
  for (let round = 0; round <= 4; round++) {
    for (const candidate of [text, ...text.split(/,|url\(\s*["']?/i).slice(1)]) {
      const plain = candidate.normalize('NFKC').replace(/[\p{C}\p{Z}\p{M}\s\u115f\u1160\u2800\u3164\ufffd]/gu, '').toLowerCase().replace(/ı/g, 'i').replace(/ſ/g, 's');
      const scheme = /^([a-z\d+.-]{1,16}):/.exec(plain)?.[1];
      if (scheme !== undefined && (BAD.has(scheme) || (scheme === 'data' && !IMAGE.test(candidate.trim())))) return scheme;
    }
    const next = unescaped(text);
    if (next === text) return undefined;
    text = next;
  }
  return undefined;
}

export const unsafeMessage = (scheme: string): string => `An address that begins with ${scheme}: can run script and is not saved. Use https:, mailto:, tel: or a path.`;

export interface Unsafe {
  readonly at: string;
  readonly message: string;
}

/** The first unsafe address in a value; `isLink` says whether the schema takes a place for an address. */
export function findUnsafe(value: Json | undefined, at: string, name: string, isLink: (at: string) => boolean): Unsafe | undefined {
  if (typeof value === 'string') {
    const scheme = namesAddress(name) || isLink(at) ? unsafeScheme(value) : undefined;
    return scheme === undefined ? undefined : { at, message: unsafeMessage(scheme) };
  }
  const entries: readonly (readonly [string, Json])[] = Array.isArray(value) ? value.map((entry, i) => [String(i), entry] as const) : isObject(value) ? Object.entries(value) : [];
  for (const [token, inner] of entries) {
    const found = findUnsafe(inner, below(at, token), Array.isArray(value) ? name : token, isLink);
    if (found) return found;
  }
  return undefined;
}
