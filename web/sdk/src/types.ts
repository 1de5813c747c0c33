// The part of the contract that a frontend needs: a screen as this build can render it.

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Props of a block: data from outside. Read own properties only: a name may be `constructor`. */
export interface Props {
  readonly [name: string]: Json;
}

/** One use of a component on a screen. */
export interface Block {
  /** Unique on the screen and stable across releases. */
  readonly key: string;
  /** Key of the component, for instance `hero`. */
  readonly component: string;
  /** Version of the component after negotiation, for instance `2.1`. */
  readonly version: string;
  readonly props: Props;
  /** Keys of the blocks inside, by slot, in order. Empty slots are left out. */
  readonly slots: readonly { readonly name: string; readonly blocks: readonly string[] }[];
  /** What the page fills in by itself, as far as it is not in `props` yet. A screen that is followed does it for you. */
  readonly bindings?: readonly BlockBinding[] | undefined;
}

/** A place in the props that the page fills in: it runs the document and puts there what it finds. */
export interface BlockBinding {
  /** JSON Pointer into the props. */
  readonly pointer: string;
  /** Hash of a registered document. */
  readonly document: string;
  readonly variables: { readonly [name: string]: Json };
  /** JSON Pointer into the answer's `data`; empty for all of it. */
  readonly path: string;
  /** By property, the JSON Pointer into what is there, or into each entry of a list; null to take it as it is. */
  readonly map: { readonly [name: string]: string } | null;
}

/** Whether a block still waits for something that the page fills in. */
export const waits = ({ bindings }: Pick<Block, 'bindings'>): boolean => !!bindings?.length;

/** Something that was adapted for this build or is missing. */
export interface Degradation {
  readonly blockKey: string;
  /** Component and version that were wanted, for instance `countdown 1.0`. */
  readonly wanted: string;
  /** Component and version that were served; null when nothing was. */
  readonly served: string | null;
  readonly reason: string;
}

/** One screen, ready to render. It never changes: another state is another snapshot. */
export interface Snapshot {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  /** The pattern, for instance `/products/:handle`; null for shared parts. */
  readonly path: string | null;
  /** What the pattern matched, by parameter name. */
  readonly params: Props | null;
  /** Equal hash: identical picture. */
  readonly contentHash: string;
  /** The release it is from; null for a draft. */
  readonly release: { readonly number: number; readonly publishedAt: string } | null;
  /** Key of the root block. */
  readonly root: string;
  /** All blocks, flat. `treeOf` rebuilds the tree. */
  readonly blocks: readonly Block[];
  readonly degradations: readonly Degradation[];
}

/** One path of what is live, for a router or a menu. */
export interface Route {
  /** The pattern, for instance `/products/:handle`. */
  readonly path: string;
  readonly screenKey: string;
  readonly title: string;
}

/** Which screen: a real path such as `/products/lamp`, or the key of a screen. A string is a path. */
export type At = string | { readonly path: string } | { readonly key: string };

/** An image as a prop holds it. `url` is absolute once it went through the SDK. */
export interface Asset {
  readonly url: string;
  /** Pixels of the original. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** What it shows, for those who do not see it. */
  readonly alt?: string | undefined;
  /** A tiny picture as a `data:` URL, to be shown until the image is there. */
  readonly placeholder?: string | undefined;
}

/** Whether something that came from outside can be used as a snapshot. */
export function isSnapshot(value: unknown): value is Snapshot {
  const s = value as Partial<Snapshot> | null | undefined;
  return typeof s === 'object' && s !== null && typeof s.key === 'string' && typeof s.root === 'string' && Array.isArray(s.blocks) &&
    s.blocks.every((b: Partial<Block> | null) => typeof b?.key === 'string' && typeof b.component === 'string' && typeof b.version === 'string' &&
      typeof b.props === 'object' && b.props !== null && Array.isArray(b.slots) && b.slots.every((slot) => Array.isArray(slot?.blocks)) &&
      (b.bindings === undefined || (Array.isArray(b.bindings) && b.bindings.every((binding) => typeof binding === 'object' && binding !== null))));
}
