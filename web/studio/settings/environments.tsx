import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed, Denied } from '../access/allowed';
import { useMaySet } from '../access/here';
import { denied } from '../access/say';
import { graphql } from '../gql';
import type { DeliveryAccess } from '../gql/graphql';
import { failed, problemOf } from '../lib/failed';
import { toast } from '../lib/toast';

const CREATE = graphql(`
  mutation StudioEnvironmentCreate($input: EnvironmentCreateInput!) {
    environmentCreate(input: $input) { environment { id key } userErrors { message } }
  }
`);

const UPDATE = graphql(`
  mutation StudioEnvironmentUpdate($input: EnvironmentUpdateInput!) {
    environmentUpdate(input: $input) { environment { id delivery } userErrors { message } }
  }
`);

interface EnvironmentsProps {
  readonly frontend: string;
  readonly environments: readonly { readonly id: string; readonly key: string; readonly delivery: DeliveryAccess }[];
}

/** The frontend's environments, and who may read what is live in each. */
export function Environments({ frontend, environments }: EnvironmentsProps): ReactNode {
  const may = useMaySet();
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, create] = useMutation(CREATE);
  const [, update] = useMutation(UPDATE);

  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!may.allowed) return;
    const { data, error } = await create({ input: { frontend, key: key.trim() } });
    const payload = data?.environmentCreate;
    setProblem(problemOf(error, payload?.userErrors));
    if (!payload?.environment) return;
    setKey('');
    toast({ message: `${payload.environment.key} is there. Promote a release to it, or publish to it.`, tone: 'good' });
  };
  const allow = async (id: string, name: string, delivery: DeliveryAccess): Promise<void> => {
    if (denied(may)) return;
    const { data, error } = await update({ input: { id, delivery } });
    if (!failed(error, data?.environmentUpdate?.userErrors)) toast({ message: delivery === 'PUBLIC' ? `Anybody may read ${name}.` : `${name} is for callers with a key.`, tone: 'good' });
  };
  return (
    <section className="card" aria-labelledby="settings-environments">
      <header><h2 id="settings-environments">Environments</h2></header>
      <ul className="lines">
        {environments.map(({ id, key: name, delivery }) => (
          <li key={id} className="row wrap settings-row">
            <code className="grow">{name}</code>
            <SegmentedControl size="xs" aria-label={`Who may read ${name}`} value={delivery} onChange={(value) => void allow(id, name, value as DeliveryAccess)} data={[{ value: 'PUBLIC', label: 'Anybody' }, { value: 'KEY', label: 'With a key' }]} />
          </li>
        ))}
      </ul>
      <div className="body stack">
        <p className="muted">“With a key”: only members and API keys that may read what is live there.</p>
        <Denied may={may} />
        <form className="row settings-add" onSubmit={(event) => void add(event)}>
          <TextInput readOnly={!may.allowed} className="grow" label="New environment" placeholder="test" value={key} onChange={(event) => setKey(event.currentTarget.value)} required maxLength={64} spellCheck={false} />
          <Allowed may={may}><Button type="submit" variant="default" loading={fetching}>Add it</Button></Allowed>
        </form>
        {problem && <p role="alert" className="problem">{problem}</p>}
      </div>
    </section>
  );
}
