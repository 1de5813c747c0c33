// Takes changes of drafts back on the server, and says how to take that back in turn.
import type { CombinedError } from '@urql/core';
import type { Op } from '../editor/types';
import { graphql } from '../gql';
import type { ScreenOp, StudioDraftQuery, StudioDiscardMutation } from '../gql/graphql';
import { client } from '../lib/client';
import { problemOf, type Refusal } from '../lib/failed';
import type { Json } from '../lib/json';
import type { Change } from './diff';
import { discard, transform } from './discard';
import { treeOf, type Tree } from './tree';

const DRAFT = graphql(`
  query StudioDraft($slug: String!, $query: String!, $after: String) {
    frontend(slug: $slug) {
      screens(first: 100, after: $after, filter: { query: $query }) {
        pageInfo { hasNextPage endCursor }
        edges { node { id key version title path body } }
      }
    }
  }
`);

const EDIT = graphql(`
  mutation StudioDiscard($input: ScreenEditInput!) {
    screenEdit(input: $input) {
      screen { version }
      inverse { kind key component major parent slot index props patch }
      userErrors { message }
    }
  }
`);

const UPDATE = graphql(`
  mutation StudioDiscardHead($input: ScreenUpdateInput!) { screenUpdate(input: $input) { screen { version } userErrors { message } } }
`);

const REVERT = graphql(`
  mutation StudioRevert($input: ScreenRevertInput!) { screenRevert(input: $input) { screen { id version title path body } userErrors { message } } }
`);

const DELETE = graphql(`
  mutation StudioDiscardNew($input: ScreenDeleteInput!) { screenDelete(input: $input) { deletedId userErrors { message } } }
`);

const CREATE = graphql(`
  mutation StudioBringBack($input: ScreenCreateInput!) { screenCreate(input: $input) { screen { id } userErrors { message } } }
`);

type Draft = NonNullable<StudioDraftQuery['frontend']>['screens']['edges'][number]['node'];
type Inverse = NonNullable<StudioDiscardMutation['screenEdit']>['inverse'][number];

/** How it can be undone; null when it cannot. */
export type Undo = (() => Promise<void>) | null;

/** What went wrong, in a sentence for people. */
export class Refused extends Error {}

function check(error: CombinedError | undefined, refusals?: readonly Refusal[]): void {
  const problem = problemOf(error, refusals);
  if (problem !== undefined) throw new Refused(problem);
}

/** The draft of a screen as it is now. */
async function read(slug: string, key: string): Promise<Draft> {
  for (let after: string | null | undefined; ;) {
    const { data, error } = await client.query(DRAFT, { slug, query: key, ...(after ? { after } : {}) }, { requestPolicy: 'network-only' }).toPromise();
    check(error);
    const screens = data?.frontend?.screens;
    const found = screens?.edges.find(({ node }) => node.key === key)?.node;
    if (found) return found;
    if (!screens?.pageInfo.hasNextPage) throw new Refused('The screen is not there any more. Look at the list of screens.');
    after = screens.pageInfo.endCursor;
  }
}

function inputOf(op: Op): ScreenOp {
  const { kind, ...rest } = op;
  switch (kind) {
    case 'INSERT': return { insert: rest as NonNullable<ScreenOp['insert']> };
    case 'MOVE': return { move: rest as NonNullable<ScreenOp['move']> };
    case 'REMOVE': return { remove: { key: op.key } };
    case 'SET_PROPS': return { setProps: rest as NonNullable<ScreenOp['setProps']> };
    case 'UPGRADE': return { upgrade: rest as NonNullable<ScreenOp['upgrade']> };
  }
}

const opOf = (inverse: Inverse): Op => Object.fromEntries(Object.entries(inverse).filter(([, value]) => value !== null && value !== undefined)) as unknown as Op;

/** As many as one edit takes. */
const AT_ONCE = 100;

/** Sends ops and returns those that undo them. */
async function edit(screen: string, version: number, ops: readonly Op[]): Promise<readonly Op[]> {
  let inverse: readonly Op[] = [];
  let expectedVersion = version;
  for (let i = 0; i < ops.length; i += AT_ONCE) {
    const { data, error } = await client.mutation(EDIT, { input: { screen, expectedVersion, ops: ops.slice(i, i + AT_ONCE).map(inputOf) } }).toPromise();
    check(error, data?.screenEdit?.userErrors);
    inverse = [...(data?.screenEdit?.inverse.map(opOf) ?? []), ...inverse];
    expectedVersion = data?.screenEdit?.screen?.version ?? expectedVersion;
  }
  return inverse;
}

async function update(id: string, expectedVersion: number, head: { readonly title?: string; readonly path?: string | null }): Promise<void> {
  const { data, error } = await client.mutation(UPDATE, { input: { id, expectedVersion, ...head } }).toPromise();
  check(error, data?.screenUpdate?.userErrors);
}

const treeOfDraft = ({ body, title, path }: { readonly body: Json; readonly title: string; readonly path?: string | null }): Tree | undefined => treeOf(body, { title, path: path ?? null });

/** Sets a draft back in one thing. */
export async function discardChange(slug: string, key: string, change: Change, live: Tree): Promise<Undo> {
  const draft = await read(slug, key);
  if (change.kind === 'head') {
    const was = change.name === 'title' ? { title: draft.title } : { path: draft.path ?? null };
    await update(draft.id, draft.version, change.name === 'title' ? { title: change.before } : { path: change.before || null });
    return async () => update(draft.id, (await read(slug, key)).version, was);
  }
  const tree = treeOfDraft(draft);
  const ops = tree ? discard(change, live, tree) : [];
  if (ops.length === 0) throw new Refused('There is nothing to discard any more: the draft is as live in this already.');
  const inverse = await edit(draft.id, draft.version, ops);
  return async () => {
    await edit(draft.id, (await read(slug, key)).version, inverse);
  };
}

/** Sets a whole draft back to what a release holds, or brings the screen back. */
export async function revertScreen(slug: string, key: string, toRelease: string, deleted: boolean): Promise<Undo> {
  const draft = await read(slug, key);
  const { data, error } = await client.mutation(REVERT, { input: { id: draft.id, expectedVersion: draft.version, toRelease } }).toPromise();
  check(error, data?.screenRevert?.userErrors);
  const now = data?.screenRevert?.screen;
  if (!now) return null;
  if (deleted) return async () => remove(draft.id, (await read(slug, key)).version);
  const [from, to] = [treeOfDraft(now), treeOfDraft(draft)];
  const ops = from && to ? transform(from, to) : undefined;
  if (!ops) return null;
  return async () => {
    const current = await read(slug, key);
    if (ops.length > 0) await edit(draft.id, current.version, ops);
    if (now.title === draft.title && now.path === draft.path) return;
    await update(draft.id, (await read(slug, key)).version, { title: draft.title, path: draft.path ?? null });
  };
}

async function remove(id: string, expectedVersion: number): Promise<void> {
  const { data, error } = await client.mutation(DELETE, { input: { id, expectedVersion } }).toPromise();
  check(error, data?.screenDelete?.userErrors);
}

/** Deletes a screen that was never live. */
export async function discardNew(slug: string, frontend: string, key: string): Promise<Undo> {
  const { id, version, title, path, body } = await read(slug, key);
  await remove(id, version);
  return async () => {
    const { data, error } = await client.mutation(CREATE, { input: { frontend, key, title, ...(path ? { path } : {}), body } }).toPromise();
    check(error, data?.screenCreate?.userErrors);
  };
}
