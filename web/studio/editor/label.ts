// What people call a block.
import { isObject, type Json, type JsonObject } from '../lib/json';
import { words } from '../lib/format';
import { INCLUDE } from './model/moves';
import type { Catalogue, DraftBlock } from './types';


export const titleOf = (catalogue: Catalogue, component: string): string =>
  catalogue.get(component)?.title ?? (component === INCLUDE ? 'Shared part' : words(component));

const TELLING = ['title', 'heading', 'headline', 'name', 'label', 'text', 'question', 'quote', 'body', 'screen', 'alt', 'message', 'caption'];
const LONGEST = 80;

/** The text of the props that tells one block from another best; empty when there is none. */
export function tellingText(props: JsonObject): string {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(props)) {
    const text = textOf(value);
    if (text !== '') texts.set(name, text);
  }
  const name = TELLING.find((telling) => texts.has(telling)) ?? [...texts.keys()].find((other) => !/^(https?:|\/|#|data:)/.test(texts.get(other) ?? ''));
  const text = name === undefined ? '' : (texts.get(name) ?? '').replace(/\s+/g, ' ').trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function textOf(value: Json): string {
  if (typeof value === 'string') return value.slice(0, 4 * LONGEST);
  return isObject(value) && typeof value.alt === 'string' ? value.alt : '';
}

export function blockName(catalogue: Catalogue, block: DraftBlock | undefined): string {
  if (!block) return 'A block';
  const text = tellingText(block.props);
  const title = titleOf(catalogue, block.component);
  return text === '' ? title : `${title} “${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
