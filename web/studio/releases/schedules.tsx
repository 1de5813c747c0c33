import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed } from '../access/allowed';
import { useMayPublish } from '../access/here';
import { graphql } from '../gql';
import { useLive } from '../lib/activity';
import { failed, sentence } from '../lib/failed';
import { PRODUCTION, useFrontend } from '../lib/frontend';
import { toast } from '../lib/toast';
import { momentWords } from '../publish/moment';
import { CANCEL } from '../publish/plan';
import { Ago } from '../ui/ago';

const SCHEDULES = graphql(`
  query StudioSchedules($slug: String!) {
    frontend(slug: $slug) {
      environments { key schedules(first: 20) { edges { node { id at state problem release { number title } } } } }
    }
  }
`);

/** How long a failure is told here. */
const LATELY = 14 * 86_400_000;

/** What goes live by itself, and what should have and did not. */
export function Schedules(): ReactNode {
  const { frontend } = useFrontend();
  const [{ data }] = useLive({ query: SCHEDULES, variables: { slug: frontend.slug }, on: ['SCHEDULES', 'RELEASES'] });
  const [, cancel] = useMutation(CANCEL);
  const all = (data?.frontend?.environments ?? []).flatMap(({ key, schedules }) => schedules.edges.map(({ node }) => ({ ...node, environment: key })))
    .filter(({ state, at }) => state === 'PENDING' || (state === 'FAILED' && Date.now() - new Date(at).getTime() < LATELY))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  if (all.length === 0) return null;

  const callOff = async (id: string, number: number): Promise<void> => {
    const { data: answer, error } = await cancel({ input: { id } });
    if (!failed(error, answer?.releaseScheduleCancel?.userErrors)) toast({ message: `Release ${number} does not go live by itself any more. It stays in the list.` });
  };

  return (
    <section className="card schedules" aria-labelledby="schedules">
      <header><h2 id="schedules">Scheduled</h2></header>
      <ul className="lines">
        {all.map(({ id, at, state, problem, release, environment }) => (
          <li key={id} className="schedule">
            <span className="grow">
              {state === 'PENDING'
                ? <>Release {release.number}, <bdi>{release.title}</bdi>, goes live <b><Ago at={at} /></b></>
                : <><span className="tag" data-tone="danger">failed</span> Release {release.number}, <bdi>{release.title}</bdi>, did not go live</>}
              <span className="faint">{momentWords(new Date(at))}{environment !== PRODUCTION && ` · ${environment}`}</span>
              {problem && <span className="schedule-problem">{sentence(problem)}</span>}
            </span>
            {state === 'PENDING' && <Cancel environment={environment} number={release.number} run={() => void callOff(id, release.number)} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cancel({ environment, number, run }: { readonly environment: string; readonly number: number; readonly run: () => void }): ReactNode {
  return <Allowed may={useMayPublish(environment)}><Button size="compact-sm" variant="default" onClick={run} aria-label={`Cancel the schedule of release ${number}`}>Cancel</Button></Allowed>;
}
