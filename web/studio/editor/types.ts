// What the parts of the screen editor share: the draft as it is shown, and what can be done with it.
import type { May } from '../access/may';
import type { Json, JsonObject } from '../lib/json';

/** One block of a draft, as `Screen.blocks` answers it. */
export interface DraftBlock {
  readonly key: string;
  readonly component: string;
  readonly major: number;
  readonly props: JsonObject;
  readonly slots: readonly DraftSlot[];
}

export interface DraftSlot {
  readonly name: string;
  readonly blocks: readonly string[];
}

/** A draft as a tree. A Map, since block keys are words of people: `constructor` and `__proto__` are keys like others. */
export interface Draft {
  readonly root: string;
  readonly blocks: ReadonlyMap<string, DraftBlock>;
}

/** One op, laid flat like `DraftOp`: kind names the member of `ScreenOp`, the other fields are that member's. */
export type Op =
  | { readonly kind: 'INSERT'; readonly key: string; readonly parent: string; readonly slot: string; readonly index: number; readonly component: string; readonly major: number; readonly props: JsonObject }
  | { readonly kind: 'MOVE'; readonly key: string; readonly parent: string; readonly slot: string; readonly index: number }
  | { readonly kind: 'REMOVE'; readonly key: string }
  | { readonly kind: 'SET_PROPS'; readonly key: string; readonly patch: JsonObject }
  | { readonly kind: 'UPGRADE'; readonly key: string; readonly major: number; readonly props: JsonObject };

export interface ComponentVersion {
  readonly version: string;
  readonly major: number;
  readonly minor: number;
  readonly propsSchema: JsonObject;
  readonly uiSchema: JsonObject | null;
  readonly slots: readonly string[];
  readonly fallback: Json;
  readonly examples: Json;
}

export interface Component {
  readonly key: string;
  readonly title: string;
  readonly category: string | null;
  /** The newest first. */
  readonly versions: readonly ComponentVersion[];
}

/** What can be placed, by key. */
export type Catalogue = ReadonlyMap<string, Component>;

export interface Problem {
  readonly severity: 'ERROR' | 'WARNING' | 'INFO';
  readonly code: string;
  readonly message: string;
  readonly blockKey: string | null;
  /** JSON Pointer into the props. */
  readonly pointer: string | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly blockKey: string | null;
  readonly you: boolean;
}

/** Somebody else changed a block that was being changed here. */
export interface Conflict {
  readonly block: string;
  /** The block as it is on the server; undefined when it was removed. */
  readonly theirs: DraftBlock | undefined;
  /** The block as it was shown here; undefined when it was removed here. */
  readonly mine: DraftBlock | undefined;
  choose(side: 'mine' | 'theirs'): void;
}

/**
 * `saved`: the server has everything. `saving`: something is on its way. `waiting`: the server does not answer; what was
 * done is kept in this browser and sent once it does. `conflict`: somebody has to choose.
 */
export type Saving = 'saved' | 'saving' | 'waiting' | 'conflict';

export interface Editor {
  readonly screen: {
    readonly id: string;
    readonly key: string;
    readonly title: string;
    readonly path: string | null;
    /** The version that the server has, as far as it is known here. */
    readonly version: number;
    readonly problems: readonly Problem[];
  };
  /** What is shown: the draft of the server and, on top of it, what was not sent yet. */
  readonly draft: Draft;
  /** Whether everything in `draft` is on the server. */
  readonly saving: Saving;
  readonly catalogue: Catalogue;
  readonly selected: string | null;
  select(key: string | null): void;
  /** Applies ops at once and sends them soon. `merge` joins them with what was done just before under the same word, for one undo: typing. */
  run(ops: readonly Op[], what: string, merge?: string): void;
  undo(): void;
  redo(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly conflicts: readonly Conflict[];
  readonly people: readonly Person[];
  /** Whether the draft may be changed here. */
  readonly may: May;
}
