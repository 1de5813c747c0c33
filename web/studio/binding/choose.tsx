// Step 1: which of the documents that are registered.
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Check, Search } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { graphql } from '../gql';
import { useLive } from '../lib/activity';
import { plural, sentence } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { Ago } from '../ui/ago';
import { Away } from '../ui/away';
import { Code } from '../ui/code';
import { Empty } from '../ui/empty';
import { Waiting } from '../ui/waiting';
import { shortHash } from './envelope';
import { unusable } from './graph';

const CHOICES = graphql(`
  query StudioBindableList($slug: String!, $first: Int!, $query: String) {
    frontend(slug: $slug) {
      id
      documents(first: $first, query: $query) {
        totalCount
        edges { node { id hash name kind calls lastUsedAt retiredAt valid invalidReason publicMaxAge variables { name required } } }
      }
    }
  }
`);

const PAGE = 50;
const MOST = 100;

interface DocumentStepProps {
  readonly chosen: string | undefined;
  readonly pick: (document: { readonly hash: string; readonly variables: number }) => void;
}

export function DocumentStep({ chosen, pick }: DocumentStepProps): ReactNode {
  const { frontend } = useFrontend();
  const [typed, type] = useState('');
  const [query] = useDebouncedValue(typed.trim(), 200);
  const [first, more] = useState(PAGE);
  const [{ data, error }] = useLive({ query: CHOICES, variables: { slug: frontend.slug, first, query: query === '' ? null : query }, on: ['DOCUMENTS'] });
  const page = data?.frontend?.documents;
  const list = page?.edges.map(({ node }) => ({ ...node, why: unusable(node) })) ?? [];
  const sorted = [...list.filter(({ why }) => why === undefined), ...list.filter(({ why }) => why !== undefined)];
  if (page?.totalCount === 0 && query === '') {
    return (
      <div className="stack">
        <Empty title="No document is registered yet" actions={<Button component="a" href={`/studio/${frontend.slug}/documents`} variant="default">Open documents</Button>}>
          Data comes from the queries that are registered for <bdi>{frontend.name}</bdi>. Register one in the documents view, or from a shell:
        </Empty>
        <Code label="The command that registers documents" text={`sonata documents push --server ${location.origin} --frontend ${frontend.slug} manifest.json`} />
      </div>
    );
  }
  return (
    <div className="stack">
      <TextInput type="search" aria-label="Search documents: names or hashes that begin with" placeholder="Name or hash begins with…" leftSection={<Search size={15} aria-hidden="true" />} value={typed} onChange={(event) => type(event.currentTarget.value)} spellCheck={false} autoComplete="off" data-autofocus />
      {!page ? (error ? <Away /> : <Waiting rows={4} height={56} />) : sorted.length === 0 ? <p className="muted">No name and no hash begins with “<bdi>{query}</bdi>”.</p> : (
        <ul className="binding-documents" aria-label="Documents">
          {sorted.map(({ id, hash, name, calls, lastUsedAt, publicMaxAge, variables, why }) => (
            <li key={id}>
              <button type="button" disabled={why !== undefined} aria-pressed={hash === chosen} onClick={() => pick({ hash, variables: variables.length })}>
                <span className="binding-name"><b className="truncate" dir="auto">{name}</b>{hash === chosen && <Check size={15} aria-hidden="true" />}{publicMaxAge != null && <span className="tag">public</span>}</span>
                <span className="binding-facts faint"><code>{shortHash(hash)}</code><span>{plural(calls, 'call')}</span><span>{lastUsedAt ? <>used <Ago at={lastUsedAt} /></> : 'never used'}</span>{variables.length > 0 && <span>{plural(variables.length, 'variable')}</span>}</span>
                {why !== undefined && <span className="binding-why" dir="auto">{sentence(why)}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
      {page && page.totalCount > list.length && (first < MOST
        ? <Button variant="default" size="compact-md" className="binding-more" onClick={() => more(MOST)}>Show more of {page.totalCount}</Button>
        : <p className="faint">The newest {list.length} of {page.totalCount} are shown: search for the others.</p>)}
    </div>
  );
}
