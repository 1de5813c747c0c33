// Blocks as text, so that they can be carried between screens, frontends and people.
import { isObject, type Json } from '../../lib/json';
import type { Catalogue, DraftBlock } from '../types';
import { byName } from './draft';
import { INCLUDE } from './moves';
import { isBlockKey, isComponentKey, isSlotName } from './names';

const MOST = 200;

export const textOf = (blocks: readonly DraftBlock[]): string => JSON.stringify({ sonata: 'blocks', format: 1, blocks }, null, 1);

export interface Pasted {
  /** The outermost first; empty when there is nothing to paste. */
  readonly blocks: readonly DraftBlock[];
  /** What could not be taken along, in words. */
  readonly left: readonly string[];
}

/** Undefined when the text is something else: then pasting it means nothing here. */
export function blocksIn(text: string, catalogue: Catalogue): Pasted | undefined {
  const list = parse(text);
  if (!list) return undefined;
  const found = new Map<string, DraftBlock>();
  for (const entry of list.slice(0, MOST)) {
    const block = blockOf(entry);
    if (block && !found.has(block.key)) found.set(block.key, block);
  }
  const left = new Set<string>();
  if (list.length > MOST) left.add(`blocks beyond the first ${MOST}`);
  const root = blockOf(list[0]);
  if (!root) return { blocks: [], left: ['blocks that are not well formed'] };
  // Only what hangs together goes in, each block once, and nothing that no build of this frontend knows.
  const kept: DraftBlock[] = [];
  const placed = new Set<string>();
  const visit = (key: string): boolean => {
    const block = found.get(key);
    if (!block || placed.has(key)) return false;
    const problem = unfit(block, catalogue);
    if (problem !== undefined) {
      left.add(problem);
      return false;
    }
    placed.add(key);
    const at = kept.length;
    kept.push(block);
    const slots = block.slots.map(({ name, blocks }) => ({ name, blocks: blocks.filter(visit) })).filter(({ blocks }) => blocks.length > 0);
    kept[at] = { ...block, slots: slots.sort(byName) };
    return true;
  };
  visit(root.key);
  return { blocks: kept, left: [...left] };
}

function parse(text: string): Json[] | undefined {
  if (text.length > 2_000_000 || !text.includes('"sonata"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value.sonata === 'blocks' && value.format === 1 && Array.isArray(value.blocks) ? value.blocks : undefined;
  } catch {
    return undefined;
  }
}

function blockOf(value: Json | undefined): DraftBlock | undefined {
  if (!isObject(value)) return undefined;
  const { key, component, major, props, slots } = value;
  if (typeof key !== 'string' || !isBlockKey(key) || typeof component !== 'string' || !isComponentKey(component)) return undefined;
  if (typeof major !== 'number' || !Number.isInteger(major) || major < 1 || !isObject(props) || !Array.isArray(slots)) return undefined;
  const read = slots.flatMap((slot) => {
    if (!isObject(slot) || typeof slot.name !== 'string' || !isSlotName(slot.name) || !Array.isArray(slot.blocks)) return [];
    return [{ name: slot.name, blocks: slot.blocks.filter((child) => typeof child === 'string') }];
  });
  return { key, component, major, props, slots: read };
}

function unfit({ component, major }: DraftBlock, catalogue: Catalogue): string | undefined {
  if (component === INCLUDE) return undefined;
  const known = catalogue.get(component);
  if (!known) return `“${component}”, which no build of this frontend has`;
  return known.versions.some((version) => version.major === major) ? undefined : `“${known.title}” in version ${major}, which no build of this frontend has`;
}
