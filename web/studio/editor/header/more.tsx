import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core';
import { Ellipsis } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useClient } from 'urql';
import { useLocation } from 'wouter';
import { Allowed } from '../../access/allowed';
import { failed, problemOf } from '../../lib/failed';
import { useFrontend } from '../../lib/frontend';
import { toast } from '../../lib/toast';
import { editorOf } from '../../shell/places';
import { useEditor } from '../context';
import { useOwn } from '../session/context';
import { bodyOf } from '../model/draft';
import { BRING_BACK, DELETE, DUPLICATE, REVERT } from './documents';

type Asking = 'duplicate' | 'delete' | 'revert';

/** What concerns the screen as a whole and is done seldom. */
export function More(): ReactNode {
  const { screen, may } = useEditor();
  const { facts } = useOwn();
  const { frontend } = useFrontend();
  const [, go] = useLocation();
  const [asking, ask] = useState<Asking>();
  const close = (): void => ask(undefined);
  const live = facts.status !== 'NEW';
  return (
    <>
      <Menu>
        <Menu.Target><ActionIcon aria-label="More for this screen"><Ellipsis size={18} aria-hidden="true" /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => go(`/${frontend.slug}/changes?screen=${encodeURIComponent(screen.key)}`)}>See what changed</Menu.Item>
          <Allowed may={may}><Menu.Item onClick={() => ask('duplicate')}>Duplicate screen…</Menu.Item></Allowed>
          <Menu.Divider />
          <Allowed may={may}><Menu.Item disabled={!live || facts.status === 'IN_SYNC'} onClick={() => ask('revert')}>Go back to what is live…</Menu.Item></Allowed>
          <Allowed may={may}><Menu.Item className="danger" onClick={() => ask('delete')}>Delete screen…</Menu.Item></Allowed>
        </Menu.Dropdown>
      </Menu>
      {asking === 'duplicate' && <Duplicate close={close} />}
      {asking === 'revert' && <Revert close={close} />}
      {asking === 'delete' && <Delete close={close} />}
    </>
  );
}

function Duplicate({ close }: { readonly close: () => void }): ReactNode {
  const { screen } = useEditor();
  const { frontend } = useFrontend();
  const client = useClient();
  const [, go] = useLocation();
  const [title, setTitle] = useState(`${screen.title} copy`.slice(0, 200));
  const [key, setKey] = useState(`${screen.key.slice(0, 59)}-copy`);
  const [path, setPath] = useState(screen.path === null ? '' : `${screen.path === '/' ? '' : screen.path}-copy`.replace(/^-/, '/'));
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { data, error } = await client.mutation(DUPLICATE, { input: { id: screen.id, key, title: title.trim(), ...(path.trim() ? { path: path.trim() } : {}) } }).toPromise();
    const made = data?.screenDuplicate?.screen;
    setProblem(problemOf(error, data?.screenDuplicate?.userErrors));
    if (!made) return;
    close();
    go(editorOf(frontend.slug, made.key));
  };
  return (
    <Modal opened onClose={close} title="Duplicate screen">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <TextInput label="Title" value={title} onChange={(event) => setTitle(event.currentTarget.value)} required maxLength={200} data-autofocus />
        <TextInput label="Path" description="Empty for a shared part" value={path} onChange={(event) => setPath(event.currentTarget.value)} />
        <TextInput label="Key" description="Its name in code; it stays for good" value={key} onChange={(event) => setKey(event.currentTarget.value)} required maxLength={64} />
        {problem && <p role="alert" className="problem">{problem}</p>}
        <div className="row"><Button type="submit" className="push">Duplicate</Button></div>
      </form>
    </Modal>
  );
}

function Revert({ close }: { readonly close: () => void }): ReactNode {
  const { screen } = useEditor();
  const { session } = useOwn();
  const client = useClient();
  const revert = async (): Promise<void> => {
    close();
    const { data, error } = await client.mutation(REVERT, { input: { id: screen.id, expectedVersion: session.view().facts.version } }).toPromise();
    if (!failed(error, data?.screenRevert?.userErrors)) toast({ message: 'The draft is what is live again.' });
    await session.readAgain();
  };
  return (
    <Modal opened onClose={close} title="Go back to what is live?">
      <div className="stack">
        <p>Everything that was changed on this screen since it was published last is given up, whoever changed it.</p>
        <div className="row"><Button variant="default" className="push" onClick={close} data-autofocus>Keep the changes</Button><Button color="red" onClick={() => void revert()}>Go back</Button></div>
      </div>
    </Modal>
  );
}

function Delete({ close }: { readonly close: () => void }): ReactNode {
  const { screen, draft } = useEditor();
  const { facts, session } = useOwn();
  const { frontend } = useFrontend();
  const client = useClient();
  const [, go] = useLocation();
  const bringBack = async (): Promise<void> => {
    const input = { frontend: frontend.id, key: screen.key, title: screen.title, ...(screen.path === null ? {} : { path: screen.path }), body: bodyOf(draft) };
    const { data, error } = await client.mutation(BRING_BACK, { input }).toPromise();
    if (!failed(error, data?.screenCreate?.userErrors)) go(editorOf(frontend.slug, screen.key));
  };
  const remove = async (): Promise<void> => {
    close();
    const { data, error } = await client.mutation(DELETE, { input: { id: screen.id, expectedVersion: session.view().facts.version } }).toPromise();
    if (failed(error, data?.screenDelete?.userErrors)) return;
    toast({ message: `${screen.title} is deleted.`, action: { label: 'Undo', run: () => void bringBack() }, stays: 15_000 });
    go(`/${frontend.slug}/screens`);
  };
  return (
    <Modal opened onClose={close} title="Delete this screen?">
      <div className="stack">
        <p>{facts.status === 'NEW' ? 'It was never published: nobody will miss it.' : 'Visitors see it until the next publish.'} You can take this back.</p>
        <div className="row"><Button variant="default" className="push" onClick={close} data-autofocus>Keep it</Button><Button color="red" onClick={() => void remove()}>Delete</Button></div>
      </div>
    </Modal>
  );
}

/** Instead of the saved state, once somebody deleted the screen that is open here. */
export function Deleted(): ReactNode {
  const { screen, draft, may } = useEditor();
  const { deleted, session } = useOwn();
  const { frontend } = useFrontend();
  const client = useClient();
  if (!deleted) return null;
  const bringBack = async (): Promise<void> => {
    const input = { frontend: frontend.id, key: screen.key, title: screen.title, ...(screen.path === null ? {} : { path: screen.path }), body: bodyOf(draft) };
    const { data, error } = await client.mutation(BRING_BACK, { input }).toPromise();
    if (!failed(error, data?.screenCreate?.userErrors)) await session.readAgain();
  };
  return (
    <div className="bar" role="alert" data-tone="warning">
      <span className="grow">This screen was deleted. What you see is kept here until you leave.</span>
      <Allowed may={may}><Button size="compact-md" onClick={() => void bringBack()}>Bring it back as it is here</Button></Allowed>
    </div>
  );
}
