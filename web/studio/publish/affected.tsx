import type { ReactNode } from 'react';
import type { DegradationReason } from '../gql/graphql';
import { and, plural, words } from '../lib/format';

export interface Affected {
  readonly build: { readonly id: string; readonly name: string };
  readonly screens: readonly string[];
  readonly degradations: readonly { readonly blockKey: string; readonly wanted: string; readonly served?: string | null | undefined; readonly reason: DegradationReason }[];
}

function how({ wanted, served, reason }: Affected['degradations'][number]): string {
  if (reason === 'PROJECTED') return `${wanted} without the properties that it does not know`;
  return served ? `${served} instead of ${wanted}` : `nothing instead of ${wanted}`;
}

const SHOWN = 30;

/** Builds in use that cannot render everything as it was made. That is how old builds are served: it informs. */
export function AffectedBuilds({ builds }: { readonly builds: readonly Affected[] }): ReactNode {
  return builds.map(({ build, screens, degradations }) => (
    <details key={build.id} className="affected">
      <summary>Build <bdi>{build.name}</bdi> shows {plural(degradations.length, 'block')} differently <span className="faint">on {and(screens.slice(0, 5).map(words))}{screens.length > 5 && ' and more'}</span></summary>
      <ul>
        {degradations.slice(0, SHOWN).map((degradation, i) => <li key={i}>{words(degradation.blockKey)}: {how(degradation)}</li>)}
        {degradations.length > SHOWN && <li className="faint">and {degradations.length - SHOWN} more</li>}
      </ul>
    </details>
  ));
}
