import { Button } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { plural } from '../lib/format';
import { problemOf } from '../lib/failed';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Waiting } from '../ui/waiting';
import { searchOf, variablesOf, type Address } from './address';
import { Days } from './days';
import { LOG, type Entry } from './documents';
import { usePages, type Edge } from './pages';
import { Row } from './row';

interface LogProps {
  readonly address: Address;
  /** Is told of what is shown. */
  readonly note: (entries: readonly Entry[]) => void;
}

/** The entries that the address asks for, the newest first. */
export function Log({ address, note }: LogProps): ReactNode {
  const { filter, narrow, clear } = address;
  const { edges, total, error, more, loading, loadMore } = usePages({ query: LOG, variables: variablesOf(filter), of: (data) => data.auditLog, pause: false });
  useEffect(() => {
    if (edges) note(edges.map(({ node }) => node));
  }, [edges, note]);
  if (!edges) return !error ? <Waiting rows={6} height={52} /> : error.networkError ? <Away /> : <Empty title="The log could not be read">{problemOf(error)}</Empty>;
  const narrowed = searchOf(filter) !== '';
  const all = narrowed && <Button variant="default" onClick={clear}>Show every entry</Button>;
  if (edges.length === 0) {
    return narrowed
      ? <Empty title="Nothing matches" actions={all}>No entry meets all of these conditions at once. Take one away, or look at another time.</Empty>
      : <Empty title="Nothing was changed yet">As soon as somebody edits, publishes or invites, it stands here with who it was.</Empty>;
  }
  return (
    <div className="stack">
      <div className="row audit-count">
        <p className="muted" role="status">{plural(total, 'entry', 'entries')}{narrowed && (total === 1 ? ' matches' : ' match')}</p>
        {narrowed && <Button variant="subtle" size="compact-sm" onClick={clear}>Clear the filters</Button>}
      </div>
      <Days items={edges} at={({ node }: Edge<Entry>) => node.at}>{({ node }) => <Row key={node.id} entry={node} narrow={narrow} />}</Days>
      {more && <div className="row"><Button variant="default" onClick={loadMore} loading={loading}>Show older ones</Button></div>}
    </div>
  );
}
