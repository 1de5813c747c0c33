// The drafts of shared parts that a draft includes, and of those that they include.
import type { Client } from '@urql/core';
import { useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { draftOf } from '../editor/model/draft';
import { findScreen } from '../editor/session/find';
import type { Draft } from '../editor/types';
import { graphql } from '../gql';
import { useActivity } from '../lib/activity';
import { includesOf } from './snapshot';

const PARTS = graphql(`
  query StudioPreviewParts($ids: [ID!]!) {
    nodes(ids: $ids) { ... on Screen { key blocks { key component major props slots { name blocks } } } }
  }
`);

/** Enough for any screen that is not made to be a burden. */
const MAX_PARTS = 50;
const NONE: ReadonlyMap<string, Draft> = new Map();

/** Parts that are not known yet, or are not there, are not in the map. */
export function useParts(slug: string, draft: Draft): ReadonlyMap<string, Draft> {
  const client = useClient();
  const [parts, set] = useState(NONE);
  const [turn, again] = useState(0);
  // Keys hold no spaces. The text changes only when another screen is included, not with every letter that is typed.
  const wanted = useMemo(() => includesOf(draft).join(' '), [draft]);
  useActivity(['SCREENS'], () => again((n) => n + 1));
  useEffect(() => {
    if (wanted === '') return set(NONE);
    let gone = false;
    void readParts(client, slug, wanted.split(' ')).then((found) => {
      if (found && !gone) set(found);
    });
    return () => {
      gone = true;
    };
  }, [client, slug, wanted, turn]);
  return parts;
}

/** Undefined when the server does not answer. */
async function readParts(client: Client, slug: string, wanted: readonly string[]): Promise<ReadonlyMap<string, Draft> | undefined> {
  const found = new Map<string, Draft>();
  let keys = wanted;
  for (let depth = 0; depth < 2 && keys.length > 0; depth++) {
    const asked = keys.slice(0, MAX_PARTS);
    const known = await Promise.all(asked.map((key) => idOf(client, slug, key)));
    const { data } = await client.query(PARTS, { ids: known.filter((id) => id != null) }, { requestPolicy: 'network-only' }).toPromise();
    if (!data) return undefined;
    const inside: string[] = [];
    for (const node of data.nodes) {
      if (!node || !('blocks' in node)) continue;
      const part = draftOf(node.blocks);
      found.set(node.key, part);
      inside.push(...includesOf(part));
    }
    // A screen that was deleted and made again under its key has another id.
    for (const key of asked) if (!found.has(key)) ids.delete(nameOf(slug, key));
    keys = [...new Set(inside)].filter((key) => !found.has(key));
  }
  return found;
}

const ids = new Map<string, string>();

const nameOf = (slug: string, key: string): string => `${slug} ${key}`;

async function idOf(client: Client, slug: string, key: string): Promise<string | null | undefined> {
  const name = nameOf(slug, key);
  const known = ids.get(name);
  if (known !== undefined) return known;
  const id = await findScreen(client, slug, key);
  if (id != null) ids.set(name, id);
  return id;
}
