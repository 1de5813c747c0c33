// What the server refused, sorted to the fields it is about.
import type { CombinedError } from '@urql/core';
import { problemOf, sentence } from '../lib/failed';

interface Refusal {
  readonly message: string;
  readonly path?: readonly string[] | null;
}

export interface Said {
  /** The sentence for a field; undefined when there is none. */
  readonly at: (field: string) => string | undefined;
  /** What belongs to no field that is shown. */
  readonly else: string | undefined;
}

export const NOTHING_SAID: Said = { at: () => undefined, else: undefined };

export function saidOf(error: CombinedError | undefined, refusals: readonly Refusal[] | undefined, fields: readonly string[]): Said {
  const all = refusals ?? [];
  const fieldOf = ({ path }: Refusal): string | undefined => fields.find((field) => path?.includes(field));
  return {
    at: (field) => {
      const found = all.find((refusal) => fieldOf(refusal) === field);
      return found && sentence(found.message);
    },
    else: problemOf(error, all.filter((refusal) => fieldOf(refusal) === undefined)),
  };
}
