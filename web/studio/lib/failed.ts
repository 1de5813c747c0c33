// What to say when the server refused or did not answer. Expected refusals carry their own sentence.
import type { CombinedError } from '@urql/core';
import { sentence } from './format';
import { toast } from './toast';

export { sentence };

export interface Refusal {
  readonly message: string;
}

/** The sentence for an answer that is not what was asked for; undefined when all is well. */
export function problemOf(error: CombinedError | undefined, refusals: readonly Refusal[] = []): string | undefined {
  if (error?.networkError) return 'The server does not answer. Nothing was changed; try again in a moment.';
  if (error) return sentence(error.graphQLErrors[0]?.message ?? 'Something went wrong.');
  return refusals.length > 0 ? refusals.map((refusal) => sentence(refusal.message)).join(' ') : undefined;
}

/** Says what went wrong, if anything did, and returns whether it did. */
export function failed(error: CombinedError | undefined, refusals: readonly Refusal[] = []): boolean {
  const problem = problemOf(error, refusals);
  if (problem !== undefined) toast({ message: problem, tone: 'bad' });
  return problem !== undefined;
}
