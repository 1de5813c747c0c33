// The ops that take one change of a draft back, so that the draft is as live in that one thing. Whatever order changes are
// discarded in, the draft ends as what is live.
import type { Op } from '../editor/types';
import { isObject, own, same, type JsonObject } from '../lib/json';
import type { Change } from './diff';
import { ancestors, order, placesOf, staying, type Place, type Tree, type TreeBlock } from './tree';

/** The RFC 7396 patch that makes `to` of `from`. */
export function patchTo(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {};
  const set = (name: string, value: JsonObject[string]): void => {
    // A plain assignment of `__proto__` would set no property.
    Object.defineProperty(patch, name, { value, enumerable: true, writable: true, configurable: true });
  };
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) set(name, null);
  for (const name of Object.keys(to)) {
    const [old, now] = [own(from, name), own(to, name)];
    if (now === undefined || same(old, now)) continue;
    set(name, isObject(old) && isObject(now) ? patchTo(old, now) : now);
  }
  return patch;
}

/** The ops for one change; none when the draft does not have it any more. A head is not changed by ops. */
export function discard(change: Change, live: Tree, draft: Tree): readonly Op[] {
  const back = new Back(live, draft);
  back.discard(change);
  return back.ops;
}

/** Ops that make one tree of another with the same root; undefined when there are none. */
export function transform(from: Tree, to: Tree): readonly Op[] | undefined {
  if (from.root !== to.root || from.blocks.get(from.root)?.component !== to.blocks.get(to.root)?.component) return undefined;
  const back = new Back(to, from);
  // A step leaves less to do and may show what was hidden by it, until nothing is left.
  for (let before = -1; before < back.ops.length;) {
    before = back.ops.length;
    back.everything();
  }
  return back.ops;
}

interface Working {
  block: TreeBlock;
  slots: Map<string, string[]>;
}

/** Puts a draft back step by step, on a copy on which each op is carried out as the server does. */
class Back {
  readonly ops: Op[] = [];
  readonly #live: Tree;
  readonly #was: ReadonlyMap<string, Place>;
  readonly #blocks = new Map<string, Working>();
  readonly #is: Map<string, { parent: string; slot: string }>;

  constructor(live: Tree, draft: Tree) {
    this.#live = live;
    this.#was = placesOf(live);
    this.#is = new Map(placesOf(draft));
    for (const [key, block] of draft.blocks) this.#blocks.set(key, { block, slots: new Map([...block.slots].map(([name, list]) => [name, [...list]])) });
  }

  discard(change: Change): void {
    const { key } = change;
    if (change.kind === 'removed') this.#restore(key);
    else if (!this.#blocks.has(key)) return;
    else if (change.kind === 'added') this.#drop(key);
    else if (change.kind === 'moved') this.#putBack(key);
    else if (change.kind === 'replaced') this.#replace(key);
    else if (change.kind === 'props' || change.kind === 'upgraded') this.#setContent(key);
  }

  everything(): void {
    for (const key of [...this.#blocks.keys()]) if (!this.#live.blocks.has(key) && this.#blocks.has(key)) this.#drop(key);
    for (const key of order(this.#live)) {
      const now = this.#blocks.get(key);
      if (!now) this.#restore(key);
      else if (now.block.component !== this.#live.blocks.get(key)?.component) this.#replace(key);
      else {
        this.#setContent(key);
        const place = this.#was.get(key);
        const at = this.#is.get(key);
        if (place && (at?.parent !== place.parent || at.slot !== place.slot || !this.#stays(key, place))) this.#putBack(key);
      }
    }
  }

  #stays(key: string, { parent, slot }: Place): boolean {
    return staying(this.#liveList(parent, slot), this.#list(parent, slot)).has(key);
  }

  #liveList = (parent: string, slot: string): readonly string[] => this.#live.blocks.get(parent)?.slots.get(slot) ?? [];
  #list = (parent: string, slot: string): readonly string[] => this.#blocks.get(parent)?.slots.get(slot) ?? [];

  #inside(key: string, found = new Set<string>()): Set<string> {
    found.add(key);
    for (const list of this.#blocks.get(key)?.slots.values() ?? []) for (const child of list) this.#inside(child, found);
    return found;
  }

  /** Where in its live slot the block comes: behind the nearest of those above it that keep their order. */
  #indexOf(key: string, { parent, slot }: Place): number {
    const now = this.#list(parent, slot).filter((other) => other !== key);
    const old = this.#liveList(parent, slot);
    const stay = staying(old.filter((other) => other !== key), now);
    for (let i = old.indexOf(key) - 1; i >= 0; i--) {
      const above = old[i] ?? '';
      if (stay.has(above)) return now.indexOf(above) + 1;
    }
    return 0;
  }

  #takeOut(key: string): void {
    const at = this.#is.get(key);
    const list = at && this.#blocks.get(at.parent)?.slots.get(at.slot);
    if (list) list.splice(list.indexOf(key), 1);
    this.#is.delete(key);
  }

  #putInto(key: string, parent: string, slot: string, index: number): void {
    const slots = this.#blocks.get(parent)?.slots;
    if (!slots) return;
    const list = slots.get(slot) ?? [];
    slots.set(slot, list);
    list.splice(index, 0, key);
    this.#is.set(key, { parent, slot });
  }

  #move(key: string, parent: string, slot: string, index: number): void {
    this.#takeOut(key);
    this.#putInto(key, parent, slot, index);
    this.ops.push({ kind: 'MOVE', key, parent, slot, index });
  }

  #insert(key: string, place: Place, index = this.#indexOf(key, place)): void {
    const block = this.#live.blocks.get(key);
    if (!block) return;
    this.#blocks.set(key, { block, slots: new Map() });
    this.#putInto(key, place.parent, place.slot, index);
    this.ops.push({ kind: 'INSERT', key, parent: place.parent, slot: place.slot, index, component: block.component, major: block.major, props: block.props });
  }

  #remove(key: string): void {
    const inside = this.#inside(key);
    this.#takeOut(key);
    for (const gone of inside) {
      this.#blocks.delete(gone);
      this.#is.delete(gone);
    }
    this.ops.push({ kind: 'REMOVE', key });
  }

  /** Brings a block back that was removed, with all that was removed below it, and with what it stood in. */
  #restore(key: string): void {
    if (this.#blocks.has(key)) return;
    let top = key;
    for (let at = this.#was.get(top); at && !this.#blocks.has(at.parent); at = this.#was.get(top)) top = at.parent;
    const walk = (at: string): void => {
      if (this.#blocks.has(at)) return; // it lives elsewhere now, and comes back with its own change
      const place = this.#was.get(at);
      if (!place) return;
      this.#insert(at, place);
      for (const list of this.#live.blocks.get(at)?.slots.values() ?? []) for (const child of list) walk(child);
    };
    walk(top);
  }

  /** Moves a block to where it is live. What it has to go into may be gone, or stand inside of it by now. */
  #putBack(key: string): void {
    const place = this.#was.get(key);
    if (!place) return;
    this.#restore(place.parent);
    for (const above of ancestors(this.#was, key)) {
      const at = this.#was.get(above);
      if (at && this.#inside(key).has(above)) this.#move(above, at.parent, at.slot, this.#indexOf(above, at));
    }
    this.#move(key, place.parent, place.slot, this.#indexOf(key, place));
  }

  /** Removes a block that is not live. What is live and was moved into it goes back first. */
  #drop(key: string): void {
    for (const live of order(this.#live)) if (this.#inside(key).has(live)) this.#putBack(live);
    this.#remove(key);
  }

  /** The key belongs to another component now: that one goes, and what hangs on it waits beside it. */
  #replace(key: string): void {
    const at = this.#is.get(key);
    const place = this.#was.get(key);
    const now = this.#blocks.get(key);
    if (!at || !place || !now) return;
    const index = this.#list(at.parent, at.slot).indexOf(key);
    const children = [...now.slots].flatMap(([slot, list]) => list.map((child, i) => ({ child, slot, i })));
    for (const { child } of children) this.#move(child, at.parent, at.slot, this.#list(at.parent, at.slot).length);
    this.#remove(key);
    this.#insert(key, { ...at, index }, index);
    for (const { child, slot, i } of children) this.#move(child, key, slot, i);
  }

  #setContent(key: string): void {
    const now = this.#blocks.get(key);
    const live = this.#live.blocks.get(key);
    if (!now || !live || now.block.component !== live.component) return;
    if (now.block.major !== live.major) this.ops.push({ kind: 'UPGRADE', key, major: live.major, props: live.props });
    else {
      const patch = patchTo(now.block.props, live.props);
      if (Object.keys(patch).length === 0) return;
      this.ops.push({ kind: 'SET_PROPS', key, patch });
    }
    now.block = { ...now.block, major: live.major, props: live.props };
  }
}
