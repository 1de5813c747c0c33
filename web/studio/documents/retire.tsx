import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import type { SafelistMode } from '../gql/graphql';
import { problemOf } from '../lib/failed';
import { useReturnFocus } from '../lib/focus';
import { plural } from '../lib/format';
import { toast } from '../lib/toast';
import { Ago } from '../ui/ago';
import { RETIRE, type Trusted } from './graph';

interface RetireProps {
  readonly of: Trusted;
  readonly mode: SafelistMode;
  readonly close: () => void;
  readonly done: () => void;
}

/** Asks before a document ends, and says who will notice. */
export function Retire({ of: { id, name, calls, lastUsedAt }, mode, close, done }: RetireProps): ReactNode {
  useReturnFocus();
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, retire] = useMutation(RETIRE);
  const run = async (): Promise<void> => {
    const { data, error } = await retire({ input: { id } });
    setProblem(problemOf(error, data?.documentRetire?.userErrors));
    if (!data?.documentRetire?.document) return;
    toast({ message: <><bdi>{name}</bdi> is retired.</>, tone: 'good' });
    done();
    close();
  };
  return (
    <Modal opened onClose={close} title={<>Retire <bdi>{name}</bdi></>} className="document-dialog">
      <div className="stack">
        <p>{mode === 'ENFORCE' ? 'It is refused from now on, whoever sends it.' : 'It is registered no more: its hash alone is not answered, its text runs as long as nothing is enforced.'} To bring it back, register it again: it keeps its figures.</p>
        <p className="muted">{lastUsedAt ? <>It was used <Ago at={lastUsedAt} />, {plural(calls, 'time')} in all.</> : 'It was never used: nothing will miss it.'}</p>
        <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
        <div className="row">
          <Button variant="default" className="push" onClick={close} data-autofocus>Keep it</Button>
          <Button className="danger" loading={fetching} onClick={() => void run()}>Retire</Button>
        </div>
      </div>
    </Modal>
  );
}
