// Ops that wait to be sent.
import type { Draft, Op } from '../types';
import { applyLeniently, countOps } from './apply';
import { MAX_OPS } from './draft';
import { composePatches } from './patch';

/** Adds an op. Changes of one block's props in a row become one: that is what typing is. */
export function enqueue(queue: readonly Op[], op: Op): readonly Op[] {
  const last = queue.at(-1);
  if (op.kind === 'SET_PROPS' && last?.kind === 'SET_PROPS' && last.key === op.key) {
    const patch = composePatches(last.patch, op.patch);
    if (patch) return [...queue.slice(0, -1), { ...last, patch }];
  }
  return [...queue, op];
}

export const compact = (ops: readonly Op[]): readonly Op[] => ops.reduce<readonly Op[]>(enqueue, []);

/** As many ops from the front as one edit takes. */
export function batchOf(queue: readonly Op[]): readonly Op[] {
  if (countOps(queue) <= MAX_OPS) return queue;
  let n = MAX_OPS;
  while (n < queue.length && countOps(queue.slice(0, n + 1)) <= MAX_OPS) n++;
  return queue.slice(0, n);
}

export interface Split {
  /** Ops that can still be sent. */
  readonly free: readonly Op[];
  /** Ops that wait for a choice, by the block that was changed on both sides. */
  readonly held: ReadonlyMap<string, readonly Op[]>;
}

/** Parts ops that touch blocks in conflict from the others. What was put into a held block is held with it. */
export function split(draft: Draft, ops: readonly Op[], conflicting: ReadonlySet<string>): Split {
  const free: Op[] = [];
  const held = new Map<string, Op[]>();
  const groupOf = new Map<string, string>([...conflicting].map((key) => [key, key]));
  let now = draft;
  for (const op of ops) {
    const parent = op.kind === 'INSERT' || op.kind === 'MOVE' ? groupOf.get(op.parent) : undefined;
    const goesAlong = parent !== undefined && !draft.blocks.has(parent) ? parent : undefined;
    const group = groupOf.get(op.key) ?? goesAlong;
    if (group === undefined) {
      const { draft: next, failed } = applyLeniently(now, [op]);
      now = next;
      // What cannot be carried out any more, and touches nothing that anybody could choose about, has no meaning left.
      if (failed.length === 0) free.push(op);
    } else {
      if (op.kind === 'INSERT') groupOf.set(op.key, group);
      held.set(group, [...(held.get(group) ?? []), op]);
    }
  }
  return { free: compact(free), held };
}
