// What a sign-in was answered with: somebody is in, or what to say and how long to wait.
import type { CombinedError } from '@urql/core';
import { useEffect, useState } from 'react';
import { signedIn, type Viewer } from '../access/viewer';
import { problemOf, sentence } from '../lib/failed';

export interface Refusal {
  readonly message: string;
  readonly path?: readonly string[] | null;
}

interface Payload {
  readonly viewer?: Viewer | null;
  readonly userErrors: readonly Refusal[];
}

export interface Problem {
  /** The field of the input that it is about; undefined for the whole. */
  readonly field: string | undefined;
  readonly message: string;
  /** Seconds after which it may be tried again; 0 for at once. */
  readonly wait: number;
}

/** Lets who has signed in come in, and returns what went wrong otherwise. */
export function settle(error: CombinedError | undefined, payload: Payload | null | undefined): Problem | undefined {
  if (!error && payload?.viewer && payload.userErrors.length === 0) {
    signedIn(payload.viewer);
    return undefined;
  }
  const [refusal] = payload?.userErrors ?? [];
  if (!error && refusal) return { field: refusal.path?.at(-1), message: sentence(refusal.message), wait: 0 };
  const after = error?.graphQLErrors.map(({ extensions }) => extensions['retryAfterSeconds']).find((value) => typeof value === 'number' && value > 0);
  return { field: undefined, message: sentence(problemOf(error) ?? 'Something went wrong. Try again in a moment.'), wait: typeof after === 'number' ? Math.ceil(after) : 0 };
}

/** Seconds that are left of a wait, counted down. */
export function useWait(problem: Problem | undefined): number {
  const [left, set] = useState(0);
  useEffect(() => {
    const until = Date.now() + (problem?.wait ?? 0) * 1_000;
    const look = (): void => set(Math.max(0, Math.ceil((until - Date.now()) / 1_000)));
    look();
    if (!problem?.wait) return;
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [problem]);
  return left;
}
