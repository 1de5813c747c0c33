import type { ReactNode } from 'react';
import type { ActivationKind, StudioHomeQuery } from '../gql/graphql';
import { ago, exactly } from '../lib/format';
import './home.css';

type Environment = NonNullable<StudioHomeQuery['frontend']>['environments'][number];

const moved: Record<ActivationKind, string> = { INITIAL: 'live', PUBLISH: 'published', ROLL_BACK: 'rolled back', PROMOTE: 'promoted', SCHEDULED: 'went live as scheduled' };

/** What each environment shows. */
export function Environments({ environments }: { readonly environments: readonly Environment[] }): ReactNode {
  return (
    <ul className="environments" aria-label="Environments">
      {environments.map(({ id, key, live, activations }) => {
        const last = activations.edges[0]?.node;
        return (
          <li key={id} className="card environment">
            <span className="row"><code>{key}</code>{live && <span className="tag" data-tone="accent">live</span>}</span>
            <b>{live ? `Release ${live.number}` : 'Nothing yet'}</b>
            <p className="muted" dir="auto">{live ? live.title : 'The first publish makes a release and shows it here.'}</p>
            {last && <p className="faint" title={exactly(last.at)}>{moved[last.kind]} {ago(last.at)}{last.actor && ` by ${last.actor.name}`}</p>}
          </li>
        );
      })}
    </ul>
  );
}
