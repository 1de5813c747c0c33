import { useState, type ReactNode } from 'react';
import { graphql } from '../gql';
import { useLive } from '../lib/activity';
import { plural } from '../lib/format';
import { PRODUCTION, useFrontend } from '../lib/frontend';
import { Problems } from '../publish/problems';
import { lines } from '../publish/words';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { JsonToggle } from './jsontoggle';
import { OneScreen } from './onescreen';
import './changes.css';

const CHANGES = graphql(`
  query StudioChanges($slug: String!, $environment: String!) {
    frontend(slug: $slug) {
      environment(key: $environment) { live { id number } }
      publishPlan(environment: $environment) {
        changes { kind key change summary before after }
        problems { severity code message screen blockKey }
      }
    }
  }
`);

/** The drafts against what is live, screen by screen, block by block. */
export default function Changes(): ReactNode {
  const { frontend, environment } = useFrontend();
  const [json, showJson] = useState(false);
  const [{ data, error }] = useLive({ query: CHANGES, variables: { slug: frontend.slug, environment: environment.key }, on: ['SCREENS', 'RELEASES', 'COMPONENTS'] });
  const there = data?.frontend;
  const plan = there?.publishPlan;
  const live = there?.environment?.live;
  const screens = plan?.changes.filter(({ kind }) => kind === 'SCREEN') ?? [];
  const along = plan?.changes.filter(({ kind }) => kind !== 'SCREEN') ?? [];
  const against = live ? `release ${live.number}, live in ${environment.key}` : `${environment.key}, where nothing is live yet`;

  return (
    <Page
      title="Changes"
      lead={plan && screens.length > 0 ? `${plural(screens.length, 'screen')} against ${against}.` : `Drafts against ${against}.`}
      actions={plan && screens.length > 0 && <JsonToggle on={json} turn={showJson} />}
    >
      {!plan ? (error ? <Away /> : <Waiting rows={3} height={140} />) : screens.length === 0 ? (
        <Empty title="Everything is live">What you edit shows up here, word by word, until it is published{environment.key !== PRODUCTION && ` to ${environment.key}`}. Each change can be taken back by itself.</Empty>
      ) : (
        <div className="stack changes">
          <Problems problems={plan.problems.filter(({ code }) => code !== 'BUILD_DEGRADED')} />
          {screens.map((diff) => <OneScreen key={diff.key} diff={diff} json={json} release={live?.id} />)}
          {along.length > 0 && (
            <section className="card" aria-labelledby="changes-along">
              <header><h2 id="changes-along">Comes along</h2></header>
              <ul className="body muted">{along.flatMap((change) => lines(change).slice(0, 20)).map((line, i) => <li key={i} dir="auto">{line}</li>)}</ul>
            </section>
          )}
        </div>
      )}
    </Page>
  );
}
