import { Button, SegmentedControl } from '@mantine/core';
import { SquareArrowOutUpRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { graphql } from '../gql';
import type { StudioApiQuery } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';
import { inGraphiql } from '../lib/graphiql';
import { Ago } from '../ui/ago';
import { Away } from '../ui/away';
import { Code, CopyButton } from '../ui/code';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import './api.css';
import { query, snippets, type Target } from './snippets';

const API = graphql(`
  query StudioApi($slug: String!, $environment: String!) {
    frontend(slug: $slug) {
      routes(environment: $environment) { path }
      builds(first: 20) { totalCount edges { node { id name manifest registeredAt lastSeenAt } } }
    }
  }
`);

/** How a frontend reads its screens. */
export default function Api(): ReactNode {
  const { frontend, environment } = useFrontend();
  const [{ data, error }] = useLive({ query: API, variables: { slug: frontend.slug, environment: environment.key }, on: ['RELEASES', 'COMPONENTS'] });
  const there = data?.frontend;
  if (!there) return <Page title="API">{error ? <Away /> : <Waiting rows={4} height={120} />}</Page>;
  const paths = there.routes.map(({ path }) => path);
  const path = paths.includes('/') ? '/' : paths.find((entry) => !entry.includes(':')) ?? '/';
  const target: Target = { server: location.origin, frontend: frontend.slug, environment: environment.key, path };
  return (
    <Page
      title="API" lead="One GraphQL endpoint. A frontend needs one query: a screen, as its build can render it."
      actions={<Button component="a" href={inGraphiql(query(target))} target="_blank" rel="noopener" variant="default" rightSection={<SquareArrowOutUpRight size={14} aria-hidden="true" />}>Run it in GraphiQL</Button>}
    >
      <div className="api">
        {!environment.live && <p className="tag" data-tone="warning">Nothing is live in {environment.key} yet: publish something, and these answer with it.</p>}
        <Snippets target={target} />
        <div className="api-columns">
          <Endpoints />
          <BuildList builds={there.builds} />
        </div>
      </div>
    </Page>
  );
}

function Snippets({ target }: { readonly target: Target }): ReactNode {
  const [chosen, choose] = useState('curl');
  const all = snippets(target);
  const shown = all.find(({ id }) => id === chosen) ?? all[0];
  if (!shown) return null;
  return (
    <section className="card" aria-labelledby="api-query">
      <header>
        <h2 id="api-query">The one query</h2>
        <SegmentedControl className="push" size="xs" aria-label="Written for" value={chosen} onChange={choose} data={all.map(({ id, name }) => ({ value: id, label: name }))} />
      </header>
      <div className="body stack">
        <p className="muted">{shown.about}</p>
        {shown.install && <Code label="Install" text={shown.install} />}
        <Code label={`Snippet for ${shown.name}`} text={shown.text} />
      </div>
    </section>
  );
}

function Endpoints(): ReactNode {
  const { origin, host, protocol } = location;
  const list: readonly (readonly [name: string, address: string, about: string])[] = [
    ['HTTP', `${origin}/graphql`, 'POST, or GET for queries; answers have entity tags'],
    ['WebSocket', `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`, 'graphql-transport-ws, for subscriptions'],
    ['Server-sent events', `${origin}/graphql`, 'subscriptions with Accept: text/event-stream'],
    ['Readiness', `${origin}/readyz`, 'whether this process may get traffic'],
  ];
  return (
    <section className="card" aria-labelledby="api-endpoints">
      <header><h2 id="api-endpoints">Addresses</h2></header>
      <ul className="lines">
        {list.map(([name, address, about]) => (
          <li key={name} className="api-row">
            <span className="grow"><b>{name}</b><code>{address}</code><span className="faint">{about}</span></span>
            <CopyButton label={`address for ${name}`} text={address} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function BuildList({ builds }: { readonly builds: NonNullable<StudioApiQuery['frontend']>['builds'] }): ReactNode {
  return (
    <section className="card" aria-labelledby="api-builds">
      <header><h2 id="api-builds">Builds</h2></header>
      <p className="muted api-about">A build passes its manifest as <code>context.manifest</code> and gets what it can render; without one, blocks come in the versions that were published. The SDK does it by itself.</p>
      {builds.edges.length === 0 ? <p className="faint api-about">None is registered yet: see Components.</p> : (
        <ul className="lines">
          {builds.edges.map(({ node: { id, name, manifest, registeredAt, lastSeenAt } }) => (
            <li key={id} className="api-row">
              <span className="grow">
                <b><bdi>{name}</bdi></b><code className="truncate">{manifest}</code>
                <span className="faint">registered <Ago at={registeredAt} />, {lastSeenAt ? <>seen <Ago at={lastSeenAt} /></> : 'not seen yet'}</span>
              </span>
              <CopyButton label={`manifest of ${name}`} text={manifest} />
            </li>
          ))}
        </ul>
      )}
      {builds.totalCount > builds.edges.length && <p className="faint api-about">The newest {builds.edges.length} of {builds.totalCount}.</p>}
    </section>
  );
}
