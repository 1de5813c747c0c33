// Values as people read them, for places where they are only looked at.
import { plural } from '../../lib/format';
import { isObject, own, type Json } from '../../lib/json';
import { bindingOf, boundWords } from '../../binding/envelope';
import { isAsset } from './envelope';

const LONGEST = 400;

const clip = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export function readable(value: Json | undefined, depth = 0): string {
  if (value === undefined) return 'not set';
  if (typeof value === 'string') return value === '' ? 'empty' : clip(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (isAsset(value)) return own(value, 'alt') ? `picture: ${clip(String(own(value, 'alt')))}` : 'a picture';
  const binding = bindingOf(value);
  if (binding) return boundWords(binding);
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    if (depth > 1 || value.length > 12) return plural(value.length, 'entry', 'entries');
    return clip(value.map((entry) => readable(entry, depth + 1)).join(' · '));
  }
  if (!isObject(value)) return 'nothing';
  const entries: Json[] = Object.values(value);
  if (depth > 1) return plural(entries.length, 'value');
  return clip(entries.map((entry) => readable(entry, depth + 1)).join(' · ')) || 'empty';
}
