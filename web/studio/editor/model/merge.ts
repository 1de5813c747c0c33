// What edits touch of a draft, so that it is known early whether two of them can both be had. As internal/screen/merge.go.
import type { Draft, Op } from '../types';
import { same } from '../../lib/json';
import { applyLeniently } from './apply';
import { placesOf, subtree } from './draft';

type Aspect = 'props' | 'place' | 'component' | 'existence';

const WHOLE: readonly Aspect[] = ['props', 'place', 'component', 'existence'];

/** What a list of ops touched, removed and needed, by block. */
export class Footprint {
  readonly touched = new Map<string, Set<Aspect>>();
  readonly removed = new Set<string>();
  readonly needed = new Set<string>();

  touch(key: string, aspects: readonly Aspect[]): void {
    const known = this.touched.get(key) ?? new Set();
    for (const aspect of aspects) known.add(aspect);
    this.touched.set(key, known);
  }

  /** Blocks where these ops conflict with what was done after. */
  against(after: Footprint): ReadonlySet<string> {
    const blocks = new Set<string>();
    for (const [key, aspects] of this.touched) {
      const theirs = after.touched.get(key);
      if (theirs && [...aspects].some((aspect) => theirs.has(aspect))) blocks.add(key);
    }
    for (const key of this.needed) if (after.removed.has(key)) blocks.add(key);
    return blocks;
  }
}

/** The footprint of ops on the draft that they are made for. */
export function footprintOf(draft: Draft, ops: readonly Op[]): Footprint {
  const print = new Footprint();
  let now = draft;
  for (const op of ops) {
    note(print, now, op);
    now = applyLeniently(now, [op]).draft;
  }
  return print;
}

function note(print: Footprint, draft: Draft, op: Op): void {
  switch (op.kind) {
    case 'INSERT':
      print.needed.add(op.parent);
      print.touch(op.key, WHOLE);
      return;
    case 'MOVE':
      print.needed.add(op.key).add(op.parent);
      print.touch(op.key, ['place']);
      return;
    case 'REMOVE':
      for (const key of subtree(draft, op.key)) {
        print.touch(key, WHOLE);
        print.removed.add(key);
      }
      return;
    case 'SET_PROPS':
      print.needed.add(op.key);
      print.touch(op.key, ['props']);
      return;
    case 'UPGRADE':
      print.touch(op.key, ['component', 'props']);
      return;
  }
}

/** What must have been touched between two states when the edits between them are not known. */
export function footprintBetween(before: Draft, after: Draft): Footprint {
  const print = new Footprint();
  const stood = placesOf(before);
  const stands = placesOf(after);
  for (const [key, was] of before.blocks) {
    const is = after.blocks.get(key);
    if (!is) {
      print.touch(key, WHOLE);
      print.removed.add(key);
      continue;
    }
    if (was.component !== is.component || was.major !== is.major) print.touch(key, ['component', 'props']);
    if (was.props !== is.props && !same(was.props, is.props)) print.touch(key, ['props']);
    // A block whose neighbors came or went has not been moved.
    if (stood.get(key)?.parent !== stands.get(key)?.parent || stood.get(key)?.slot !== stands.get(key)?.slot) print.touch(key, ['place']);
  }
  for (const key of after.blocks.keys()) if (!before.blocks.has(key)) print.touch(key, WHOLE);
  return print;
}
