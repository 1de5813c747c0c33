// Where a block lands that is dragged over a row.
import { childrenOf, placeOf, slotsOf, subtree, type Place } from '../model/draft';
import type { Row } from '../model/rows';
import type { Catalogue, Draft } from '../types';
import type { Drop } from './row';

export interface Landing {
  readonly row: string;
  readonly drop: Drop;
  readonly place: Place;
}

/** `ratio` is how far down the row the pointer is, from 0 to 1. Undefined where the block cannot go. */
export function landing(draft: Draft, catalogue: Catalogue, dragged: string, row: Row, ratio: number): Landing | undefined {
  const block = draft.blocks.get(row.key);
  if (!block || subtree(draft, dragged).includes(row.key)) return undefined;
  const slots = slotsOf(catalogue, block);
  const inside = (slot: string | undefined, index: number): Landing | undefined => (slot === undefined ? undefined : { row: row.id, drop: 'inside', place: taken({ parent: row.key, slot, index }) });
  const beside = (drop: 'before' | 'after'): Landing | undefined => {
    const place = placeOf(draft, row.key);
    return place && { row: row.id, drop, place: taken({ ...place, index: place.index + (drop === 'after' ? 1 : 0) }) };
  };
  // A move counts positions once the block is taken out.
  const taken = (place: Place): Place => {
    const from = placeOf(draft, dragged);
    return from && from.parent === place.parent && from.slot === place.slot && from.index < place.index ? { ...place, index: place.index - 1 } : place;
  };
  if (row.slot !== undefined) return inside(row.slot, childrenOf(block, row.slot).length);
  const opens = slots.length > 0;
  if (row.parent === undefined) return inside(slots[0], ratio < 0.5 ? 0 : childrenOf(block, slots[0] ?? '').length);
  if (ratio < (opens ? 0.3 : 0.5)) return beside('before');
  if (opens && row.open === true && ratio > 0.7) return inside(slots[0], 0);
  if (opens && ratio <= 0.7) return inside(slots[0], childrenOf(block, slots[0] ?? '').length);
  return beside('after');
}
