import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useLocation } from 'wouter';
import { settle, type Problem } from './answer';
import { Card, Form } from './card';
import { SET_UP } from './documents';
import { Password } from './field';
import { NoToken } from './join';
import { tokenOfPage } from './token';

/** The first member of a new server. */
export default function Setup(): ReactNode {
  const token = tokenOfPage();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, complete] = useMutation(SET_UP);
  const [, go] = useLocation();
  if (!token) return <NoToken what="set-up link from the server's console" />;
  const submit = async (): Promise<void> => {
    const { data, error } = await complete({ input: { token, email: email.trim(), name: name.trim(), password } });
    const refused = settle(error, data?.setupComplete);
    setProblem(refused);
    if (!refused) go('/', { replace: true });
  };
  const said = (field: string): string | undefined => (problem?.field === field ? problem.message : undefined);
  const whole = problem && ['name', 'email', 'password'].includes(problem.field ?? '') ? undefined : problem?.message;
  return (
    <Card title="Set up Sonata" lead="You become its first admin. Then you invite the others." foot="This works once, with the link that the server wrote to its console.">
      <Form submit={submit} label="Create the admin and sign in" busy={fetching} problem={whole}>
        <TextInput label="Your name" size="md" value={name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={200} autoComplete="name" dir="auto" error={said('name')} autoFocus />
        <TextInput label="Email" type="email" description="You sign in with it. No mail is sent." size="md" value={email} onChange={(event) => setEmail(event.currentTarget.value)} required maxLength={254} autoComplete="username" autoCapitalize="none" spellCheck={false} error={said('email')} />
        <Password label="Password" value={password} set={setPassword} fresh error={said('password')} />
      </Form>
    </Card>
  );
}
