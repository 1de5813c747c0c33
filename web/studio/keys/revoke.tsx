import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMutation, useQuery } from 'urql';
import { holdsAnywhere } from '../access/may';
import { useViewer } from '../access/viewer';
import { problemOf } from '../lib/failed';
import { useReturnFocus } from '../lib/focus';
import { words } from '../lib/format';
import { toast } from '../lib/toast';
import { Ago } from '../ui/ago';
import { LAST_CHANGE, REVOKE, type Key } from './documents';

interface RevokeProps {
  readonly of: Key;
  readonly close: () => void;
  readonly done: () => void;
}

/** Asks before a key ends for good, and says who will notice. */
export function Revoke({ of: key, close, done }: RevokeProps): ReactNode {
  useReturnFocus();
  const viewer = useViewer();
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, revoke] = useMutation(REVOKE);
  const [{ data: log }] = useQuery({ query: LAST_CHANGE, variables: { key: key.id }, pause: !viewer || !holdsAnywhere(viewer, 'audit:read'), requestPolicy: 'network-only' });
  const change = log?.auditLog?.edges[0]?.node;
  const run = async (): Promise<void> => {
    const { data, error } = await revoke({ input: { id: key.id } });
    setProblem(problemOf(error, data?.apiKeyRevoke?.userErrors));
    if (!data?.apiKeyRevoke?.apiKey) return;
    toast({ message: `${key.name} is revoked. Requests with it are refused from now on.`, tone: 'good' });
    done();
    close();
  };
  return (
    <Modal opened onClose={close} title={<>Revoke <bdi>{key.name}</bdi></>} className="key-dialog">
      <div className="stack">
        <p>Requests with <code className="key-prefix">{key.prefix}…</code> are refused at once, open streams end within seconds. This cannot be taken back.</p>
        <dl className="key-facts">
          <dt>Last used</dt>
          <dd>{key.lastUsedAt ? <><Ago at={key.lastUsedAt} />, by <bdi>{key.name}</bdi></> : 'Never: nothing will miss it'}</dd>
          {change && <><dt>Last change</dt><dd>{words(change.action)}{change.subjectLabel && <>, <bdi>{change.subjectLabel}</bdi></>}, <Ago at={change.at} /></dd></>}
          <dt>Made</dt>
          <dd>{key.createdBy && <>by <bdi>{key.createdBy.name}</bdi>, </>}<Ago at={key.createdAt} /></dd>
        </dl>
        {key.lastUsedAt && !key.rotatedAt && <p className="muted">To change the secret without an interruption, rotate it instead.</p>}
        <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
        <div className="row">
          <Button variant="default" className="push" onClick={close} data-autofocus>Keep it</Button>
          <Button className="danger" loading={fetching} onClick={() => void run()}>Revoke</Button>
        </div>
      </div>
    </Modal>
  );
}
