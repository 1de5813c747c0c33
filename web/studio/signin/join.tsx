import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useLocation } from 'wouter';
import { settle, type Problem } from './answer';
import { Card, Form } from './card';
import { JOIN } from './documents';
import { Password } from './field';
import { tokenOfPage } from './token';

/** What an invitation or a link for a new password leads to: one sets a password and is in. */
export default function Join(): ReactNode {
  const token = tokenOfPage();
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, accept] = useMutation(JOIN);
  const [, go] = useLocation();
  if (!token) return <NoToken what="link" />;
  const submit = async (): Promise<void> => {
    const { data, error } = await accept({ input: { token, password } });
    const refused = settle(error, data?.memberLinkAccept);
    setProblem(refused);
    if (!refused) go('/', { replace: true });
  };
  const mine = problem?.field === 'password';
  return (
    <Card title="Welcome" lead="Choose a password. You sign in with it from now on; other sessions of yours end." foot="The link works once. If it has ended, an admin can make you a new one.">
      <Form submit={submit} label="Set the password and sign in" busy={fetching} problem={mine ? undefined : problem?.message}>
        <Password label="New password" value={password} set={setPassword} fresh autoFocus error={mine ? problem?.message : undefined} />
      </Form>
    </Card>
  );
}

/** A link without its last part: programs that pass it on cut it off now and then. */
export function NoToken({ what }: { readonly what: string }): ReactNode {
  return (
    <Card title="The link is not whole" lead={`The part behind the # is missing. Copy the whole ${what} and open it again; a page that was loaded again has lost it, too.`}>
      <Button component="a" href="/studio" variant="default" fullWidth size="md">To the studio</Button>
    </Card>
  );
}
