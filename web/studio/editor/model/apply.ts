// Carries out ops on a draft, as internal/screen/apply.go does: the same result, the same inverse, the same refusals.
import type { Draft, DraftBlock, DraftSlot, Op } from '../types';
import { byName, childrenOf, depthOf, MAX_BLOCKS, MAX_DEPTH, MAX_OPS, placeOf, subtree, type Place } from './draft';
import { isBlockKey, isComponentKey, isSlotName } from './names';
import { mergePatch, patchTo } from './patch';

/** Why ops cannot be carried out; the message is for people. */
export class Refused extends Error {}

export interface Applied {
  readonly draft: Draft;
  /** As they were carried out: indexes are clamped. */
  readonly ops: readonly Op[];
  /** Applied to `draft` they give what was there before. */
  readonly inverse: readonly Op[];
}

/** All ops or none. Throws `Refused`. */
export function apply(draft: Draft, ops: readonly Op[]): Applied {
  if (countOps(ops) > MAX_OPS) throw new Refused(`That is more than ${MAX_OPS} changes at once.`);
  const done = through(draft, ops);
  if (done.draft.blocks.size > MAX_BLOCKS) throw new Refused(`A screen holds at most ${MAX_BLOCKS} blocks; this would be ${done.draft.blocks.size}. A shared part takes its blocks out of the count.`);
  if (depthOf(done.draft) > MAX_DEPTH) throw new Refused(`A screen is at most ${MAX_DEPTH} blocks deep. Move the block further up.`);
  return done;
}

function through(draft: Draft, ops: readonly Op[]): Applied {
  const run = new Set<string>();
  const applied: Op[] = [];
  const inverse: (readonly Op[])[] = [];
  let now = draft;
  for (const op of ops) {
    const one = step(now, op);
    now = one.draft;
    applied.push(one.op);
    // The removal of a block that was just inserted takes along what was inserted into it.
    inverse.push(inRun(run, op) ? [] : one.inverse);
  }
  return { draft: now, ops: applied, inverse: inverse.reverse().flat() };
}

/** Carries out what can be carried out, and says which ops could not. */
export function applyLeniently(draft: Draft, ops: readonly Op[]): { readonly draft: Draft; readonly failed: readonly Op[] } {
  const failed: Op[] = [];
  let now = draft;
  for (const op of ops) {
    try {
      now = step(now, op).draft;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      failed.push(op);
    }
  }
  return { draft: now, failed };
}

/** How many ops count towards the limit: a subtree that is inserted is one thing, however many blocks it has. */
export function countOps(ops: readonly Op[]): number {
  const run = new Set<string>();
  return ops.reduce((n, op) => n + (inRun(run, op) ? 0 : 1), 0);
}

function inRun(run: Set<string>, op: Op): boolean {
  if (op.kind !== 'INSERT') {
    run.clear();
    return false;
  }
  const inside = run.has(op.parent);
  run.add(op.key);
  return inside;
}

interface Step {
  readonly draft: Draft;
  readonly op: Op;
  readonly inverse: readonly Op[];
}

function step(draft: Draft, op: Op): Step {
  if (op.kind === 'INSERT') return insert(draft, op);
  const block = draft.blocks.get(op.key);
  if (!block) throw new Refused('The block is not there any more.');
  switch (op.kind) {
    case 'MOVE': return move(draft, op);
    case 'REMOVE': return remove(draft, op);
    case 'SET_PROPS': {
      const props = mergePatch(block.props, op.patch);
      return { draft: withBlock(draft, { ...block, props }), op, inverse: [{ kind: 'SET_PROPS', key: op.key, patch: patchTo(props, block.props) }] };
    }
    case 'UPGRADE': {
      if (op.major === block.major) throw new Refused(`The block is at version ${op.major} already.`);
      return { draft: withBlock(draft, { ...block, major: op.major, props: op.props }), op, inverse: [{ kind: 'UPGRADE', key: op.key, major: block.major, props: block.props }] };
    }
  }
}

function insert(draft: Draft, op: Extract<Op, { kind: 'INSERT' }>): Step {
  checkTarget(draft, op);
  if (!isComponentKey(op.component)) throw new Refused('That is not the key of a component.');
  if (!isBlockKey(op.key)) throw new Refused('That is not the key of a block.');
  if (draft.blocks.has(op.key)) throw new Refused('A block with this key is there already.');
  if (draft.blocks.size >= 2 * MAX_BLOCKS) throw new Refused(`A screen holds at most ${MAX_BLOCKS} blocks.`);
  const block: DraftBlock = { key: op.key, component: op.component, major: op.major, props: op.props, slots: [] };
  const { draft: placed, index } = putIn(withBlock(draft, block), op.key, op);
  return { draft: placed, op: { ...op, index }, inverse: [{ kind: 'REMOVE', key: op.key }] };
}

function move(draft: Draft, op: Extract<Op, { kind: 'MOVE' }>): Step {
  const from = placeOf(draft, op.key);
  if (!from) throw new Refused('The outermost block stays where it is.');
  checkTarget(draft, op);
  if (subtree(draft, op.key).includes(op.parent)) throw new Refused('A block cannot be moved into itself.');
  const { draft: placed, index } = putIn(takeOut(draft, op.key, from), op.key, op);
  return { draft: placed, op: { ...op, index }, inverse: [{ kind: 'MOVE', key: op.key, ...from }] };
}

function remove(draft: Draft, op: Extract<Op, { kind: 'REMOVE' }>): Step {
  const from = placeOf(draft, op.key);
  if (!from) throw new Refused('The outermost block cannot be deleted.');
  const gone = subtree(draft, op.key);
  const blocks = new Map(takeOut(draft, op.key, from).blocks);
  for (const key of gone) blocks.delete(key);
  return { draft: { root: draft.root, blocks }, op, inverse: insertsOf(draft, op.key, from) };
}

/** The ops that bring a block of the draft back with all below it. */
export function insertsOf(draft: Draft, key: string, place: Place): Op[] {
  const inserts: Op[] = [];
  const one = (at: string, { parent, slot, index }: Place): void => {
    const block = draft.blocks.get(at);
    if (block) inserts.push({ kind: 'INSERT', key: at, parent, slot, index, component: block.component, major: block.major, props: block.props });
  };
  one(key, place);
  for (const parent of subtree(draft, key)) {
    for (const { name: slot, blocks } of draft.blocks.get(parent)?.slots ?? []) blocks.forEach((child, index) => one(child, { parent, slot, index }));
  }
  return inserts;
}

function checkTarget(draft: Draft, { parent, slot }: { readonly parent: string; readonly slot: string }): void {
  if (!draft.blocks.has(parent)) throw new Refused('The block that it should go into is not there any more.');
  if (!isSlotName(slot)) throw new Refused('That is not the name of a slot.');
}

function withBlock(draft: Draft, block: DraftBlock): Draft {
  return { root: draft.root, blocks: new Map(draft.blocks).set(block.key, block) };
}

function withSlot(draft: Draft, key: string, slot: string, children: readonly string[]): Draft {
  const block = draft.blocks.get(key);
  if (!block) return draft;
  const slots: DraftSlot[] = block.slots.filter(({ name }) => name !== slot);
  if (children.length > 0) slots.push({ name: slot, blocks: children });
  return withBlock(draft, { ...block, slots: slots.sort(byName) });
}

function takeOut(draft: Draft, key: string, { parent, slot }: Place): Draft {
  return withSlot(draft, parent, slot, childrenOf(draft.blocks.get(parent), slot).filter((child) => child !== key));
}

function putIn(draft: Draft, key: string, { parent, slot, index }: Place): { readonly draft: Draft; readonly index: number } {
  const there = childrenOf(draft.blocks.get(parent), slot);
  const at = Math.min(Math.max(index, 0), there.length);
  return { draft: withSlot(draft, parent, slot, there.toSpliced(at, 0, key)), index: at };
}
