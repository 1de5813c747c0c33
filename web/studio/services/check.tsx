import { Button, Modal, TextInput } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { problemOf } from '../lib/failed';
import { useReturnFocus } from '../lib/focus';
import { CHECK, type Check } from './graph';
import { Result } from './result';

interface CheckSchemaProps {
  /** Of which service; open where it is not given. */
  readonly service?: string | undefined;
  readonly close: () => void;
}

/** Says what publishing a schema would do. It changes nothing. */
export function CheckSchema({ service, close }: CheckSchemaProps): ReactNode {
  useReturnFocus();
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(service ?? '');
  const [sdl, setSdl] = useState('');
  const [report, tell] = useState<Check | string>();
  const [{ fetching }, check] = useMutation(CHECK);
  const change = (text: string): void => {
    setSdl(text);
    tell(undefined);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { data, error } = await check({ input: { service: name.trim(), sdl } });
    tell(data?.subgraphCheck?.check ?? problemOf(error, data?.subgraphCheck?.userErrors) ?? 'You may not check schemas here.');
  };
  const take = async (chosen: File | undefined): Promise<void> => {
    if (chosen) change(await chosen.text().catch(() => ''));
  };
  return (
    <Modal opened onClose={close} title="Check a schema" size="46rem" className="service-dialog">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <p className="muted">What would publishing it do? It is composed with the schemas of all other services and compared with what clients rely on. Nothing changes.</p>
        <TextInput label="Service" description="It may be new: lower-case letters, digits and dashes" value={name} readOnly={service !== undefined} onChange={(event) => { setName(event.currentTarget.value); tell(undefined); }} spellCheck={false} autoComplete="off" required {...(service === undefined ? { 'data-autofocus': true } : {})} />
        <div className="service-sdl">
          <div className="row"><label htmlFor={`${id}sdl`} className="grow">Schema</label>
            <Button variant="default" size="compact-sm" leftSection={<FileUp size={15} aria-hidden="true" />} onClick={() => picker.current?.click()}>Choose a file</Button>
            <input ref={picker} type="file" accept=".graphql,.graphqls,.gql" aria-label="Schema file" hidden onChange={(event) => { void take(event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
          </div>
          <textarea id={`${id}sdl`} value={sdl} rows={10} spellCheck={false} autoComplete="off" dir="ltr" required placeholder={'type Query {\n  products: [Product!]\n}'} onChange={(event) => change(event.currentTarget.value)} {...(service === undefined ? {} : { 'data-autofocus': true })} />
        </div>
        <div role="status">{typeof report === 'object' && <Result of={report} />}</div>
        <div role="alert">{typeof report === 'string' && <p className="problem">{report}</p>}</div>
        <div className="row"><Button variant="default" className="push" onClick={close}>Close</Button><Button type="submit" loading={fetching}>Check</Button></div>
      </form>
    </Modal>
  );
}
