import type { ReactNode } from 'react';
import { graphql } from '../gql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { Environments } from './environments';
import { General } from './general';
import { Me } from './me';
import './settings.css';
import { UsageSetting } from './usagesetting';

const SETTINGS = graphql(`
  query StudioSettings($slug: String!) {
    frontend(slug: $slug) {
      id slug name origins previewUrl usageEnabled
      environments { id key delivery }
    }
  }
`);

/** What belongs to the frontend, and what belongs to this browser. */
export default function Settings(): ReactNode {
  const { frontend } = useFrontend();
  const [{ data, error }] = useLive({ query: SETTINGS, variables: { slug: frontend.slug }, on: ['FRONTEND'] });
  const there = data?.frontend;
  if (!there) return <Page title="Settings">{error ? <Away /> : <Waiting rows={4} height={120} />}</Page>;
  return (
    <Page title="Settings">
      <div className="settings">
        <General key={there.id} frontend={there} />
        <UsageSetting id={there.id} on={there.usageEnabled} />
        <Environments frontend={there.id} environments={there.environments} />
        <Me />
        <section className="card" aria-labelledby="settings-facts">
          <header><h2 id="settings-facts">Facts</h2></header>
          <dl className="facts">
            <dt>Slug</dt><dd><code>{there.slug}</code></dd>
            <dt>Id</dt><dd><code>{there.id}</code></dd>
          </dl>
        </section>
      </div>
    </Page>
  );
}
