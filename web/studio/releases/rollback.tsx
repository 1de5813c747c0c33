import { Button, Modal, TextInput } from '@mantine/core';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed } from '../access/allowed';
import { useMayPublish } from '../access/here';
import { graphql } from '../gql';
import { problemOf } from '../lib/failed';
import { useReturnFocus } from '../lib/focus';
import { useFrontend } from '../lib/frontend';
import { onceKey } from '../lib/once';
import { moved, movedWords } from '../publish/moved';

const ROLL_BACK = graphql(`
  mutation StudioRollBack($input: ReleaseRollBackInput!) {
    releaseRollBack(input: $input) {
      activation { id kind release { id number hash } previous { id number } }
      userErrors { message code ... on LiveMoved { live { number hash } } }
    }
  }
`);

interface RollBackProps {
  readonly to: { readonly id: string; readonly number: number; readonly title: string };
  readonly close: () => void;
}

/** Points the environment back at a release that it showed before, for a reason. */
export default function RollBackDialog({ to, close }: RollBackProps): ReactNode {
  useReturnFocus();
  const { frontend, environment } = useFrontend();
  const [, rollBack] = useMutation(ROLL_BACK);
  const may = useMayPublish();
  const [sending, send] = useState(false);
  const [seen, see] = useState<{ readonly number: number; readonly hash: string } | null>(environment.live ?? null);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const key = useRef({ what: '', key: '' });

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (sending || !may.allowed || reason.trim() === '') return;
    const input = { frontend: frontend.id, environment: environment.key, toRelease: to.id, reason: reason.trim(), ...(seen ? { expectedLiveHash: seen.hash } : {}) };
    const what = JSON.stringify(input);
    if (key.current.what !== what) key.current = { what, key: onceKey() };
    send(true);
    const { data, error } = await rollBack({ input: { ...input, idempotencyKey: key.current.key } });
    send(false);
    const payload = data?.releaseRollBack;
    if (payload?.activation) {
      close();
      moved({ frontend: frontend.id, environment: environment.key, activation: payload.activation });
      return;
    }
    const since = payload?.userErrors.find(({ code }) => code === 'LIVE_MOVED');
    if (since && 'live' in since && since.live) {
      see(since.live);
      setProblem(`${movedWords(since.live.number)}. Look at what it changed; to go back all the same, press again.`);
    } else setProblem(error?.networkError ? 'The server does not answer. Nothing is lost: press again once it is back, it is done once.' : problemOf(error, payload?.userErrors));
  };

  return (
    <Modal opened onClose={close} title={seen && to.number > seen.number ? `Make release ${to.number} live again` : `Roll back to release ${to.number}`}>
      <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
        <p><code>{environment.key}</code> goes {seen && <>from release {seen.number} </>}to release {to.number}, <b dir="auto">{to.title}</b>, at once. Drafts stay as they are.</p>
        <TextInput label="Reason" description="Whoever looks at the log reads it" placeholder="The prices were wrong" value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={1000} required withAsterisk={false} dir="auto" data-autofocus />
        {problem && <p role="alert" className="problem">{problem}</p>}
        <div className="row">
          <Button variant="default" className="push" onClick={close}>Leave it</Button>
          <Allowed may={may}><Button type="submit" loading={sending} disabled={reason.trim() === ''}>{seen && to.number > seen.number ? 'Make it live' : 'Roll back'}</Button></Allowed>
        </div>
      </form>
    </Modal>
  );
}
