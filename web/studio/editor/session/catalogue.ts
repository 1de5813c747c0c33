import type { OperationResult } from '@urql/core';
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import type { StudioEditorCatalogueQuery } from '../../gql/graphql';
import { useActivity } from '../../lib/activity';
import { isObject } from '../../lib/json';
import type { Catalogue, Component } from '../types';
import { CATALOGUE } from './documents';

/** Everything that can be placed; undefined until it is known. It is read again when a build registers. */
export function useCatalogue(slug: string): Catalogue | undefined {
  const client = useClient();
  const [catalogue, set] = useState<Catalogue>();
  const [turn, again] = useState(0);
  useActivity(['COMPONENTS'], () => again((n) => n + 1));
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      const found = new Map<string, Component>();
      let after: string | null = null;
      do {
        const answer: OperationResult<StudioEditorCatalogueQuery> = await client.query(CATALOGUE, { slug, after }, { requestPolicy: 'network-only' }).toPromise();
        if (gone) return;
        const page = answer.data?.frontend?.components;
        if (!page) {
          timer = setTimeout(() => void read(), 2_000);
          return;
        }
        for (const { node } of page.edges) {
          const versions = node.versions.map((version) => {
            const [major = 0, minor = 0] = version.version.split('.').map(Number);
            return { ...version, major, minor, propsSchema: isObject(version.propsSchema) ? version.propsSchema : {}, uiSchema: isObject(version.uiSchema) ? version.uiSchema : null, fallback: version.fallback ?? null, examples: version.examples ?? null };
          });
          found.set(node.key, { key: node.key, title: node.title, category: node.category ?? null, versions });
        }
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      set(found);
    };
    void read();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, slug, turn]);
  return catalogue;
}
