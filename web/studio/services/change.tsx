import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { problemOf } from '../lib/failed';
import { useReturnFocus } from '../lib/focus';
import { toast } from '../lib/toast';
import { ROLL_BACK, WITHDRAW, type Check } from './graph';
import { Result } from './result';

interface Refused {
  readonly message: string;
  readonly code: string;
  readonly check?: Check;
}

interface ChangeProps {
  readonly title: ReactNode;
  readonly children: ReactNode;
  readonly label: string;
  readonly send: (allowBreaking: boolean) => Promise<{ readonly done: boolean; readonly refused?: Refused | undefined; readonly problem?: string | undefined }>;
  readonly said: ReactNode;
  readonly close: () => void;
  readonly done?: () => void;
}

/** Asks before a change of the graph, says why it was refused, and asks again where it may be done all the same. */
function Change({ title, children, label, send, said, close, done }: ChangeProps): ReactNode {
  useReturnFocus();
  const [busy, work] = useState(false);
  const [refused, refuse] = useState<Refused>();
  const [problem, setProblem] = useState<string>();
  const breaks = refused?.code === 'BREAKING_CHANGE';
  const run = async (): Promise<void> => {
    work(true);
    const answer = await send(breaks);
    work(false);
    refuse(answer.refused?.check ? answer.refused : undefined);
    setProblem(answer.refused?.check ? undefined : answer.problem);
    if (!answer.done) return;
    toast({ message: said, tone: 'good' });
    done?.();
    close();
  };
  return (
    <Modal opened onClose={close} title={title} size={refused ? '40rem' : 'md'} className="service-dialog">
      <div className="stack">
        <p>{children}</p>
        <div role="alert">
          {problem !== undefined && <p className="problem">{problem}</p>}
          {refused?.check && <Result of={refused.check} refused="Nothing was changed." />}
        </div>
        {breaks && <p className="muted">Do it only when nobody relies on it any more. The audit log keeps what broke, and who wanted it.</p>}
        <div className="row wrap">
          <Button variant="default" className="push" onClick={close} data-autofocus>Leave it</Button>
          {(!refused || breaks) && <Button className="danger" loading={busy} onClick={() => void run()}>{breaks ? `${label} all the same` : label}</Button>}
        </div>
      </div>
    </Modal>
  );
}

interface RollBackProps {
  readonly service: string;
  readonly number: number;
  readonly live: number | undefined;
  readonly close: () => void;
  readonly done: () => void;
}

/** Makes an older version of a schema the live one again. */
export function RollBack({ service, number, live, close, done }: RollBackProps): ReactNode {
  const [, rollBack] = useMutation(ROLL_BACK);
  const send: ChangeProps['send'] = async (allowBreaking) => {
    const { data, error } = await rollBack({ input: { service, toNumber: number, allowBreaking } });
    const payload = data?.subgraphRollBack;
    return { done: Boolean(payload?.service), refused: payload?.userErrors[0], problem: problemOf(error, payload?.userErrors) };
  };
  return (
    <Change title={<>Roll <bdi>{service}</bdi> back to version {number}?</>} label="Roll back" send={send} said={<><bdi>{service}</bdi> is at version {number} of its schema.</>} close={close} done={done}>
      Version {number} of its schema becomes part of the graph again{live === undefined ? '' : `, in place of version ${live}`}. The service itself is not changed: it has to answer what this version promises. The way back is to roll to {live === undefined ? 'another version' : `version ${live}`}.
    </Change>
  );
}

/** Takes a service out of the graph. */
export function Withdraw({ service, close }: { readonly service: string; readonly close: () => void }): ReactNode {
  const [, withdraw] = useMutation(WITHDRAW);
  const send: ChangeProps['send'] = async (allowBreaking) => {
    const { data, error } = await withdraw({ input: { service, allowBreaking } });
    const payload = data?.serviceWithdraw;
    return { done: payload?.withdrawn != null, refused: payload?.userErrors[0], problem: problemOf(error, payload?.userErrors) };
  };
  return (
    <Change title={<>Withdraw <bdi>{service}</bdi>?</>} label="Withdraw" send={send} said={<><bdi>{service}</bdi> is no part of the graph any more.</>} close={close}>
      Its types and fields leave the graph at once. The versions of its schema are kept: publishing it again goes on from there.
    </Change>
  );
}
