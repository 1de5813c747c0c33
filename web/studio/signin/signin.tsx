import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { settle, useWait, type Problem } from './answer';
import { Card, Form } from './card';
import { SIGN_IN } from './documents';
import { Password } from './field';

interface SignInFormProps {
  /** The only address that may sign in here; any when omitted. */
  readonly only?: string | undefined;
}

/** Email and password. What was wrong with them is not told apart. */
export function SignInForm({ only }: SignInFormProps): ReactNode {
  const [email, setEmail] = useState(only ?? '');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, create] = useMutation(SIGN_IN);
  const wait = useWait(problem);
  const submit = async (): Promise<void> => {
    const { data, error } = await create({ input: { email: email.trim(), password } });
    const refused = settle(error, data?.sessionCreate);
    setProblem(refused);
    if (refused && refused.wait === 0) setPassword('');
  };
  return (
    <Form submit={submit} label="Sign in" busy={fetching} wait={wait} problem={problem?.message}>
      <TextInput
        label="Email" type="email" size="md" value={email} onChange={(event) => setEmail(event.currentTarget.value)} required readOnly={only !== undefined} maxLength={254}
        autoComplete="username" autoCapitalize="none" spellCheck={false} {...(only === undefined ? { autoFocus: true } : {})}
      />
      <Password label="Password" value={password} set={setPassword} autoFocus={only !== undefined} />
    </Form>
  );
}

/** For who is not known. Afterwards the page that was asked for is shown: its address stays. */
export default function SignIn(): ReactNode {
  return (
    <Card title="Sign in" lead="to the studio on this server" foot={<>No account, or the password is forgotten? An admin can make you a link. On a new server the link to set it up is on its console.</>}>
      <SignInForm />
    </Card>
  );
}
