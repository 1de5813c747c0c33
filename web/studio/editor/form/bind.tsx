// The quiet way from a field to the data that could fill it.
import { Tooltip } from '@mantine/core';
import { Link2 } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { bindingOf, envelopeOf, type Binding } from '../../binding/envelope';
import { titleOf, type FieldProps } from './field';
import { useForm } from './store';

const Picker = lazy(() => import('../../binding/picker'));

/** Chooses what a field is bound to. */
export function BindDialog({ of, close }: { readonly of: FieldProps; readonly close: () => void }): ReactNode {
  const form = useForm();
  const title = titleOf(of);
  const use = (binding: Binding, document: string): void => {
    form.settle(of.at);
    form.set(of.at, envelopeOf(binding), { what: `${title} bound to ${document}`, prune: of.prune });
    close();
  };
  return <Suspense><Picker title={title} root={form.schemas.root} schema={of.field.schema} bound={bindingOf(of.value)} use={use} close={close} /></Suspense>;
}

export function BindButton({ of }: { readonly of: FieldProps }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tooltip label="Bind to data" position="left">
        {/* Its name is a text: what is looked for by the name of a field must find the field. */}
        <button type="button" className="field-bind" aria-haspopup="dialog" onClick={() => setOpen(true)}><Link2 size={14} aria-hidden="true" /><span className="visually-hidden">Bind {titleOf(of)} to data</span></button>
      </Tooltip>
      {open && <BindDialog of={of} close={() => setOpen(false)} />}
    </>
  );
}
