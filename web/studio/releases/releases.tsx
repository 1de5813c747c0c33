import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Allowed } from '../access/allowed';
import { useMayPublish } from '../access/here';
import { useMayAnywhere } from '../access/may';
import { useFrontend } from '../lib/frontend';
import { usePublish } from '../lib/publish';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { useAddress, type View } from './address';
import { Detail } from './detail';
import './releases.css';
import { useReleases } from './list';
import { Row } from './row';
import { Schedules } from './schedules';
import { useStanding } from './standing';

const Compare = lazy(() => import('./compare'));
const Log = lazy(() => import('./log'));
const PromoteDialog = lazy(() => import('./promote'));
const Time = lazy(() => import('./time'));

const views: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'list', label: 'List' }, { value: 'compare', label: 'Compare' }, { value: 'time', label: 'Through time' }, { value: 'log', label: 'Log' },
];

/** What was published, what each release changed, and the ways back and forth. */
export default function Releases(): ReactNode {
  const { frontend } = useFrontend();
  const publish = usePublish();
  const releases = useReleases();
  const standing = useStanding();
  const address = useAddress();
  const mayPublish = useMayPublish();
  const mayPromote = useMayAnywhere('release:write');
  const [promoting, promote] = useState(false);
  const { list, more, loadMore } = releases;
  const { chosen, view } = address;
  // A link may lead to one that is far back.
  const wanted = chosen !== undefined && list !== undefined && more && (list.at(-1)?.number ?? 0) > chosen;
  useEffect(() => {
    if (wanted) loadMore();
  }, [wanted, loadMore]);
  const shown = chosen === undefined ? list?.[0] : list?.find(({ number }) => number === chosen);
  const canPromote = frontend.environments.length > 1 && frontend.environments.some(({ live }) => live);

  return (
    <Page
      title="Releases"
      lead="Each publish makes one: numbered, whole, never changed again. An environment shows one of them, and goes to another in a moment."
      actions={list && list.length > 0 && (
        <>
          <nav aria-label="How releases are looked at">
            <ul className="views">
              {views.map(({ value, label }) => <li key={value}><Link href={address.at(value)} aria-current={value === view ? 'page' : undefined}>{label}</Link></li>)}
            </ul>
          </nav>
          {canPromote && <Allowed may={mayPromote}><Button variant="default" onClick={() => promote(true)}>Promote</Button></Allowed>}
        </>
      )}
    >
      {!list ? (releases.away ? <Away /> : <Waiting rows={5} height={64} />) : list.length === 0 ? (
        <Empty title="No release yet" actions={<Allowed may={mayPublish}><Button onClick={() => publish()}>Publish</Button></Allowed>}>A publish freezes what you made and shows it. It can be taken back with one press, as often as you like.</Empty>
      ) : view !== 'list' ? (
        <Suspense fallback={<Waiting rows={4} height={64} />}>
          {view === 'compare' ? <Compare releases={releases} address={address} /> : view === 'time' ? <Time list={list} /> : <Log />}
        </Suspense>
      ) : (
        <>
          <Schedules />
          <div className="releases" data-chosen={chosen !== undefined || undefined}>
            <div className="releases-list">
              <ul className="card lines" aria-label="Releases">
                {list.map((release) => <Row key={release.id} release={release} standing={standing} current={release.id === shown?.id} />)}
              </ul>
              {more && <Button variant="subtle" onClick={loadMore} loading={releases.loading}>Show older ones</Button>}
            </div>
            {shown ? <Detail key={shown.id} release={shown} standing={standing} address={address} oldest={list.length === releases.total && shown.id === list.at(-1)?.id} />
              : wanted ? <Waiting rows={3} height={96} /> : <Empty title={`There is no release ${chosen}`}>Choose one of the list.</Empty>}
          </div>
        </>
      )}
      <Suspense>{promoting && <PromoteDialog close={() => promote(false)} />}</Suspense>
    </Page>
  );
}
