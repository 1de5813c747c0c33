// The part of the contract that a frontend needs: a screen as this build can render it.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Props = { readonly [key: string]: Json };

export interface Block {
  readonly key: string;
  readonly component: string;
  /** Component version after negotiation, for instance 2.1 */
  readonly version: string;
  readonly props: Props;
  readonly slots: readonly { readonly name: string; readonly blocks: readonly string[] }[];
}

export interface Degradation {
  readonly blockKey: string;
  readonly wanted: string;
  readonly served: string | null;
  readonly reason: string;
}

export interface Snapshot {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly path: string | null;
  readonly params: Props | null;
  readonly contentHash: string;
  readonly release: { readonly number: number; readonly publishedAt: string } | null;
  readonly root: string;
  readonly blocks: readonly Block[];
  readonly degradations: readonly Degradation[];
}

export interface Route {
  readonly path: string;
  readonly screenKey: string;
  readonly title: string;
}
