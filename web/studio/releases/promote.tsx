import { Button, Modal, NativeSelect } from '@mantine/core';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed, Denied } from '../access/allowed';
import { useMayPublish } from '../access/here';
import { graphql } from '../gql';
import { problemOf } from '../lib/failed';
import { useReturnFocus } from '../lib/focus';
import { PRODUCTION, useFrontend, type Environment } from '../lib/frontend';
import { onceKey } from '../lib/once';
import { moved, movedWords } from '../publish/moved';

const PROMOTE = graphql(`
  mutation StudioPromote($input: ReleasePromoteInput!) {
    releasePromote(input: $input) {
      activation { id kind release { id number hash } previous { id number } }
      userErrors { message code ... on LiveMoved { live { number } } }
    }
  }
`);

const shows = ({ live }: Environment): string => (live ? `release ${live.number}` : 'nothing');

/** Points one environment at the release that another one shows. */
export default function PromoteDialog({ close }: { readonly close: () => void }): ReactNode {
  useReturnFocus();
  const { frontend } = useFrontend();
  const all = frontend.environments;
  const first = all.find(({ key, live }) => live && key !== PRODUCTION) ?? all.find(({ live }) => live);
  const [from, setFrom] = useState(first?.key ?? '');
  const [to, setTo] = useState(all.find(({ key }) => key === PRODUCTION && key !== first?.key)?.key ?? all.find(({ key }) => key !== first?.key)?.key ?? '');
  const may = useMayPublish(to);
  const [sending, send] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [, promote] = useMutation(PROMOTE);
  const key = useRef({ what: '', key: '' });
  const source = all.find((environment) => environment.key === from);
  const target = all.find((environment) => environment.key === to);
  const possible = source?.live && target && from !== to && source.live.id !== target.live?.id;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (sending || !possible || !may.allowed) return;
    const input = { frontend: frontend.id, from, to, expectedLiveHash: target.live?.hash ?? null };
    const what = JSON.stringify(input);
    if (key.current.what !== what) key.current = { what, key: onceKey() };
    send(true);
    const { data, error } = await promote({ input: { ...input, idempotencyKey: key.current.key } });
    send(false);
    const payload = data?.releasePromote;
    if (payload?.activation) {
      close();
      moved({ frontend: frontend.id, environment: to, activation: payload.activation });
      return;
    }
    const since = payload?.userErrors.find(({ code }) => code === 'LIVE_MOVED');
    setProblem(since ? `${movedWords('live' in since ? since.live?.number : undefined)} in ${to}. What it shows now is said above; to go on all the same, press again.` : error?.networkError ? 'The server does not answer. Nothing is lost: press again once it is back, it is done once.' : problemOf(error, payload?.userErrors));
  };

  return (
    <Modal opened onClose={close} title="Promote">
      <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
        <NativeSelect label="Take what is live in" value={from} onChange={(event) => setFrom(event.currentTarget.value)} data={all.filter(({ live }) => live).map((environment) => ({ value: environment.key, label: `${environment.key} · ${shows(environment)}` }))} data-autofocus />
        <NativeSelect label="And show it in" value={to} onChange={(event) => setTo(event.currentTarget.value)} data={all.map((environment) => ({ value: environment.key, label: `${environment.key} · ${shows(environment)}`, disabled: environment.key === from }))} />
        <p className="muted" role="status">{possible ? <><code>{to}</code> goes from {shows(target)} to release {source.live?.number}, <bdi>{source.live?.title}</bdi>. It is the same release, byte for byte.</> : from === to ? 'Choose two different environments.' : 'Both show the same release already.'}</p>
        <Denied may={may} />
        {problem && <p role="alert" className="problem">{problem}</p>}
        <div className="row">
          <Button variant="default" className="push" onClick={close}>Not now</Button>
          <Allowed may={may}><Button type="submit" loading={sending} disabled={!possible}>Promote to {to}</Button></Allowed>
        </div>
      </form>
    </Modal>
  );
}
