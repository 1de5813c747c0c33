import { Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useReturnFocus } from '../lib/focus';
import { toast } from '../lib/toast';
import { settle, type Problem } from '../signin/answer';
import { Form } from '../signin/card';
import { Password } from '../signin/field';
import { CHANGE_PASSWORD } from './documents';

/** A new password for who is signed in. */
export default function ChangePassword({ close }: { readonly close: () => void }): ReactNode {
  useReturnFocus();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, change] = useMutation(CHANGE_PASSWORD);
  const submit = async (): Promise<void> => {
    const { data, error } = await change({ input: { current, new: next } });
    const refused = settle(error, data?.passwordChange);
    setProblem(refused);
    if (refused) return;
    toast({ message: 'The password is changed. Your other sessions have ended.', tone: 'good' });
    close();
  };
  const said = (field: string): string | undefined => (problem?.field === field ? problem.message : undefined);
  const apart = said('current') ?? said('new');
  return (
    <Modal opened onClose={close} title="Change password">
      <Form submit={submit} label="Change it" busy={fetching} problem={apart === undefined ? problem?.message : undefined}>
        <Password label="Current password" value={current} set={setCurrent} error={said('current')} autoFocus />
        <Password label="New password" value={next} set={setNext} fresh error={said('new')} />
        <p className="faint">All your other sessions end.</p>
      </Form>
    </Modal>
  );
}
