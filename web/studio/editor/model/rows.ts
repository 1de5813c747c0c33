// The layers as a list of rows: what a tree looks like once it is opened here and closed there.
import type { Catalogue, Draft } from '../types';
import { childrenOf, slotsOf } from './draft';

export interface Row {
  /** Key of the block; `block/slot` for the row of a slot. Block keys hold no slash. */
  readonly id: string;
  readonly key: string;
  /** Set for the row of a slot: those show where a component has several. */
  readonly slot: string | undefined;
  readonly level: number;
  readonly parent: string | undefined;
  readonly position: number;
  readonly siblings: number;
  /** Undefined when there is nothing to open. */
  readonly open: boolean | undefined;
}

export function rowsOf(draft: Draft, catalogue: Catalogue, closed: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const seen = new Set<string>();
  const block = (key: string, level: number, parent: string | undefined, position: number, siblings: number): void => {
    const found = draft.blocks.get(key);
    if (!found || seen.has(key)) return;
    seen.add(key);
    const slots = slotsOf(catalogue, found);
    const only = slots.length === 1 ? childrenOf(found, slots[0] ?? '') : undefined;
    const inside = only ? only.length : slots.length;
    const open = inside > 0 ? !closed.has(key) : undefined;
    rows.push({ id: key, key, slot: undefined, level, parent, position, siblings, open });
    if (!open) return;
    if (only) only.forEach((child, i) => block(child, level + 1, key, i + 1, only.length));
    else slots.forEach((slot, i) => slotRow(key, slot, childrenOf(found, slot), level + 1, i + 1, slots.length));
  };
  const slotRow = (key: string, slot: string, children: readonly string[], level: number, position: number, siblings: number): void => {
    const id = `${key}/${slot}`;
    const open = children.length > 0 ? !closed.has(id) : undefined;
    rows.push({ id, key, slot, level, parent: key, position, siblings, open });
    if (open) children.forEach((child, i) => block(child, level + 1, id, i + 1, children.length));
  };
  block(draft.root, 1, undefined, 1, 1);
  return rows;
}
