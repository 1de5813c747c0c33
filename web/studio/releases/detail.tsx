import { Button } from '@mantine/core';
import { ArrowLeft } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { Allowed } from '../access/allowed';
import { useMayPublish } from '../access/here';
import { JsonToggle } from '../changes/jsontoggle';
import { graphql } from '../gql';
import { exactly, plural, words } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Waiting } from '../ui/waiting';
import type { Address } from './address';
import { Differences } from './differences';
import type { Release } from './list';
import { Tags } from './row';
import type { Standing } from './standing';

const RollBackDialog = lazy(() => import('./rollback'));

const RELEASE = graphql(`
  query StudioRelease($id: ID!) {
    node(id: $id) {
      ... on Release {
        notes hash
        parent { number title }
        changes { kind key change summary before after }
        items(first: 100) { totalCount edges { node { kind key change } } }
      }
    }
  }
`);

interface DetailProps {
  readonly release: Release;
  readonly standing: Standing | undefined;
  readonly address: Address;
  readonly oldest: boolean;
}

/** One release: why it was made, what it changed, what it holds. */
export function Detail({ release, standing, address, oldest }: DetailProps): ReactNode {
  const { environment } = useFrontend();
  const [{ data, error }] = useQuery({ query: RELEASE, variables: { id: release.id } });
  const may = useMayPublish();
  const [rolling, roll] = useState(false);
  const [json, showJson] = useState(false);
  const there = data?.node && 'changes' in data.node ? data.node : undefined;
  const live = standing?.environments.find(({ key }) => key === environment.key)?.live;
  const back = live && release.number > live.number ? `Make it live again` : `Roll back to this`;

  return (
    <article className="release" aria-labelledby="release-title">
      <Button className="release-back" variant="subtle" color="gray" size="compact-sm" leftSection={<ArrowLeft size={15} aria-hidden="true" />} onClick={() => address.choose(undefined)}>All releases</Button>
      <header className="release-head">
        <div className="row wrap"><span className="faint">Release {release.number}</span><Tags release={release.id} standing={standing} /></div>
        <h2 id="release-title" dir="auto">{release.title}</h2>
        <p className="faint">{exactly(release.createdAt)}{release.author && <> by <bdi>{release.author.name}</bdi></>}{there?.parent && <> · on top of release {there.parent.number}</>}</p>
        {there?.notes && <p className="release-notes" dir="auto">{there.notes}</p>}
        <div className="row wrap">
          {standing?.canReturn(release.id, environment.key) && <Allowed may={may}><Button size="compact-md" variant="default" onClick={() => roll(true)}>{back}</Button></Allowed>}
          {live && live.id !== release.id && <Button size="compact-md" variant="default" onClick={() => address.compare(Math.min(live.number, release.number), Math.max(live.number, release.number))}>Compare with {environment.key}</Button>}
        </div>
      </header>
      {!there ? (error ? <Away /> : <Waiting rows={3} height={96} />) : (
        <>
          <div className="row release-changes">
            <h3 className="grow">{there.parent ? `What changed since release ${there.parent.number}` : oldest ? 'What it began with' : 'What it holds'}</h3>
            <JsonToggle on={json} turn={showJson} />
          </div>
          <Differences changes={there.changes} json={json} heading="h4" />
          <details className="release-items">
            <summary>{plural(there.items.totalCount, 'item')} <span className="faint">in this release</span></summary>
            <ul>
              {there.items.edges.map(({ node }) => <li key={`${node.kind} ${node.key}`} className="row"><span className="grow truncate">{node.kind === 'SCREEN' ? words(node.key) : `${words(node.kind)}`}</span><span className="faint">{node.change.toLowerCase()}</span></li>)}
              {there.items.totalCount > there.items.edges.length && <li className="faint">and {there.items.totalCount - there.items.edges.length} more</li>}
            </ul>
            <p className="faint release-hash">Content <code>{there.hash}</code></p>
          </details>
        </>
      )}
      <Suspense>{rolling && live && <RollBackDialog to={release} close={() => roll(false)} />}</Suspense>
    </article>
  );
}

