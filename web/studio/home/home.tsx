import type { ReactNode } from 'react';
import { graphql } from '../gql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { Environments } from './environments';

const HOME = graphql(`
  query StudioHome($slug: String!) {
    frontend(slug: $slug) {
      environments {
        id key
        live { id number title }
        activations(first: 1) { edges { node { id kind at actor { name } } } }
      }
    }
  }
`);

/** What is live, what waits, what people use. */
export default function Home(): ReactNode {
  const { frontend } = useFrontend();
  const [{ data, error }] = useLive({ query: HOME, variables: { slug: frontend.slug }, on: ['FRONTEND', 'RELEASES', 'SCHEDULES', 'SCREENS'] });
  const there = data?.frontend;
  return (
    <Page title={frontend.name}>
      {there ? <Environments environments={there.environments} /> : error ? <Away /> : <Waiting rows={3} height={96} />}
    </Page>
  );
}
