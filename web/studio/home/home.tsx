import { lazy, Suspense, type ReactNode } from 'react';
import { graphql } from '../gql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { Environments } from './environments';
import './home.css';
import { Pending } from './pending';
import { Problems } from './problems';
import { Schedules } from './schedules';

const Usage = lazy(() => import('./usage'));

const HOME = graphql(`
  query StudioHome($slug: String!) {
    frontend(slug: $slug) {
      environments {
        id key
        live { id number title }
        activations(first: 1) { edges { node { id kind at reason actor { name } } } }
        schedules(first: 20) { edges { node { id at state problem release { id number title } } } }
      }
      edited: screens(first: 20, filter: { status: EDITED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }
      added: screens(first: 20, filter: { status: NEW }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }
      deleted: screens(first: 20, filter: { status: DELETED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }
      screens(first: 100) { totalCount edges { node { id key title problems { severity code message blockKey pointer } } } }
    }
  }
`);

/** What is live, what waits, what is wrong, what people use. */
export default function Home(): ReactNode {
  const { frontend } = useFrontend();
  const [{ data, error }] = useLive({ query: HOME, variables: { slug: frontend.slug }, on: ['FRONTEND', 'RELEASES', 'SCHEDULES', 'SCREENS', 'COMPONENTS'] });
  const there = data?.frontend;
  if (!there) return <Page title={frontend.name}>{error ? <Away /> : <Waiting rows={4} height={110} />}</Page>;
  const titles = new Map(there.screens.edges.map(({ node }) => [node.key, node.title]));
  return (
    <Page title={frontend.name}>
      <div className="home">
        <Environments environments={there.environments} />
        <div className="home-columns">
          <Pending lists={[there.edited, there.added, there.deleted]} />
          <div className="stack home-side">
            <Problems screens={there.screens} />
            <Schedules environments={there.environments} />
          </div>
        </div>
        <Suspense fallback={<div className="card"><div className="body"><Waiting rows={3} height={80} /></div></div>}>
          <Usage titles={titles} />
        </Suspense>
      </div>
    </Page>
  );
}
