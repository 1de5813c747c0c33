import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Plus, Search } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Allowed } from '../access/allowed';
import { useMayEdit } from '../access/here';
import { graphql } from '../gql';
import type { DraftStatus } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { ago, plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { statusWords } from '../lib/status';
import { editorOf } from '../shell/places';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { NewScreen } from './newscreen';
import './screens.css';

const SCREENS = graphql(`
  query StudioScreens($slug: String!, $filter: ScreenFilter, $after: String) {
    frontend(slug: $slug) {
      screens(first: 100, after: $after, filter: $filter) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id key title path status updatedAt updatedBy { name } problems { severity } } }
      }
    }
  }
`);

type Filter = 'ALL' | Extract<DraftStatus, 'EDITED' | 'NEW' | 'DELETED'>;

/** All screens and shared parts of a frontend. */
export default function Screens(): ReactNode {
  const { frontend } = useFrontend();
  const [query, setQuery] = useState('');
  const [status, setStatus] = useState<Filter>('ALL');
  const [asked] = useDebouncedValue(query.trim(), 150);
  const may = useMayEdit();
  const [making, make] = useState(false);
  const filter = { ...(asked ? { query: asked } : {}), ...(status === 'ALL' ? {} : { status }) };
  const [{ data, error }] = useLive({ query: SCREENS, variables: { slug: frontend.slug, filter }, on: ['SCREENS', 'RELEASES', 'COMPONENTS'] });
  const screens = data?.frontend?.screens;

  return (
    <Page
      title="Screens"
      lead="A screen is what your frontend shows at a path. Shared parts have no path; other screens include them."
      actions={<Allowed may={may}><Button leftSection={<Plus size={16} aria-hidden="true" />} onClick={() => make(true)}>New screen</Button></Allowed>}
    >
      <div className="row wrap screens-filter">
        <TextInput aria-label="Search screens" placeholder="Search title, key or path" leftSection={<Search size={15} aria-hidden="true" />} value={query} onChange={(event) => setQuery(event.currentTarget.value)} className="grow" />
        <SegmentedControl
          aria-label="Which screens" value={status} onChange={(value) => setStatus(value as Filter)}
          data={[{ value: 'ALL', label: 'All' }, { value: 'EDITED', label: 'Edited' }, { value: 'NEW', label: 'New' }, { value: 'DELETED', label: 'Deleted' }]}
        />
      </div>
      {!screens ? (error ? <Away /> : <Waiting rows={5} height={60} />) : screens.edges.length === 0 ? (
        asked || status !== 'ALL'
          ? <Empty title="Nothing matches" actions={<Button variant="default" onClick={() => { setQuery(''); setStatus('ALL'); }}>Show all</Button>}>Look for other words, or in all screens.</Empty>
          : <Empty title="No screen yet" actions={<Allowed may={may}><Button onClick={() => make(true)}>Make the first screen</Button></Allowed>}>A screen begins with one empty page. Insert blocks, look at the preview, publish: whoever has the frontend open sees it at once.</Empty>
      ) : (
        <>
          <ul className="card lines screens" aria-label="Screens">
            {screens.edges.map(({ node }) => {
              const { word, tone } = statusWords[node.status];
              const errors = node.problems.filter(({ severity }) => severity === 'ERROR').length;
              return (
                <li key={node.id}>
                  <Link href={editorOf(frontend.slug, node.key)} className="screen-row">
                    <span className="grow">
                      <b dir="auto">{node.title}</b>
                      <code className="faint" dir="auto">{node.path ?? `shared part · ${node.key}`}</code>
                    </span>
                    {errors > 0 && <span className="tag" data-tone="danger">{plural(errors, 'problem')}</span>}
                    <span className="tag" data-tone={tone}>{word}</span>
                    <span className="faint when">{ago(node.updatedAt)}{node.updatedBy && <> by {node.updatedBy.name}</>}</span>
                  </Link>
                </li>
              );
            })}
          </ul>
          {screens.pageInfo.hasNextPage && <p className="faint screens-more">The first 100 of {screens.totalCount}: search to see others.</p>}
        </>
      )}
      {making && <NewScreen close={() => make(false)} />}
    </Page>
  );
}
