import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useReturnFocus } from '../lib/focus';
import { problemOf, sentence } from '../lib/failed';
import { INVITE } from './documents';
import { Grants, inputOf, type Chosen } from './grants';
import { Link, type Handed } from './link';

interface InviteProps {
  readonly close: () => void;
  /** A new member is there. */
  readonly done: () => void;
}

/** Asks whom to invite and for what, then shows the link once. */
export function Invite({ close, done }: InviteProps): ReactNode {
  useReturnFocus();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [grants, setGrants] = useState<readonly Chosen[]>([{ role: 'DESIGNER', frontend: '', environments: [] }]);
  const [problem, setProblem] = useState<{ readonly field?: string | undefined; readonly message: string }>();
  const [handed, hand] = useState<Handed>();
  const [{ fetching }, invite] = useMutation(INVITE);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { data, error } = await invite({ input: { name: name.trim(), email: email.trim(), grants: grants.map(inputOf) } });
    const payload = data?.memberInvite;
    const message = problemOf(error, payload?.userErrors);
    setProblem(message === undefined ? undefined : { field: ['name', 'email'].find((field) => payload?.userErrors[0]?.path?.includes(field)), message: sentence(message) });
    if (!payload?.member || !payload.link || !payload.expiresAt) return;
    hand({ link: payload.link, expiresAt: payload.expiresAt, name: payload.member.name, invited: true });
    done();
  };
  const said = (field: string): string | undefined => (problem?.field === field ? problem.message : undefined);
  return (
    <Modal opened onClose={close} title={handed ? 'The invitation' : 'Invite somebody'} size="lg" closeOnClickOutside={!handed}>
      {handed ? <Link handed={handed} close={close} /> : (
        <form className="stack" onSubmit={(event) => void submit(event)}>
          <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={200} dir="auto" autoComplete="off" error={said('name')} data-autofocus />
          <TextInput label="Email" type="email" description="They sign in with it; no mail is sent" value={email} onChange={(event) => setEmail(event.currentTarget.value)} required maxLength={254} autoComplete="off" spellCheck={false} error={said('email')} />
          <Grants value={grants} set={setGrants} />
          <div role="alert">{problem && problem.field === undefined && <p className="problem">{problem.message}</p>}</div>
          <div className="row"><Button variant="default" className="push" onClick={close}>Cancel</Button><Button type="submit" loading={fetching}>Make the invitation</Button></div>
        </form>
      )}
    </Modal>
  );
}
