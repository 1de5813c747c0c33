// What every field has: a name, help, what is wrong with it, and the way back to "not set".
import { useId, type ReactNode } from 'react';
import { words } from '../../lib/format';
import type { Json } from '../../lib/json';
import { own } from '../../lib/json';
import { BindButton } from './bind';
import type { Hints } from './hints';
import { listOf, textOf, type Field } from './schema';
import { useForm, useSaid } from './store';

export interface FieldProps {
  readonly field: Field;
  readonly hints: Hints;
  readonly value: Json | undefined;
  readonly at: string;
  /** The property's own name, or "Item 2". */
  readonly name: string;
  readonly required: boolean;
  /** How many objects around it may go when nothing is left in them. */
  readonly prune: number;
  /** Names the field when there is no room to show its name. */
  readonly bare?: string | undefined;
}

export const titleOf = ({ field, name }: Pick<FieldProps, 'field' | 'name'>): string => textOf(field.schema, 'title') ?? (words(name) || name || '(no name)');

/** "Normal (default)", an example, or nothing. */
export function placeholderOf({ field, hints }: Pick<FieldProps, 'field' | 'hints'>): string | undefined {
  if (hints.placeholder) return hints.placeholder;
  const preset = own(field.schema, 'default');
  if (typeof preset === 'string' || typeof preset === 'number') return `${preset} (default)`;
  const [example] = listOf(field.schema, 'examples');
  return typeof example === 'string' || typeof example === 'number' ? String(example) : undefined;
}

/** Changes the value of a field. */
export function useChange({ field, at, name, prune }: Pick<FieldProps, 'field' | 'at' | 'name' | 'prune'>): (value: Json | undefined, typing?: boolean) => string | undefined {
  const form = useForm();
  const title = titleOf({ field, name });
  return (value, typing = false) => form.set(at, value, { what: `${title} ${value === undefined ? 'cleared' : 'changed'}`, typing, prune });
}

export interface Control {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-required': true | undefined;
  readonly 'aria-label': string | undefined;
}

interface FrameProps {
  readonly of: FieldProps;
  /** Beside the name: a counter, a button. */
  readonly aside?: ReactNode;
  /** A group of controls is named by a legend and not by a label. */
  readonly group?: boolean;
  readonly clear?: boolean;
  readonly note?: ReactNode;
  /** False where the field is bound already. */
  readonly bindable?: boolean;
  readonly children: (control: Control) => ReactNode;
}

export function Frame({ of, aside, group = false, clear = false, note, bindable = true, children }: FrameProps): ReactNode {
  const id = useId();
  const said = useSaid(of.at);
  const change = useChange(of);
  const title = titleOf(of);
  const help = of.hints.help ?? textOf(of.field.schema, 'description');
  const shown = of.bare === undefined;
  const describedBy = [shown && help && `${id}h`, note && `${id}n`, said && `${id}e`].filter(Boolean).join(' ');
  const control: Control = {
    id,
    'aria-describedby': describedBy || undefined,
    'aria-invalid': said?.tone === 'bad' || undefined,
    'aria-required': of.required || undefined,
    'aria-label': of.bare,
  };
  const mark = of.required && <span className="field-mark" aria-hidden="true">*</span>;
  return (
    <div className="field" data-at={of.at} data-kind={of.field.kind} {...(group && { role: 'group', 'aria-labelledby': shown ? `${id}l` : undefined, 'aria-label': of.bare, 'aria-describedby': describedBy || undefined })}>
      {shown && (
        <div className="field-head">
          {group ? <span className="field-name" id={`${id}l`} dir="auto">{title}</span> : <label className="field-name" htmlFor={id} dir="auto">{title}</label>}
          {mark}
          {aside}
          {clear && <button type="button" className="field-clear" onClick={() => change(undefined)}>Clear<span className="visually-hidden"> {title}</span></button>}
          {bindable && of.field.kind !== 'const' && <BindButton of={of} />}
        </div>
      )}
      {shown && help && <p className="field-help" id={`${id}h`} dir="auto">{help}</p>}
      {children(control)}
      {note && <div className="field-note" id={`${id}n`}>{note}</div>}
      {said && <p className="field-said" data-tone={said.tone} id={`${id}e`} dir="auto">{said.text}</p>}
    </div>
  );
}
