import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useLocation } from 'wouter';
import { Allowed, Denied } from '../access/allowed';
import { useMay } from '../access/may';
import { graphql } from '../gql';
import { problemOf } from '../lib/failed';

const CREATE = graphql(`
  mutation StudioFrontendCreate($input: FrontendCreateInput!) {
    frontendCreate(input: $input) { frontend { slug } userErrors { message path } }
  }
`);

/** What a name becomes in addresses. */
export const slugOf = (name: string): string =>
  name.normalize('NFKD').toLowerCase().replace(/[̀-ͯ]/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 64);

/** Registers a frontend and goes there. */
export function NewFrontend({ close }: { readonly close: () => void }): ReactNode {
  const may = useMay('frontends:write');
  const [name, setName] = useState('');
  const [slug, setSlug] = useState<string>();
  const [origin, setOrigin] = useState('');
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, create] = useMutation(CREATE);
  const [, go] = useLocation();

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!may.allowed) return;
    const { data, error } = await create({ input: { slug: slug ?? slugOf(name), name: name.trim(), ...(origin.trim() ? { origins: [origin.trim()] } : {}) } });
    const payload = data?.frontendCreate;
    setProblem(problemOf(error, payload?.userErrors));
    if (!payload?.frontend) return;
    close();
    go(`/${payload.frontend.slug}`);
  };

  return (
    <Modal opened onClose={close} title="Register a frontend">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <TextInput label="Name" placeholder="Customer portal" value={name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={200} data-autofocus />
        <TextInput label="Slug" description="Its name in addresses and code; it stays for good" value={slug ?? slugOf(name)} onChange={(event) => setSlug(event.currentTarget.value)} required maxLength={64} />
        <TextInput label="Origin" description="Where it runs, so that its pages may call this server; more can follow" placeholder="http://localhost:5173" value={origin} onChange={(event) => setOrigin(event.currentTarget.value)} />
        <Denied may={may} />
        {problem && <p role="alert" className="problem">{problem}</p>}
        <div className="row"><span className="push" /><Allowed may={may}><Button type="submit" loading={fetching}>Register</Button></Allowed></div>
      </form>
    </Modal>
  );
}
