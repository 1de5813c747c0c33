import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { sentence } from '../lib/failed';
import { exactly } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { releaseOf } from '../shell/places';
import { Ago } from '../ui/ago';
import type { Environment } from './environments';

const LATELY = 14 * 86_400_000;

/** What goes live by itself, the next first, and what should have and did not. */
export function Schedules({ environments }: { readonly environments: readonly Environment[] }): ReactNode {
  const { frontend } = useFrontend();
  const all = environments.flatMap(({ key, schedules }) => schedules.edges.map(({ node }) => ({ ...node, environment: key })));
  const pending = all.filter(({ state }) => state === 'PENDING').sort((a, b) => (a.at < b.at ? -1 : 1));
  const failed = all.filter(({ state, at }) => state === 'FAILED' && Date.now() - new Date(at).getTime() < LATELY);
  if (pending.length + failed.length === 0) return null;
  return (
    <section className="card" aria-labelledby="home-schedules">
      <header><h2 id="home-schedules">Scheduled</h2></header>
      <ul className="lines">
        {[...failed, ...pending].map(({ id, at, state, problem, release, environment }) => (
          <li key={id}>
            <Link href={releaseOf(frontend.slug, release.number)} className="home-row">
              {state === 'FAILED' && <span className="tag" data-tone="danger">failed</span>}
              <span className="grow">
                <span className="clamp">{state === 'FAILED' ? 'Release' : 'Goes live '}{state === 'PENDING' && <><b><Ago at={at} /></b>: release</>} {release.number}, <bdi>{release.title}</bdi></span>
                <span className="faint home-where">{environment} · {exactly(at)}</span>
                {problem && <span className="home-where danger">{sentence(problem)}</span>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
