// The server, as a session of one screen sees it.
import type { Client } from '@urql/core';
import { denied } from '../../access/say';
import type { StudioEditorDraftSubscription } from '../../gql/graphql';
import { fetchOptions } from '../../lib/address';
import { sentence } from '../../lib/failed';
import { draftOf } from '../model/draft';
import type { Draft, Op, Problem } from '../types';
import { DRAFT, EDIT } from './documents';
import { readScreen } from './find';
import { inputOf, opOf } from './wire';

/** What is known of a screen besides its blocks. */
export interface Facts {
  readonly title: string;
  readonly path: string | null;
  readonly version: number;
  readonly status: 'IN_SYNC' | 'EDITED' | 'NEW' | 'DELETED';
  readonly problems: readonly Problem[];
}

export interface RemoteEvent {
  /** The version that was edited. */
  readonly from: number;
  /** Empty when the screen has to be read again. */
  readonly ops: readonly Op[];
  readonly by: string;
  readonly facts: Facts;
}

export type Answer =
  | { readonly kind: 'away' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'saved'; readonly facts: Facts; readonly draft: Draft | undefined }
  | { readonly kind: 'conflict'; readonly facts: Facts; readonly draft: Draft; readonly blocks: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string; readonly index: number | undefined; readonly pointer: string | null };

export interface Remote {
  /** `whole`: an answer was lost before, so the blocks are asked for, too. */
  edit(version: number, ops: readonly Op[], id: string, whole: boolean): Promise<Answer>;
  read(): Promise<{ readonly draft: Draft; readonly facts: Facts } | 'away'>;
  /** Edits after a version, in order; 'lost' when the stream cannot go on. */
  follow(since: number, then: (event: RemoteEvent | 'lost') => void): () => void;
}

export interface WireFacts extends Omit<Facts, 'path' | 'problems'> {
  readonly path?: string | null;
  readonly problems: readonly (Omit<Problem, 'blockKey' | 'pointer'> & { readonly blockKey?: string | null; readonly pointer?: string | null })[];
}

export const factsOf = ({ title, path, version, status, problems }: WireFacts): Facts => ({
  title, path: path ?? null, version, status, problems: problems.map((problem) => ({ ...problem, blockKey: problem.blockKey ?? null, pointer: problem.pointer ?? null })),
});

/** No request may hang for ever: a line can die without a word. */
const ANSWER_WITHIN = 20_000;

/** The browser lets this much go out while a page goes away. */
const KEEPALIVE = 60_000;

export function remoteOf(client: Client, screen: string): Remote {
  return {
    async edit(version, ops, id, whole) {
      const input = { screen, expectedVersion: version, ops: ops.map(inputOf), idempotencyKey: id };
      const keepalive = JSON.stringify(ops).length < KEEPALIVE / 2;
      const asked = client.mutation(EDIT, { input, whole }, { fetchOptions: { ...fetchOptions, keepalive } }).toPromise();
      const answer = await Promise.race([asked, new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_WITHIN))]);
      const payload = answer?.data?.screenEdit;
      if (!payload) {
        // What may not be saved any more is kept: it is sent once it may.
        const why = answer?.error?.graphQLErrors.find(({ extensions }) => extensions['code'] === 'FORBIDDEN');
        if (why) denied({ allowed: false, why: `Not saved: ${sentence(why.message)} What you typed is kept in this browser.` });
        return { kind: 'away' };
      }
      const [error] = payload.userErrors;
      if (!error) {
        const { screen: saved } = payload;
        return saved ? { kind: 'saved', facts: factsOf(saved), draft: saved.blocks && draftOf(saved.blocks) } : { kind: 'away' };
      }
      if ('current' in error && error.current) return { kind: 'conflict', facts: factsOf(error.current), draft: draftOf(error.current.blocks), blocks: error.conflictingBlocks };
      if (error.code === 'NOT_FOUND') return { kind: 'deleted' };
      const at = error.path?.[(error.path.indexOf('ops') + 1) || -1];
      const index = at === undefined ? undefined : Number(at);
      const pointer = 'pointer' in error ? (error.pointer ?? null) : null;
      return { kind: 'refused', message: sentence(error.message.replace(/^ops\[\d+\] \w+: /, '')), index: Number.isInteger(index) ? index : undefined, pointer };
    },
    async read() {
      const found = await readScreen(client, screen);
      return found ? { draft: draftOf(found.blocks), facts: factsOf(found) } : 'away';
    },
    follow(since, then) {
      const subscription = client.subscription(DRAFT, { screen, since }).subscribe(({ data, error }) => {
        if (error) then('lost');
        else if (data) then(eventOf(data.draft));
      });
      return () => subscription.unsubscribe();
    },
  };
}

const eventOf = ({ fromVersion, ops, actor, screen }: StudioEditorDraftSubscription['draft']): RemoteEvent => ({
  from: fromVersion, ops: ops.map(opOf), by: actor.name, facts: factsOf(screen),
});
