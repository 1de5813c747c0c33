// Who is at this browser, and what that person may do: asked once when the studio opens, and again when a request was
// refused or the line to the server broke. Views stay while it is asked.
import { stringifyDocument } from '@urql/core';
import { useSyncExternalStore } from 'react';
import { graphql } from '../gql';
import type { StudioViewerQuery } from '../gql/graphql';
import { address, fetchOptions } from '../lib/address';

export const VIEWER = graphql(`
  query StudioViewer {
    viewer { ...StudioViewerFacts }
  }
  fragment StudioViewerFacts on Viewer {
    actor { id name }
    credential
    scopes
    grants { role scopes frontend frontendSlug environments services }
    member { id email name }
  }
`);

export type Viewer = StudioViewerQuery['viewer'];
export type Grant = Viewer['grants'][number];

/** `ended`: somebody was signed in and is not any more; what is open stays, until the same person signs in again. */
export type Phase = 'asking' | 'away' | 'anonymous' | 'in' | 'ended';

export interface Standing {
  readonly phase: Phase;
  /** Who is, or was, signed in; undefined while that is not known. */
  readonly viewer: Viewer | undefined;
  /** Grows with every sign-in: what was refused before is asked again then. */
  readonly times: number;
}

let standing: Standing = { phase: 'asking', viewer: undefined, times: 0 };
const listeners = new Set<() => void>();

function set(next: Standing): void {
  standing = next;
  for (const listener of listeners) listener();
}

export const currentStanding = (): Standing => standing;

export function follow(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useStanding = (): Standing => useSyncExternalStore(follow, currentStanding);

/** Undefined while it is not known. */
export const useViewer = (): Viewer | undefined => useStanding().viewer;

let asked: Promise<boolean> | undefined;

/** Asks the server who this is. Answers whether the caller may go on: false when a session has ended. */
export function ask(): Promise<boolean> {
  asked ??= read().finally(() => (asked = undefined));
  return asked;
}

async function read(): Promise<boolean> {
  let viewer: Viewer | undefined;
  let answered = false;
  try {
    const answer = await fetch(address, {
      method: 'POST', headers: { ...fetchOptions.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query: stringifyDocument(VIEWER), operationName: 'StudioViewer', variables: {} }),
    });
    viewer = ((await answer.json()) as { data?: StudioViewerQuery | null }).data?.viewer;
    answered = true;
  } catch {
    // Said by the phase.
  }
  if (viewer) arrive(viewer);
  // A server that answers and does not say who this is denies by itself what it denies.
  else if (standing.phase === 'asking' || standing.phase === 'away') set({ ...standing, phase: answered ? 'in' : 'away' });
  return standing.phase !== 'ended';
}

function arrive(viewer: Viewer): void {
  if (viewer.credential !== 'NONE') signedIn(viewer);
  else if (standing.phase === 'in') set({ ...standing, phase: 'ended' });
  else if (standing.phase !== 'ended') set({ ...standing, phase: 'anonymous', viewer });
}

/** Takes note of who has signed in. A page that belongs to somebody else is left. */
export function signedIn(viewer: Viewer): void {
  const before = standing;
  if ((before.phase === 'ended' || before.phase === 'in') && before.viewer?.actor.id !== viewer.actor.id) {
    location.assign('/studio');
    return;
  }
  const same = before.phase === 'in' && JSON.stringify(before.viewer) === JSON.stringify(viewer);
  if (!same) set({ phase: 'in', viewer, times: before.phase === 'in' ? before.times : before.times + 1 });
}

/** Resolves once somebody is signed in. */
export function whenIn(): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (standing.phase !== 'in') return;
      stop();
      resolve();
    };
    const stop = follow(look);
    look();
  });
}
