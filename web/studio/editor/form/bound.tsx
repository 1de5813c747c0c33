// A field that is filled with data: from where, and the ways to change that.
import { Link2, UserRound } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { bindingOf, pathWords, shortHash } from '../../binding/envelope';
import { unusable, useBindable } from '../../binding/graph';
import { BindDialog } from './bind';
import { Frame, titleOf, type FieldProps } from './field';
import { lookUp } from './pointer';
import { starter } from './schema';
import { useForm } from './store';

export function BoundField(props: FieldProps): ReactNode {
  const form = useForm();
  const [open, setOpen] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const binding = bindingOf(props.value);
  const found = useBindable(binding?.document);
  const title = titleOf(props);
  // Whoever bound it just now goes on here: the button that was pressed for it is gone.
  useEffect(() => {
    if (!form.settled(props.at)) return;
    const timer = setTimeout(() => edit.current?.focus({ preventScroll: true }), 40);
    return () => clearTimeout(timer);
  }, [form, props.at]);
  if (!binding) return null;
  const name = found?.name ?? shortHash(binding.document);
  const wrong = found === undefined ? undefined : found === null ? 'No such document is registered, or you may not look at it.' : unusable(found);
  const remove = (): void => {
    const holder = lookUp(form.props, props.at.slice(0, props.at.lastIndexOf('/')));
    form.set(props.at, Array.isArray(holder) ? starter(form.schemas, props.field.schema) : undefined, { what: `${title} bound no more`, prune: props.prune });
    form.want(props.at);
  };
  return (
    <Frame of={props} group bindable={false} note={wrong !== undefined && <p className="field-said" data-tone="nudge" dir="auto">{wrong}</p>}>
      {() => (
        <div className="bound" data-testid="bound">
          <Link2 size={15} aria-hidden="true" />
          <span className="bound-from"><b className="truncate" dir="auto">{name}</b><span className="faint truncate" dir="auto">{pathWords(binding.path)}{binding.map && ` · ${Object.keys(binding.map).length} mapped`}</span></span>
          {binding.byPage && <span className="tag" title="The page asks for it, with the rights of whoever looks"><UserRound size={12} aria-hidden="true" />personal</span>}
          <span className="row bound-deeds">
            <button type="button" ref={edit} className="field-clear" aria-haspopup="dialog" onClick={() => setOpen(true)}>Edit<span className="visually-hidden"> what {title} is bound to</span></button>
            <button type="button" className="field-clear" onClick={remove}>Remove<span className="visually-hidden"> what {title} is bound to</span></button>
          </span>
          {open && <BindDialog of={props} close={() => setOpen(false)} />}
        </div>
      )}
    </Frame>
  );
}
