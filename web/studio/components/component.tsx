import { SegmentedControl } from '@mantine/core';
import { ArrowLeft } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { graphql } from '../gql';
import type { StudioComponentQuery } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';
import { isObject, own } from '../lib/json';
import { editorOf } from '../shell/places';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { COMPONENTS } from './all';
import './components.css';
import { examplesOf } from './examples';
import { Fallback } from './fallback';
import { Properties } from './properties';
import { Rendered } from './rendered';
import { Support } from './support';

const COMPONENT = graphql(`
  query StudioComponent($slug: String!, $id: ID!) {
    node(id: $id) {
      ... on Component {
        id key title category
        versions { id version propsSchema uiSchema slots fallback examples }
        usedBy { id key title path }
      }
    }
    frontend(slug: $slug) {
      builds(first: 100) { totalCount edges { node { id name registeredAt lastSeenAt components { key version range } } } }
    }
  }
`);

type Node = NonNullable<StudioComponentQuery['node']>;
type ComponentNode = Extract<Node, { key: string }>;
const isComponent = (node: Node): node is ComponentNode => 'versions' in node;
export type Builds = NonNullable<StudioComponentQuery['frontend']>['builds'];

/** One component: its contract, where it can be shown, where it is used. */
export default function Component(): ReactNode {
  const { frontend } = useFrontend();
  const { key = '' } = useParams<{ key: string }>();
  // The graph knows components by id; the address says the key. Page by page until it is found.
  const [after, goOn] = useState<string>();
  const [list] = useLive({ query: COMPONENTS, variables: { slug: frontend.slug, ...(after === undefined ? {} : { after }) }, on: ['COMPONENTS'] });
  const page = list.data?.frontend?.components;
  const id = page?.edges.find(({ node }) => node.key === key)?.node.id;
  if (page && id === undefined && !list.stale && page.pageInfo.hasNextPage && page.pageInfo.endCursor && page.pageInfo.endCursor !== after) goOn(page.pageInfo.endCursor);
  const [{ data, error }] = useLive({ query: COMPONENT, variables: { slug: frontend.slug, id: id ?? '' }, on: ['COMPONENTS', 'SCREENS'], pause: id === undefined });
  const component = data?.node && isComponent(data.node) && data.node.key === key ? data.node : undefined;

  if (!component) {
    if (page && id === undefined && !page.pageInfo.hasNextPage) {
      return <Page title="Components"><Empty title="There is no such component" actions={<Link href={`/${frontend.slug}/components`}>All components</Link>}>No build of this frontend registered <code>{key}</code>.</Empty></Page>;
    }
    return <Page title="Components">{error ?? list.error ? <Away /> : <Waiting rows={6} height={80} />}</Page>;
  }
  return <Detail key={component.id} component={component} builds={data?.frontend?.builds} />;
}

interface DetailProps {
  readonly component: ComponentNode;
  readonly builds: Builds | undefined;
}

function Detail({ component, builds }: DetailProps): ReactNode {
  const { frontend } = useFrontend();
  const [chosen, choose] = useState<string>();
  const version = component.versions.find((entry) => entry.version === chosen) ?? component.versions[0];
  if (!version) return null;
  const description = isObject(version.propsSchema) ? own(version.propsSchema, 'description') : undefined;
  const examples = examplesOf(version.examples);
  return (
    <Page
      title={component.title}
      lead={typeof description === 'string' ? <bdi>{description}</bdi> : undefined}
      actions={component.versions.length > 1 ? (
        <SegmentedControl aria-label="Version" value={version.version} onChange={choose} data={component.versions.slice(0, 6).map((entry) => ({ value: entry.version, label: entry.version }))} />
      ) : <span className="tag">version {version.version}</span>}
    >
      <Link href={`/${frontend.slug}/components`} className="back"><ArrowLeft size={14} aria-hidden="true" /> All components</Link>
      <div className="component">
        <div className="stack">
          {examples.length > 0 && <Rendered key={version.id} component={component.key} version={version.version} slots={version.slots} examples={examples} />}
          <Properties schema={version.propsSchema} hints={version.uiSchema} />
        </div>
        <div className="stack">
          <section className="card" aria-label="Facts">
            <dl className="facts">
              <dt>Key</dt><dd><code>{component.key}</code></dd>
              {component.category && <><dt>Category</dt><dd dir="auto">{component.category}</dd></>}
              <dt>Slots</dt><dd>{version.slots.length > 0 ? version.slots.map((slot, i) => <span key={slot}>{i > 0 && ', '}<code>{slot}</code></span>) : 'none: nothing can be placed in it'}</dd>
            </dl>
          </section>
          <Fallback title={component.title} fallback={version.fallback} />
          <Support component={component.key} versions={component.versions.map((entry) => entry.version)} builds={builds} />
          <section className="card" aria-labelledby="component-used">
            <header><h2 id="component-used">Used on</h2></header>
            {component.usedBy.length === 0 ? <p className="muted">No screen uses it.</p> : (
              <ul className="lines">
                {component.usedBy.map(({ id, key, title, path }) => (
                  <li key={id}><Link href={editorOf(frontend.slug, key)} className="lines-link"><bdi>{title}</bdi> <code className="faint">{path ?? 'shared part'}</code></Link></li>
                ))}
              </ul>
            )}
            {component.usedBy.length === 100 && <p className="muted">The first 100 of them.</p>}
          </section>
        </div>
      </div>
    </Page>
  );
}
