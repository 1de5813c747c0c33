import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useReturnFocus } from '../lib/focus';
import { problemOf } from '../lib/failed';
import { toast } from '../lib/toast';
import { UPDATE, type Member } from './documents';
import { chosenOf, Grants, inputOf } from './grants';

interface ChangeProps {
  readonly member: Member;
  /** Nobody changes their own grants. */
  readonly self: boolean;
  readonly close: () => void;
  readonly done: () => void;
}

/** A member's name, and what the member may do. */
export function Change({ member, self, close, done }: ChangeProps): ReactNode {
  useReturnFocus();
  const [name, setName] = useState(member.name);
  const [grants, setGrants] = useState(() => chosenOf(member.grants));
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, update] = useMutation(UPDATE);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const changed = JSON.stringify(grants) !== JSON.stringify(chosenOf(member.grants));
    const { data, error } = await update({ input: { id: member.id, ...(name.trim() === member.name ? {} : { name: name.trim() }), ...(changed ? { grants: grants.map(inputOf) } : {}) } });
    setProblem(problemOf(error, data?.memberUpdate?.userErrors));
    if (!data?.memberUpdate?.member) return;
    toast({ message: `${data.memberUpdate.member.name} is changed. Open sessions follow within seconds.`, tone: 'good' });
    done();
    close();
  };
  return (
    <Modal opened onClose={close} title={`Change ${member.name}`} size="lg">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={200} dir="auto" data-autofocus />
        {self ? <p className="muted">Nobody changes what they may do themselves: another admin can.</p> : <Grants value={grants} set={setGrants} />}
        <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
        <div className="row"><Button variant="default" className="push" onClick={close}>Cancel</Button><Button type="submit" loading={fetching}>Save</Button></div>
      </form>
    </Modal>
  );
}
