import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { StudioHomeQuery } from '../gql/graphql';
import { plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { usePublish } from '../lib/publish';
import { statusWords } from '../lib/status';
import { editorOf } from '../shell/places';
import { Ago } from '../ui/ago';

type List = NonNullable<StudioHomeQuery['frontend']>['edited'];

const SHOWN = 8;

/** Screens that differ from what is live, the latest edit first. */
export function Pending({ lists }: { readonly lists: readonly List[] }): ReactNode {
  const { frontend } = useFrontend();
  const publish = usePublish();
  const total = lists.reduce((sum, list) => sum + list.totalCount, 0);
  const screens = lists.flatMap((list) => list.edges.map(({ node }) => node)).sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1)).slice(0, SHOWN);
  return (
    <section className="card home-pending" aria-labelledby="home-pending">
      <header>
        <h2 id="home-pending">{total === 0 ? 'Waiting to be published' : `${plural(total, 'screen')} to publish`}</h2>
        {total > 0 && (
          <span className="row push">
            <Button component={Link} href={`/${frontend.slug}/changes`} variant="default" size="compact-sm">See changes</Button>
            <Button size="compact-sm" onClick={() => publish()}>Publish</Button>
          </span>
        )}
      </header>
      {total === 0 ? (
        <p className="muted home-none">Every draft is as it is live. What you edit shows up here until it is published.</p>
      ) : (
        <ul className="lines">
          {screens.map(({ id, key, title, status, updatedAt, updatedBy }) => (
            <li key={id}>
              <Link href={editorOf(frontend.slug, key)} className="home-row">
                <b className="truncate grow" dir="auto">{title}</b>
                <span className="tag" data-tone={statusWords[status].tone}>{statusWords[status].word}</span>
                <span className="faint home-when"><Ago at={updatedAt} />{updatedBy && <> by <bdi>{updatedBy.name}</bdi></>}</span>
              </Link>
            </li>
          ))}
          {total > screens.length && <li><Link href={`/${frontend.slug}/changes`} className="home-row">{plural(total - screens.length, 'more screen')}</Link></li>}
        </ul>
      )}
    </section>
  );
}
