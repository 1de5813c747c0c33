import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useEffect, useId, useState, type ReactNode } from 'react';
import type { May } from '../access/may';
import type { SafelistMode } from '../gql/graphql';
import { plural } from '../lib/format';
import { useFresh } from '../lib/fresh';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Waiting } from '../ui/waiting';
import { TRUSTED, type Trusted } from './graph';
import { EVERY } from './often';
import { Cli } from './register';
import { Retire } from './retire';
import { Row } from './row';

interface TrustedListProps {
  readonly mode: SafelistMode;
  readonly may: May;
  /** Grows with everything that was registered or retired. */
  readonly times: number;
  readonly done: () => void;
  /** The way to register some. */
  readonly register: ReactNode;
}

/** What is registered, the newest first, a page at a time. */
export function TrustedList({ mode, may, times, done, register }: TrustedListProps): ReactNode {
  const id = useId();
  const { frontend } = useFrontend();
  const [typed, type] = useState('');
  const [query] = useDebouncedValue(typed.trim(), 200);
  // The cursors that led here: the last is that of the page.
  const [trail, go] = useState<readonly string[]>([]);
  const [of, narrow] = useState(query);
  if (of !== query) {
    narrow(query);
    go([]);
  }
  const [{ data, error, fetching }, again] = useFresh({ query: TRUSTED, variables: { slug: frontend.slug, after: trail.at(-1) ?? null, query: query || null }, on: ['DOCUMENTS', 'FRONTEND'] }, EVERY);
  useEffect(() => {
    if (times > 0) again({ requestPolicy: 'network-only' });
  }, [times, again]);
  const [retiring, retire] = useState<Trusted>();
  const page = data?.frontend?.documents;
  const list = page?.edges.map(({ node }) => node) ?? [];
  const none = page?.totalCount === 0 && query === '' && typed === '' && trail.length === 0;
  const { endCursor, hasNextPage } = page?.pageInfo ?? {};
  return (
    <section aria-labelledby={`${id}trusted`} className="card trusted">
      <header>
        <h2 id={`${id}trusted`}>Trusted documents</h2>
        {page && !none && <span className="tag" role="status">{plural(page.totalCount, 'document')}{query !== '' && (page.totalCount === 1 ? ' begins so' : ' begin so')}</span>}
        {!none && <TextInput className="push document-filter" size="xs" type="search" aria-label="Filter: names or hashes that begin with" placeholder="Name begins with…" leftSection={<Search size={14} aria-hidden="true" />} value={typed} onChange={(event) => type(event.currentTarget.value)} spellCheck={false} autoComplete="off" />}
      </header>
      {!page ? (error ? <Away /> : <div className="body"><Waiting rows={4} height={52} /></div>) : none ? (
        <>
          <Empty title="No document is registered yet" actions={register}>
            {mode === 'OFF' ? 'Register the manifest that your client’s tools write. Or let the safelist log: it lists what clients send, and one press registers it.' : mode === 'LOG' ? 'Register the manifest that your client’s tools write, or what is listed above, as soon as clients send it.' : 'Only registered documents run, and there are none: what clients of this frontend send is refused. Register the manifest that their tools write.'}
          </Empty>
          <div className="document-none"><Cli /></div>
        </>
      ) : list.length === 0 ? (
        <p className="muted document-none">{query === '' ? 'There are no more.' : <>No name and no hash begins with “<bdi>{query}</bdi>”.</>}</p>
      ) : (
        <ul className="lines" aria-label="Trusted documents" aria-busy={fetching && of !== query ? true : undefined}>{list.map((entry) => <Row key={entry.id} of={entry} may={may} retire={() => retire(entry)} done={done} />)}</ul>
      )}
      {(hasNextPage || trail.length > 0) && (
        <div className="row document-none document-pages">
          {trail.length > 1 && <Button variant="default" size="compact-md" onClick={() => go([])}>To the newest</Button>}
          {trail.length > 0 && <Button variant="default" size="compact-md" onClick={() => go(trail.slice(0, -1))}>Newer</Button>}
          {hasNextPage && endCursor && <Button variant="default" size="compact-md" className="push" onClick={() => go([...trail, endCursor])}>Older</Button>}
        </div>
      )}
      {retiring && <Retire of={list.find(({ id: own }) => own === retiring.id) ?? retiring} mode={mode} close={() => retire(undefined)} done={done} />}
    </section>
  );
}
