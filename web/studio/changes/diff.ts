// How two versions of a screen differ, block by block. Each change can be told in words and, in a draft, taken back by
// itself.
import { bindingOf, shortHash } from '../binding/envelope';
import { own, same, type Json } from '../lib/json';
import { words } from '../lib/format';
import { order, placesOf, staying, type Place, type Tree, type TreeBlock } from './tree';

export interface PropChange {
  readonly name: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export type Change =
  | { readonly kind: 'added'; readonly key: string; readonly block: TreeBlock; /** With all below it. */ readonly size: number }
  | { readonly kind: 'removed'; readonly key: string; readonly block: TreeBlock; readonly size: number }
  | { readonly kind: 'moved'; readonly key: string; readonly from: Place; readonly to: Place }
  /** Another component has taken the key. */
  | { readonly kind: 'replaced'; readonly key: string; readonly before: TreeBlock; readonly after: TreeBlock }
  | { readonly kind: 'upgraded'; readonly key: string; readonly before: TreeBlock; readonly after: TreeBlock; readonly props: readonly PropChange[] }
  | { readonly kind: 'props'; readonly key: string; readonly props: readonly PropChange[] }
  /** Only the stamp differs: the next publish takes the newest minor version, whatever the draft holds. */
  | { readonly kind: 'stamped'; readonly key: string; readonly before: string; readonly after: string }
  | { readonly kind: 'head'; readonly key: ''; readonly name: 'title' | 'path'; readonly before: string; readonly after: string }
  | { readonly kind: 'root'; readonly key: ''; readonly before: string; readonly after: string };

/** What differs, in document order: of the head first, then of blocks, what is gone last. */
export function differences(before: Tree, after: Tree): readonly Change[] {
  const changes: Change[] = [];
  for (const name of ['title', 'path'] as const) {
    if (before[name] !== after[name]) changes.push({ kind: 'head', key: '', name, before: before[name], after: after[name] });
  }
  if (before.root !== after.root) changes.push({ kind: 'root', key: '', before: before.root, after: after.root });
  const was = placesOf(before);
  const is = placesOf(after);
  const moved = movedBlocks(before, after, was, is);
  for (const key of order(after)) {
    const now = after.blocks.get(key);
    const old = before.blocks.get(key);
    if (!now) continue;
    if (!old) {
      if (before.blocks.has(is.get(key)?.parent ?? '') || key === after.root) changes.push({ kind: 'added', key, block: now, size: order(after, key).filter((inside) => !before.blocks.has(inside)).length });
      continue;
    }
    changes.push(...ofBlock(key, old, now));
    const [from, to] = [was.get(key), is.get(key)];
    if (from && to && moved.has(key)) changes.push({ kind: 'moved', key, from, to });
  }
  for (const key of order(before)) {
    const old = before.blocks.get(key);
    if (!old || after.blocks.has(key)) continue;
    if (after.blocks.has(was.get(key)?.parent ?? '') || key === before.root) changes.push({ kind: 'removed', key, block: old, size: order(before, key).filter((inside) => !after.blocks.has(inside)).length });
  }
  return changes;
}

function ofBlock(key: string, before: TreeBlock, after: TreeBlock): readonly Change[] {
  if (before.component !== after.component) return [{ kind: 'replaced', key, before, after }];
  const props = propChanges(before, after);
  if (before.major !== after.major) return [{ kind: 'upgraded', key, before, after, props }];
  const found: Change[] = [];
  if (props.length > 0) found.push({ kind: 'props', key, props });
  if (before.version !== undefined && after.version !== undefined && before.version !== after.version) found.push({ kind: 'stamped', key, before: before.version, after: after.version });
  return found;
}

function propChanges({ props: before }: TreeBlock, { props: after }: TreeBlock): readonly PropChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    .map((name) => ({ name, before: own(before, name), after: own(after, name) }))
    .filter((prop) => !same(prop.before, prop.after));
}

/** Blocks that stand elsewhere. Within one slot only those that left the common order: an insert above moves nothing. */
function movedBlocks(before: Tree, after: Tree, was: ReadonlyMap<string, Place>, is: ReadonlyMap<string, Place>): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const [key, to] of is) {
    const from = was.get(key);
    if (from && (from.parent !== to.parent || from.slot !== to.slot)) moved.add(key);
  }
  for (const [parent, block] of after.blocks) {
    for (const [slot, now] of block.slots) {
      const old = before.blocks.get(parent)?.slots.get(slot) ?? [];
      const stay = staying(old, now);
      for (const key of now) if (old.includes(key) && !stay.has(key)) moved.add(key);
    }
  }
  return moved;
}

/** The block's name for people: its key, and its component where the key does not say it. */
export function nameOf(key: string, component?: string): string {
  return component === undefined || key.startsWith(component) ? words(key) : `${words(key)} (${words(component).toLowerCase()})`;
}

const more = (size: number): string => (size > 1 ? ` with ${size - 1} below it` : '');
const where = ({ parent, slot }: Place): string => (slot === 'children' ? words(parent).toLowerCase() : `${words(parent).toLowerCase()}, ${words(slot).toLowerCase()}`);

/** What became of one property: "products bound to ProductGrid". */
function propWords({ name, before, after }: PropChange, documents: ReadonlyMap<string, string>): string {
  const [was, is] = [bindingOf(before), bindingOf(after)];
  const what = words(name).toLowerCase();
  const nameIn = (hash: string): string => documents.get(hash) ?? `document ${shortHash(hash)}`;
  if (is && was) return was.document === is.document ? `${what} bound otherwise to ${nameIn(is.document)}` : `${what} bound to ${nameIn(is.document)} instead of ${nameIn(was.document)}`;
  if (is) return `${what} bound to ${nameIn(is.document)}`;
  if (was) return after === undefined ? `${what} bound no more` : `${what} written instead of bound to ${nameIn(was.document)}`;
  return `${what} ${before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'}`;
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** One change as one line; `documents` are the names of those that something is bound to, by hash. */
export function tell(change: Change, documents = NO_NAMES): string {
  switch (change.kind) {
    case 'added': return `${nameOf(change.key, change.block.component)} added${more(change.size)}`;
    case 'removed': return `${nameOf(change.key, change.block.component)} removed${more(change.size)}`;
    case 'moved': {
      const { key, from, to } = change;
      const inside = from.parent === to.parent && from.slot === to.slot;
      return inside ? `${nameOf(key)} moved from ${from.index + 1} to ${to.index + 1}` : `${nameOf(key)} moved from ${where(from)} to ${where(to)}`;
    }
    case 'replaced': return `${nameOf(change.key)}: ${change.before.component} replaced by ${change.after.component}`;
    case 'upgraded': return `${nameOf(change.key)}: ${change.after.component} ${change.after.version ?? change.after.major} instead of ${change.before.version ?? change.before.major}`;
    case 'props': return `${nameOf(change.key)}: ${change.props.map((prop) => propWords(prop, documents)).join(', ')}`;
    case 'stamped': return `${nameOf(change.key)}: version ${change.after} instead of ${change.before}`;
    case 'head': return `${change.name === 'title' ? 'Title' : 'Path'} of the screen changed`;
    case 'root': return `Root changed from ${change.before} to ${change.after}`;
  }
}

/** Whether a draft can be set back in this one thing. */
export const canDiscard = (change: Change, live: Tree): boolean =>
  change.kind !== 'stamped' && change.kind !== 'root' && !(change.kind === 'replaced' && change.key === live.root);

/** What a draft would be compared as: without what only a publish stamps. */
export const inDraft = (changes: readonly Change[]): readonly Change[] => changes.filter(({ kind }) => kind !== 'stamped');

