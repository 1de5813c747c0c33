import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ActivationKind, StudioHomeQuery } from '../gql/graphql';
import { useFrontend } from '../lib/frontend';
import { releaseOf } from '../shell/places';
import { Ago } from '../ui/ago';

export type Environment = NonNullable<StudioHomeQuery['frontend']>['environments'][number];

const moved: Record<ActivationKind, string> = { INITIAL: 'live', PUBLISH: 'published', ROLL_BACK: 'rolled back', PROMOTE: 'promoted', SCHEDULED: 'went live as scheduled' };

/** What each environment shows, since when, and who did it. */
export function Environments({ environments }: { readonly environments: readonly Environment[] }): ReactNode {
  const { frontend } = useFrontend();
  return (
    <ul className="environments" aria-label="Environments">
      {environments.map(({ id, key, live, activations }) => {
        const last = activations.edges[0]?.node;
        return (
          <li key={id} className="card environment">
            <span className="row"><code>{key}</code>{live && <span className="tag" data-tone="accent">live</span>}</span>
            <b>{live ? <Link href={releaseOf(frontend.slug, live.number)}>Release {live.number}</Link> : 'Nothing yet'}</b>
            <p className="muted clamp" dir="auto">{live ? live.title : 'The first publish makes a release and shows it here.'}</p>
            {last && (
              <p className="faint">
                {moved[last.kind]} <Ago at={last.at} />{last.actor && <> by <bdi>{last.actor.name}</bdi></>}
              </p>
            )}
            {last?.reason && <p className="faint clamp">“<bdi>{last.reason}</bdi>”</p>}
          </li>
        );
      })}
    </ul>
  );
}
