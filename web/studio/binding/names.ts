// What documents are called that something is bound to.
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql';
import { useActivity } from '../lib/activity';
import { useFrontend } from '../lib/frontend';

const NAME = graphql(`
  query StudioDocumentName($slug: String!, $hash: String!) {
    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { id hash name } } } }
  }
`);

/** Names of documents by hash, those that are known. */
export function useDocumentNames(hashes: readonly string[]): ReadonlyMap<string, string> {
  const client = useClient();
  const { frontend: { slug } } = useFrontend();
  const [names, set] = useState<ReadonlyMap<string, string>>(new Map());
  const [turn, again] = useState(0);
  useActivity(['DOCUMENTS'], () => again((n) => n + 1));
  const wanted = [...new Set(hashes)].sort().join(' ');
  useEffect(() => {
    let gone = false;
    if (wanted === '') return;
    void Promise.all(wanted.split(' ').slice(0, MOST_NAMES).map((hash) => client.query(NAME, { slug, hash }, { requestPolicy: turn === 0 ? 'cache-first' : 'network-only' }).toPromise())).then((answers) => {
      const found = answers.flatMap(({ data }) => data?.frontend?.documents?.edges.map(({ node }): [string, string] => [node.hash, node.name]) ?? []);
      if (!gone) set(new Map(found));
    });
    return () => {
      gone = true;
    };
  }, [client, slug, wanted, turn]);
  return names;
}

const MOST_NAMES = 20;
