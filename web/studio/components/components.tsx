import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useLive } from '../lib/activity';
import { plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { COMPONENTS } from './all';
import './components.css';
import { FirstBuild } from './firstbuild';

/** What can be placed on screens, by category. */
export default function Components(): ReactNode {
  const { frontend } = useFrontend();
  const [query, setQuery] = useState('');
  const [{ data, error }] = useLive({ query: COMPONENTS, variables: { slug: frontend.slug }, on: ['COMPONENTS'] });
  const there = data?.frontend?.components;
  if (!there) return <Page title="Components">{error ? <Away /> : <Waiting rows={6} height={52} />}</Page>;
  const wanted = query.trim().toLowerCase();
  const found = there.edges.map(({ node }) => node).filter(({ key, title, category }) => `${key} ${title} ${category ?? ''}`.toLowerCase().includes(wanted));
  const groups = grouped(found);
  return (
    <Page title="Components" lead="What can be placed on screens. Components are code: builds of the frontend register them, with the schema of their props.">
      {there.edges.length === 0 ? (
        <>
          <Empty title="No component yet">A build of your frontend says which components it can render. Register the first one, and designers can place them.</Empty>
          <FirstBuild />
        </>
      ) : (
        <>
          <TextInput className="components-search" aria-label="Search components" placeholder="Search title, key or category" leftSection={<Search size={15} aria-hidden="true" />} value={query} onChange={(event) => setQuery(event.currentTarget.value)} />
          {found.length === 0 && <p className="muted">No component has these words.</p>}
          {[...groups].sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a.localeCompare(b))).map(([category, list], i) => (
            <section key={category} className="components-group" aria-labelledby={`components-${i}`}>
              <h2 id={`components-${i}`} dir="auto">{category || 'Others'}</h2>
              <ul className="components-list">
                {list.map(({ id, key, title, versions }) => (
                  <li key={id} className="card">
                    <Link href={`/${frontend.slug}/components/${encodeURIComponent(key)}`} className="components-row">
                      <b className="truncate" dir="auto">{title}</b>
                      <span className="row"><code className="faint truncate grow">{key}</code><span className="tag">{versions[0]?.version}</span></span>
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {there.pageInfo.hasNextPage && <p className="faint">The first {there.edges.length} of {plural(there.totalCount, 'component')}.</p>}
        </>
      )}
    </Page>
  );
}

function grouped<Entry extends { readonly category?: string | null }>(list: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of list) groups.set(entry.category ?? '', [...(groups.get(entry.category ?? '') ?? []), entry]);
  return groups;
}
