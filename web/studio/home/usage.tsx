import { Button, SegmentedControl } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Link } from 'wouter';
import { Allowed } from '../access/allowed';
import { useMaySet } from '../access/here';
import { graphql } from '../gql';
import type { StudioUsageQuery, UsageWindow } from '../gql/graphql';
import { failed } from '../lib/failed';
import { count } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { toast } from '../lib/toast';
import { useFresh } from '../lib/fresh';
import { editorOf } from '../shell/places';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Waiting } from '../ui/waiting';
import { Chart } from './chart';
import { Trend } from './trend';
import { UsageReleases } from './usagereleases';
import './usage.css';

const USAGE = graphql(`
  query StudioUsage($slug: String!, $environment: String!, $window: UsageWindow!) {
    frontend(slug: $slug) {
      usageEnabled
      usage(environment: $environment, window: $window) {
        total { views clicks renderErrors }
        previous { views clicks renderErrors }
        hours { at count { views clicks renderErrors } }
        screens { screenKey count { views clicks renderErrors } previous { views } }
        blocks { screenKey blockKey count { views clicks renderErrors } }
        releases { release { id number title createdAt } count { views renderErrors } }
        builds { build count { views renderErrors } }
      }
    }
  }
`);

const ENABLE = graphql(`
  mutation StudioUsageEnable($input: FrontendUpdateInput!) {
    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }
  }
`);

export type Usage = NonNullable<StudioUsageQuery['frontend']>['usage'];

export const windows: Record<UsageWindow, { readonly label: string; readonly before: string }> = {
  DAY: { label: '24 hours', before: 'the 24 hours before' },
  WEEK: { label: '7 days', before: 'the 7 days before' },
};

/** What visitors see, click, and what could not be shown to them. */
export default function UsagePanel({ titles }: { readonly titles: ReadonlyMap<string, string> }): ReactNode {
  const { frontend, environment } = useFrontend();
  const [window, choose] = useState<UsageWindow>('DAY');
  const [{ data, error }] = useFresh({ query: USAGE, variables: { slug: frontend.slug, environment: environment.key, window }, on: ['FRONTEND', 'RELEASES'] });
  const there = data?.frontend;
  return (
    <section className="card" aria-labelledby="home-usage">
      <header>
        <h2 id="home-usage">What people use</h2>
        {there?.usageEnabled && (
          <SegmentedControl
            className="push" size="xs" aria-label="How far back" value={window} onChange={(value) => choose(value as UsageWindow)}
            data={[{ value: 'DAY', label: windows.DAY.label }, { value: 'WEEK', label: windows.WEEK.label }]}
          />
        )}
      </header>
      {!there ? (error ? <Away /> : <div className="body"><Waiting rows={3} height={80} /></div>)
        : !there.usageEnabled ? <TurnOn />
          : <Figures usage={there.usage} window={window} titles={titles} />}
    </section>
  );
}

function TurnOn(): ReactNode {
  const may = useMaySet();
  const { frontend } = useFrontend();
  const [{ fetching }, enable] = useMutation(ENABLE);
  const turnOn = async (): Promise<void> => {
    const { data, error } = await enable({ input: { id: frontend.id, usageEnabled: true } });
    if (!failed(error, data?.frontendUpdate?.userErrors)) toast({ message: 'Usage is counted from now on.', tone: 'good' });
  };
  return (
    <Empty title="Usage is not counted" actions={<Allowed may={may}><Button loading={fetching} onClick={() => void turnOn()}>Count usage</Button></Allowed>}>
      Turned on, browsers report how often each screen and block is seen, clicked, or could not be rendered, by release and build: counts by the hour, kept for 15 days. No cookies, no personal data, nothing about who it was. The SDK reports when it is made with <code>usage: true</code>.
    </Empty>
  );
}

function Figures({ usage, window, titles }: { readonly usage: Usage; readonly window: UsageWindow; readonly titles: ReadonlyMap<string, string> }): ReactNode {
  const { total, previous } = usage;
  if (total.views + total.clicks + total.renderErrors + previous.views + previous.renderErrors === 0) {
    return <Empty title="Nothing was seen yet">Usage is counted. Figures come as soon as somebody opens a screen in a frontend whose SDK is made with <code>usage: true</code>; until then there is nothing to show.</Empty>;
  }
  return (
    <div className="usage">
      <dl className="usage-totals">
        <Figure name="Views" now={total.views} before={previous.views} window={window} />
        <Figure name="Clicks" now={total.clicks} before={previous.clicks} window={window} />
        <Figure name="Render errors" now={total.renderErrors} before={previous.renderErrors} window={window} bad />
      </dl>
      <Chart hours={usage.hours} />
      <UsageReleases releases={usage.releases} />
      <div className="usage-tops">
        <Top name="Screens" rows={usage.screens.map(({ screenKey, count: counts, previous: before }) => ({ key: screenKey, screen: screenKey, words: titles.get(screenKey) ?? screenKey, counts, before: before.views }))} window={window} />
        <Top name="Blocks" rows={usage.blocks.map(({ screenKey, blockKey, count: counts }) => ({ key: `${screenKey} ${blockKey}`, screen: screenKey, block: blockKey, words: blockKey, under: titles.get(screenKey) ?? screenKey, counts }))} window={window} />
        {usage.builds.length > 0 && <Builds builds={usage.builds} />}
      </div>
    </div>
  );
}

function Figure({ name, now, before, window, bad = false }: { readonly name: string; readonly now: number; readonly before: number; readonly window: UsageWindow; readonly bad?: boolean }): ReactNode {
  return (
    <div data-bad={(bad && now > 0) || undefined}>
      <dt className="muted">{name}</dt>
      <dd><b>{count(now)}</b> <Trend now={now} before={before} against={windows[window].before} less={bad} /></dd>
    </div>
  );
}

interface Row {
  readonly key: string;
  readonly screen: string;
  readonly block?: string;
  readonly words: string;
  readonly under?: string;
  readonly counts: { readonly views: number; readonly clicks: number; readonly renderErrors: number };
  readonly before?: number;
}

const SHOWN = 6;

function Top({ name, rows, window }: { readonly name: string; readonly rows: readonly Row[]; readonly window: UsageWindow }): ReactNode {
  const { frontend } = useFrontend();
  const [all, showAll] = useState(false);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <div>
      <table className="usage-table">
        <caption className="visually-hidden">{name} in {windows[window].label}, the most viewed first</caption>
        <thead><tr><th scope="col">{name}</th><th scope="col">views</th><th scope="col">clicks</th><th scope="col">errors</th></tr></thead>
        <tbody>
          {shown.map(({ key, screen, block, words, under, counts, before }) => (
            <tr key={key}>
              {/* What an include shows belongs to another screen; on this one it is the include that can be opened. */}
              <th scope="row"><Link href={editorOf(frontend.slug, screen, block?.split('/')[0])}><bdi className="truncate">{words}</bdi></Link>{under && <bdi className="faint truncate">{under}</bdi>}</th>
              <td>{before !== undefined && <Trend now={counts.views} before={before} against={windows[window].before} />} {count(counts.views)}</td>
              <td>{count(counts.clicks)}</td>
              <td className={counts.renderErrors > 0 ? 'danger' : 'faint'}>{count(counts.renderErrors)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN && <Button variant="subtle" color="gray" size="compact-sm" aria-expanded={all} onClick={() => showAll(!all)}>{all ? 'Fewer' : `All ${rows.length}`}</Button>}
    </div>
  );
}

function Builds({ builds }: { readonly builds: Usage['builds'] }): ReactNode {
  return (
    <table className="usage-table">
      <caption className="visually-hidden">By build, the most viewed first</caption>
      <thead><tr><th scope="col">Builds</th><th scope="col">views</th><th scope="col">errors</th></tr></thead>
      <tbody>
        {builds.slice(0, 10).map(({ build, count: counts }) => (
          <tr key={build}>
            <th scope="row">{build ? <bdi className="truncate">{build}</bdi> : <i className="faint">not registered</i>}</th>
            <td>{count(counts.views)}</td>
            <td className={counts.renderErrors > 0 ? 'danger' : 'faint'}>{count(counts.renderErrors)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
