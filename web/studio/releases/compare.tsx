import { ActionIcon, NativeSelect, Tooltip } from '@mantine/core';
import { ArrowRightLeft } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { JsonToggle } from '../changes/jsontoggle';
import { graphql } from '../gql';
import { Away } from '../ui/away';
import { Waiting } from '../ui/waiting';
import type { Address } from './address';
import { Differences } from './differences';
import type { Release, Releases } from './list';

const COMPARE = graphql(`
  query StudioCompare($id: ID!, $against: ID!) {
    node(id: $id) { ... on Release { changes(against: $against) { kind key change summary before after } } }
  }
`);

const nameOf = ({ number, title }: Release): string => `${number} · ${title}`;

/** Any two releases side by side. */
export default function Compare({ releases, address }: { readonly releases: Releases; readonly address: Address }): ReactNode {
  const { more, loadMore } = releases;
  const list = releases.list ?? [];
  const [json, showJson] = useState(false);
  const [oldest, newest] = [list[1] ?? list[0], list[0]];
  const [from, to] = address.pair ?? [oldest?.number ?? 0, newest?.number ?? 0];
  const missing = more && (list.at(-1)?.number ?? 0) > Math.min(from, to);
  useEffect(() => {
    if (missing) loadMore();
  }, [missing, loadMore]);
  const before = list.find(({ number }) => number === from);
  const after = list.find(({ number }) => number === to);
  const options = list.map((release) => ({ value: String(release.number), label: nameOf(release) }));
  return (
    <>
      <div className="row wrap compare-pick">
        <NativeSelect label="Before" className="grow" value={String(from)} onChange={(event) => address.compare(Number(event.currentTarget.value), to)} data={options} />
        <Tooltip label="Swap the two"><ActionIcon size="lg" variant="default" className="compare-swap" aria-label="Swap the two" onClick={() => address.compare(to, from)}><ArrowRightLeft size={16} aria-hidden="true" /></ActionIcon></Tooltip>
        <NativeSelect label="After" className="grow" value={String(to)} onChange={(event) => address.compare(from, Number(event.currentTarget.value))} data={options} />
      </div>
      <div className="row release-changes">
        <h2 className="grow">{from === to ? 'Choose two' : `From release ${from} to release ${to}`}</h2>
        <JsonToggle on={json} turn={showJson} />
      </div>
      {before && after ? <Two before={before} after={after} json={json} /> : missing ? <Waiting rows={3} height={96} /> : <p className="card body muted">One of the two is not there. Choose another.</p>}
      {more && <p className="faint compare-more">Older ones are in the list once they were shown there.</p>}
    </>
  );
}

function Two({ before, after, json }: { readonly before: Release; readonly after: Release; readonly json: boolean }): ReactNode {
  const [{ data, error }] = useQuery({ query: COMPARE, variables: { id: after.id, against: before.id } });
  const there = data?.node && 'changes' in data.node ? data.node.changes : undefined;
  if (!there) return error ? <Away /> : <Waiting rows={3} height={96} />;
  return <Differences changes={there} json={json} heading="h3" />;
}
