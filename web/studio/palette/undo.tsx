import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation, useQuery } from 'urql';
import { Allowed } from '../access/allowed';
import { useMayPublish } from '../access/here';
import { graphql } from '../gql';
import { useReturnFocus } from '../lib/focus';
import { problemOf } from '../lib/failed';
import { useFrontend } from '../lib/frontend';
import { Waiting } from '../ui/waiting';

const LAST = graphql(`
  query StudioUndoLast($slug: String!, $environment: String!) {
    frontend(slug: $slug) {
      environment(key: $environment) {
        live { id number hash title }
        activations(first: 1) { edges { node { id kind previous { id number title } } } }
      }
    }
  }
`);

const ROLL_BACK = graphql(`
  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {
    releaseRollBack(input: $input) {
      activation { id kind release { id number hash } previous { id number } }
      userErrors { message }
    }
  }
`);

/** Takes the last move of the environment back, after saying what that means. */
export function UndoPublish({ close }: { readonly close: () => void }): ReactNode {
  useReturnFocus();
  const { frontend, environment } = useFrontend();
  const [{ data, error }] = useQuery({ query: LAST, variables: { slug: frontend.slug, environment: environment.key }, requestPolicy: 'network-only' });
  const [{ fetching }, rollBack] = useMutation(ROLL_BACK);
  const may = useMayPublish();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const there = data?.frontend?.environment;
  const live = there?.live;
  const to = there?.activations.edges[0]?.node.previous;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!live || !to || !may.allowed) return;
    const answer = await rollBack({ input: { frontend: frontend.id, environment: environment.key, toRelease: to.id, reason: reason.trim() || 'Undone', expectedLiveHash: live.hash } });
    const payload = answer.data?.releaseRollBack;
    setProblem(problemOf(answer.error, payload?.userErrors));
    if (!payload?.activation) return;
    const { activation } = payload;
    void import('../publish/moved').then(({ moved }) => moved({ frontend: frontend.id, environment: environment.key, activation }));
    close();
  };

  return (
    <Modal opened onClose={close} title="Undo the last publish">
      {!data ? (error ? <p className="muted">The server does not answer. Try again in a moment.</p> : <Waiting rows={2} />) : !live || !to ? (
        <div className="stack">
          <p>There is nothing to go back to: {live ? `release ${live.number} is the first that ${environment.key} shows` : `nothing is live in ${environment.key}`}.</p>
          <div className="row"><Button variant="default" className="push" onClick={close} autoFocus data-autofocus>Close</Button></div>
        </div>
      ) : (
        <form className="stack" onSubmit={(event) => void submit(event)}>
          <p><code>{environment.key}</code> goes from release {live.number} back to release {to.number}, <b dir="auto">{to.title}</b>. Drafts stay as they are.</p>
          <TextInput label="Why" description="Kept beside the release; may be empty" value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={1000} autoFocus data-autofocus />
          {problem && <p role="alert" className="problem">{problem}</p>}
          <div className="row"><Button variant="default" className="push" onClick={close}>Leave it live</Button><Allowed may={may}><Button type="submit" loading={fetching}>Go back to release {to.number}</Button></Allowed></div>
        </form>
      )}
    </Modal>
  );
}
