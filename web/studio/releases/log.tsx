import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { graphql } from '../gql';
import type { StudioLogQuery } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { duration, plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { releaseOf } from '../shell/places';
import { Ago } from '../ui/ago';
import { Away } from '../ui/away';
import { Waiting } from '../ui/waiting';

const LOG = graphql(`
  query StudioLog($slug: String!, $environment: String!, $after: String) {
    frontend(slug: $slug) {
      environment(key: $environment) {
        activations(first: 50, after: $after) {
          pageInfo { hasNextPage endCursor }
          edges { node { id kind sequence at reason actor { name } release { number title } previous { number } delivery { frontends lastMs } } }
        }
      }
    }
  }
`);

/** Every move of the environment. */
export default function Log(): ReactNode {
  const { environment } = useFrontend();
  const [pages, setPages] = useState<readonly string[]>(['']);
  return (
    <section aria-label={`What happened in ${environment.key}`} className="stack">
      <ol className="card lines log">
        {pages.map((after, i) => <LogPage key={`${environment.key} ${after}`} after={after} last={i === pages.length - 1} more={(cursor) => setPages([...pages, cursor])} />)}
      </ol>
    </section>
  );
}

interface LogPageProps {
  readonly after: string;
  readonly last: boolean;
  readonly more: (cursor: string) => void;
}

function LogPage({ after, last, more }: LogPageProps): ReactNode {
  const { frontend, environment } = useFrontend();
  const [{ data, error }] = useLive({ query: LOG, variables: { slug: frontend.slug, environment: environment.key, ...(after ? { after } : {}) }, on: ['RELEASES'] });
  const page = data?.frontend?.environment?.activations;
  if (!page) return <li className="log-row">{error ? <Away /> : <Waiting rows={4} />}</li>;
  if (page.edges.length === 0) return <li className="log-row muted">Nothing is live in {environment.key} yet.</li>;
  return (
    <>
      {page.edges.map(({ node: { id, kind, at, reason, actor, release, previous, delivery } }) => (
        <li key={id} className="log-row">
          <span className="grow">
            <Told kind={kind} release={<Link href={releaseOf(frontend.slug, release.number)}>{kind === 'ROLL_BACK' ? 'release' : 'Release'} {release.number}</Link>} previous={previous?.number} />
            <span className="muted truncate log-title" dir="auto">{release.title}</span>
            {reason && <q dir="auto">{reason}</q>}
          </span>
          <span className="faint log-when">
            <span><Ago at={at} />{actor && <> by <bdi>{actor.name}</bdi></>}</span>
            {delivery && delivery.frontends > 0 && <span>to {plural(delivery.frontends, 'open frontend')}{delivery.lastMs !== null && delivery.lastMs !== undefined && ` in ${duration(delivery.lastMs)}`}</span>}
          </span>
        </li>
      ))}
      {last && page.pageInfo.hasNextPage && page.pageInfo.endCursor && <li className="log-row"><Button variant="subtle" size="compact-sm" onClick={() => more(page.pageInfo.endCursor ?? '')}>Show older ones</Button></li>}
    </>
  );
}

type Kind = NonNullable<NonNullable<StudioLogQuery['frontend']>['environment']>['activations']['edges'][number]['node']['kind'];

function Told({ kind, release, previous }: { readonly kind: Kind; readonly release: ReactNode; readonly previous: number | undefined }): ReactNode {
  const before = previous !== undefined && <span className="faint"> after release {previous}</span>;
  switch (kind) {
    case 'ROLL_BACK': return <>Back to {release}{previous !== undefined && <span className="faint"> from release {previous}</span>}</>;
    case 'PROMOTE': return <>{release} promoted here{before}</>;
    case 'SCHEDULED': return <>{release} went live as scheduled{before}</>;
    default: return <>{release} published{before}</>;
  }
}
