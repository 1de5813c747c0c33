// A secret between being made and being taken: in the memory of this page alone, gone with it.
import type { Key } from './documents';

export interface Handed {
  readonly key: Key;
  readonly secret: string;
  /** The key that this one takes over from, and when that one ends. */
  readonly before?: { readonly prefix: string; readonly endsAt: number };
}

let held: Handed | undefined;

export const handed = (): Handed | undefined => held;

export function hold(next: Handed | undefined): void {
  held = next;
}
