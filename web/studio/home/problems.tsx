import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Severity, StudioHomeQuery } from '../gql/graphql';
import { plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { editorOf } from '../shell/places';

type Screens = NonNullable<StudioHomeQuery['frontend']>['screens'];

const SHOWN = 6;
const weight: Record<Severity, number> = { ERROR: 0, WARNING: 1, INFO: 2 };
const look: Record<Severity, { readonly word: string; readonly tone: string }> = {
  ERROR: { word: 'error', tone: 'danger' },
  WARNING: { word: 'warning', tone: 'warning' },
  INFO: { word: 'note', tone: 'info' },
};

/** What is wrong with the drafts, the worst first, each with the way to its block. */
export function Problems({ screens }: { readonly screens: Screens }): ReactNode {
  const { frontend } = useFrontend();
  const all = screens.edges
    .flatMap(({ node }) => node.problems.map((problem, at) => ({ ...problem, screen: node, id: `${node.id} ${at}` })))
    .sort((a, b) => weight[a.severity] - weight[b.severity]);
  const errors = all.filter(({ severity }) => severity === 'ERROR').length;
  return (
    <section className="card" aria-labelledby="home-problems">
      <header>
        <h2 id="home-problems">Problems</h2>
        {errors > 0 && <span className="tag push" data-tone="danger">{plural(errors, 'error')}</span>}
      </header>
      {all.length === 0 ? <p className="muted home-none">None. Every draft can be published.</p> : (
        <ul className="lines">
          {all.slice(0, SHOWN).map(({ id, severity, message, blockKey, screen }) => (
            <li key={id}>
              <Link href={editorOf(frontend.slug, screen.key, blockKey ?? undefined)} className="home-row">
                <span className="tag" data-tone={look[severity].tone}>{look[severity].word}</span>
                <span className="grow">
                  <span className="clamp" dir="auto">{message}</span>
                  <span className="faint truncate home-where"><bdi>{screen.title}</bdi>{blockKey && <> · <bdi>{blockKey}</bdi></>}</span>
                </span>
              </Link>
            </li>
          ))}
          {all.length > SHOWN && <li className="faint home-row">and {all.length - SHOWN} more, on the screens themselves</li>}
        </ul>
      )}
      {screens.totalCount > screens.edges.length && <p className="faint home-row">Of the first {screens.edges.length} of {screens.totalCount} screens.</p>}
    </section>
  );
}
