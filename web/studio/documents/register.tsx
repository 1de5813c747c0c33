import { Button, CloseButton, Modal } from '@mantine/core';
import { FileJson2, FileUp } from 'lucide-react';
import { useId, useMemo, useRef, useState, type DragEvent, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { problemOf } from '../lib/failed';
import { useReturnFocus } from '../lib/focus';
import { plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { Code } from '../ui/code';
import { REGISTER } from './graph';
import { kindWords } from './kind';
import { read, sourceAt, type Read } from './manifest';
import { Refusals, type Refusal } from './refusals';

interface RegisterProps {
  readonly close: () => void;
  readonly done: () => void;
}

interface Registered {
  readonly added: number;
  readonly documents: readonly { readonly id: string; readonly name: string; readonly kind: keyof typeof kindWords }[];
}

type Report = { readonly refused: readonly Refusal[]; readonly of: Read } | { readonly problem: string } | Registered;

/** As many names as are read at a glance; the list below the dialog has them all. */
const NAMED = 12;

/** Takes a manifest as it is pasted, dropped or chosen, and tells what became of each document in it. */
export function Register({ close, done }: RegisterProps): ReactNode {
  useReturnFocus();
  const id = useId();
  const { frontend } = useFrontend();
  const [text, setText] = useState('');
  const [file, setFile] = useState<string>();
  const [over, setOver] = useState(false);
  const [report, tell] = useState<Report>();
  const [{ fetching }, register] = useMutation(REGISTER);
  const picker = useRef<HTMLInputElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const found = useMemo(() => read(text), [text]);
  const wrong = typeof found === 'string' ? found : undefined;

  const change = (next: string, name?: string): void => {
    setText(next);
    setFile(name);
    tell(undefined);
  };
  const take = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    try {
      change(await chosen.text(), chosen.name);
    } catch {
      tell({ problem: `${chosen.name} cannot be read.` });
    }
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (!dropped) return;
    event.preventDefault();
    void take(dropped);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (found === undefined || typeof found === 'string') {
      area.current?.focus();
      return;
    }
    const { data, error } = await register({ input: { frontend: frontend.id, ...found.input } });
    const payload = data?.documentsRegister;
    if (payload && payload.userErrors.length > 0) tell({ refused: payload.userErrors, of: found });
    else if (!payload) tell({ problem: problemOf(error) ?? 'You may not register documents here.' });
    else {
      tell(payload);
      done();
    }
  };

  return (
    <Modal opened onClose={close} title="Register documents" size="46rem" className="document-dialog">
      {report && 'added' in report ? <Done report={report} close={close} /> : (
        <form className="stack" onSubmit={(event) => void submit(event)}>
          <p className="muted">A manifest lists the operations that a client sends: the file that Apollo’s <code>generate-persisted-query-manifest</code>, <code>relay-compiler</code>, graphql-codegen or gql.tada writes. One operation by itself will do, too.</p>
          <div className="document-drop" data-over={over || undefined} onDragOver={(event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)} onDrop={drop}>
            <div className="row wrap">
              <label htmlFor={`${id}text`} className="grow">Manifest</label>
              <Button variant="default" size="compact-sm" leftSection={<FileUp size={15} aria-hidden="true" />} onClick={() => picker.current?.click()}>Choose a file</Button>
              <input ref={picker} type="file" accept=".json,.graphql,.gql,application/json" aria-label="Manifest file" hidden onChange={(event) => { void take(event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
            </div>
            {file !== undefined ? (
              <p className="row document-file"><FileJson2 size={18} aria-hidden="true" /><bdi className="grow truncate">{file}</bdi><CloseButton size="sm" aria-label="Take this file away" onClick={() => change('')} /></p>
            ) : (
              <textarea ref={area} id={`${id}text`} value={text} onChange={(event) => change(event.currentTarget.value)} rows={9} spellCheck={false} autoComplete="off" dir="ltr" placeholder={'Paste it here, or drop the file.\n\n{ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [ … ] }'} aria-invalid={wrong !== undefined || undefined} aria-describedby={`${id}found`} data-autofocus />
            )}
            <p id={`${id}found`} role="status" className={wrong === undefined ? 'faint' : 'document-wrong'}>{wrong ?? (typeof found === 'object' ? `${found.what}${found.count > 1 || 'manifest' in found.input ? `: ${plural(found.count, 'document')}` : ''}` : 'All of them are registered or, when one cannot run, none.')}</p>
          </div>
          <div role="alert">
            {report && 'problem' in report && <p className="problem">{report.problem}</p>}
            {report && 'refused' in report && (
              <div className="refused">
                <p><b>Nothing was registered.</b> {plural(new Set(report.refused.map(({ path }) => path?.join('/'))).size, 'document')} cannot be:</p>
                <Refusals of={report.refused} nameOf={([, entry]) => entry} sourceOf={(path) => sourceAt(report.of, path)} />
              </div>
            )}
          </div>
          <div className="row wrap document-choice">
            <Button className="push" variant="default" onClick={close}>Cancel</Button>
            <Button type="submit" loading={fetching} disabled={typeof found !== 'object'}>Register{typeof found === 'object' && found.count > 1 ? ` ${plural(found.count, 'document')}` : ''}</Button>
          </div>
          <Cli />
        </form>
      )}
    </Modal>
  );
}

/** The same from a shell or CI. */
export function Cli(): ReactNode {
  const { frontend } = useFrontend();
  return (
    <section className="stack document-cli" aria-label="From a shell or CI">
      <p className="muted">From a shell or CI, before the build goes out:</p>
      <Code label="The command that registers a manifest" text={`sonata documents push --server ${location.origin} --frontend ${frontend.slug} manifest.json`} />
    </section>
  );
}

function Done({ report: { added, documents }, close }: { readonly report: Registered; readonly close: () => void }): ReactNode {
  const before = documents.length - added;
  const shown = documents.slice(0, NAMED);
  return (
    <div className="stack">
      <p role="status">
        {added > 0 ? <><b>{plural(added, 'document')}</b> {added === 1 ? 'is' : 'are'} registered and may run from now on.</> : <b>All of them were registered already.</b>}
        {added > 0 && before > 0 && ` ${plural(before, 'other')} ${before === 1 ? 'was' : 'were'} registered already.`}
      </p>
      <ul className="card lines document-done" aria-label="In this manifest">
        {shown.map(({ id, name, kind }) => <li key={id} className="row"><bdi className="grow">{name}</bdi><span className="tag">{kindWords[kind]}</span></li>)}
        {documents.length > shown.length && <li className="faint">and {plural(documents.length - shown.length, 'more', 'more')}</li>}
      </ul>
      <div className="row"><Button className="push" onClick={close} data-autofocus>Done</Button></div>
    </div>
  );
}
