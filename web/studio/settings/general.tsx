import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed, Denied } from '../access/allowed';
import { useMaySet } from '../access/here';
import { graphql } from '../gql';
import { problemOf, sentence } from '../lib/failed';
import { toast } from '../lib/toast';

const UPDATE = graphql(`
  mutation StudioFrontendUpdate($input: FrontendUpdateInput!) {
    frontendUpdate(input: $input) { frontend { id name origins previewUrl } userErrors { message path } }
  }
`);

interface GeneralProps {
  readonly frontend: { readonly id: string; readonly name: string; readonly origins: readonly string[]; readonly previewUrl?: string | null };
}

interface Refusal { readonly message: string; readonly path?: readonly string[] | null }

/** Name, origins and preview URL: what is written is kept until it is saved, whatever others save meanwhile. */
export function General({ frontend }: GeneralProps): ReactNode {
  const may = useMaySet();
  const [name, setName] = useState<string>();
  const [origins, setOrigins] = useState<readonly string[]>();
  const [preview, setPreview] = useState<string>();
  const [refusals, refuse] = useState<readonly Refusal[]>([]);
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, update] = useMutation(UPDATE);
  const list = useRef<HTMLUListElement>(null);
  const shownOrigins = origins ?? (frontend.origins.length > 0 ? frontend.origins : ['']);
  const changed = name !== undefined || origins !== undefined || preview !== undefined;

  const forget = (): void => {
    setName(undefined);
    setOrigins(undefined);
    setPreview(undefined);
    refuse([]);
    setProblem(undefined);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!may.allowed) return;
    const { data, error } = await update({
      input: {
        id: frontend.id,
        ...(name === undefined ? {} : { name: name.trim() }),
        ...(origins === undefined ? {} : { origins: origins.map((entry) => entry.trim()).filter(Boolean) }),
        ...(preview === undefined ? {} : { previewUrl: preview.trim() || null }),
      },
    });
    const payload = data?.frontendUpdate;
    refuse(payload?.userErrors ?? []);
    // What belongs to a field is said there; the rest below.
    setProblem(problemOf(error, (payload?.userErrors ?? []).filter(({ path }) => !fieldOf(path))));
    if (!payload?.frontend) return;
    forget();
    toast({ message: 'Saved.', tone: 'good' });
  };
  const said = (field: string): string | undefined => {
    const found = refusals.find(({ path }) => fieldOf(path) === field);
    return found && sentence(found.message);
  };
  // The server quotes the origin that it refuses.
  const wrong = said('origins');
  const wrongAt = Math.max(0, shownOrigins.findIndex((origin) => wrong !== undefined && origin.trim() !== '' && wrong.includes(`"${origin.trim()}`)));
  const setOrigin = (at: number, value: string): void => setOrigins(shownOrigins.map((entry, i) => (i === at ? value : entry)));
  const remove = (at: number): void => {
    setOrigins(shownOrigins.length > 1 ? shownOrigins.filter((_, i) => i !== at) : ['']);
    requestAnimationFrame(() => list.current?.querySelectorAll('input')[Math.max(0, at - 1)]?.focus());
  };
  const add = (): void => {
    setOrigins([...shownOrigins, '']);
    requestAnimationFrame(() => [...(list.current?.querySelectorAll('input') ?? [])].at(-1)?.focus());
  };

  return (
    <form className="card" aria-labelledby="settings-general" onSubmit={(event) => void submit(event)}>
      <header><h2 id="settings-general">Frontend</h2></header>
      <div className="body stack">
        <Denied may={may} />
        <TextInput readOnly={!may.allowed} label="Name" value={name ?? frontend.name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={200} error={said('name')} dir="auto" />
        <fieldset className="origins">
          <legend>Origins</legend>
          <p className="muted">Where its pages run. Only these may call this server from a browser, and only these are shown as a preview.</p>
          <ul className="stack" ref={list}>
            {shownOrigins.map((origin, i) => (
              <li key={i} className="row">
                <TextInput readOnly={!may.allowed} className="grow" aria-label={`Origin ${i + 1}`} placeholder="https://shop.example" value={origin} onChange={(event) => setOrigin(i, event.currentTarget.value)} error={i === wrongAt && wrong} inputMode="url" spellCheck={false} />
                <Allowed may={may}><ActionIcon aria-label={`Remove origin ${i + 1}`} onClick={() => remove(i)} disabled={shownOrigins.length === 1 && origin === ''}><Trash2 size={16} aria-hidden="true" /></ActionIcon></Allowed>
              </li>
            ))}
          </ul>
          <Allowed may={may}><Button variant="subtle" size="compact-sm" leftSection={<Plus size={14} aria-hidden="true" />} onClick={add} disabled={shownOrigins.length >= 50}>Add an origin</Button></Allowed>
        </fieldset>
        <TextInput
          readOnly={!may.allowed} label="Preview URL" description="The page of your frontend that the editor shows while somebody edits. With the SDK in it, typing shows at once and a click selects the block. Empty: the built-in renderer is used."
          placeholder="https://shop.example/" value={preview ?? frontend.previewUrl ?? ''} onChange={(event) => setPreview(event.currentTarget.value)} error={said('previewUrl')} inputMode="url" spellCheck={false}
        />
        {problem && <p role="alert" className="problem">{problem}</p>}
        <div className="row">
          <span className="push" />
          {changed && <Button variant="default" onClick={forget}>Discard</Button>}
          <Allowed may={may}><Button type="submit" loading={fetching} disabled={!changed}>Save</Button></Allowed>
        </div>
      </div>
    </form>
  );
}

/** The field that a refusal is about. The server names fields of the input, lists with a position after them. */
function fieldOf(path: readonly string[] | null | undefined): string | undefined {
  return ['name', 'origins', 'previewUrl'].find((field) => path?.includes(field));
}
