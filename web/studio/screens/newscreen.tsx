import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useLocation } from 'wouter';
import { Allowed, Denied } from '../access/allowed';
import { useMayEdit } from '../access/here';
import { graphql } from '../gql';
import { problemOf } from '../lib/failed';
import { useFrontend } from '../lib/frontend';
import { slugOf } from '../shell/newfrontend';
import { editorOf } from '../shell/places';

const CREATE = graphql(`
  mutation StudioScreenCreate($input: ScreenCreateInput!) {
    screenCreate(input: $input) { screen { key } userErrors { message path } }
  }
`);

/** Makes a screen and opens it. */
export function NewScreen({ close }: { readonly close: () => void }): ReactNode {
  const { frontend } = useFrontend();
  const may = useMayEdit();
  const [title, setTitle] = useState('');
  const [key, setKey] = useState<string>();
  const [path, setPath] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, create] = useMutation(CREATE);
  const [, go] = useLocation();
  const shownKey = key ?? slugOf(title);
  const shownPath = path ?? (shownKey ? `/${shownKey}` : '');

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!may.allowed) return;
    const { data, error } = await create({ input: { frontend: frontend.id, key: shownKey, title: title.trim(), ...(shownPath.trim() ? { path: shownPath.trim() } : {}) } });
    const payload = data?.screenCreate;
    setProblem(problemOf(error, payload?.userErrors));
    if (!payload?.screen) return;
    close();
    go(editorOf(frontend.slug, payload.screen.key));
  };

  return (
    <Modal opened onClose={close} title="New screen">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <TextInput label="Title" placeholder="Summer sale" value={title} onChange={(event) => setTitle(event.currentTarget.value)} required maxLength={200} data-autofocus />
        <TextInput label="Path" description="Where it is shown, for instance /sale or /products/:handle. Empty for a shared part" value={shownPath} onChange={(event) => setPath(event.currentTarget.value)} />
        <TextInput label="Key" description="Its name in code; it stays for good" value={shownKey} onChange={(event) => setKey(event.currentTarget.value)} required maxLength={64} />
        <Denied may={may} />
        {problem && <p role="alert" className="problem">{problem}</p>}
        <div className="row"><span className="push" /><Allowed may={may}><Button type="submit" loading={fetching}>Make it</Button></Allowed></div>
      </form>
    </Modal>
  );
}
