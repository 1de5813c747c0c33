import type { ReactNode } from 'react';
import { count } from '../../lib/format';
import { own } from '../../lib/json';
import { Frame, placeholderOf, useChange, type FieldProps } from './field';
import { numberOf } from './schema';
import { useTyped } from './typed';

const textValue = ({ value }: FieldProps): string => (typeof value === 'string' ? value : '');

/**
 * Nothing typed is no value, unless there has to be one. In a group that may be missing as a whole a text that must not
 * be empty goes, too: emptying all fields of a link takes the link away.
 */
export const emptied = (text: string, { required, prune, field }: FieldProps): string | undefined =>
  text === '' && (!required || (prune > 0 && (numberOf(field.schema, 'minLength') ?? 0) > 0)) ? undefined : text;

/** Shown near the limit only: most texts never come there. Characters are counted as the schema counts them. */
function Counter({ text, max }: { readonly text: string; readonly max: number | undefined }): ReactNode {
  if (max === undefined || text.length < max * 0.8) return null;
  const is = [...text].length;
  return is < max * 0.8 ? null : <span className="field-count" data-over={is > max || undefined}>{count(is)} / {count(max)}</span>;
}

export function TextField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const { shown, ...typed } = useTyped(props.at, textValue(props), (text) => change(emptied(text, props), true));
  return (
    <Frame of={props} aside={<Counter text={shown} max={numberOf(props.field.schema, 'maxLength')} />}>
      {(control) => (
        <input
          {...control} className="form-input" type={props.field.kind === 'email' ? 'email' : 'text'} dir="auto" autoComplete="off" spellCheck={props.field.kind === 'text'}
          value={shown} placeholder={placeholderOf(props)} onChange={(event) => typed.change(event.currentTarget.value)} onBlur={typed.leave}
        />
      )}
    </Frame>
  );
}

export function LinesField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const { shown, ...typed } = useTyped(props.at, textValue(props), (text) => change(emptied(text, props), true));
  const tall = props.hints.widget === 'textarea';
  return (
    <Frame of={props} aside={<Counter text={shown} max={numberOf(props.field.schema, 'maxLength')} />}>
      {(control) => (
        <textarea
          {...control} className="form-input" dir="auto" rows={tall ? 3 : 1} data-tall={tall || undefined}
          value={shown} placeholder={placeholderOf(props)} onChange={(event) => typed.change(event.currentTarget.value)} onBlur={typed.leave}
        />
      )}
    </Frame>
  );
}

const HEX = /^#[\da-f]{6}$/i;

export function ColorField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const { shown, ...typed } = useTyped(props.at, textValue(props), (text) => change(emptied(text, props), true));
  const preset = own(props.field.schema, 'default');
  const effective = shown || (typeof preset === 'string' ? preset : '');
  return (
    <Frame of={props}>
      {(control) => (
        <div className="form-joined">
          <input {...control} className="form-input" dir="ltr" autoComplete="off" spellCheck={false} value={shown} placeholder={placeholderOf(props) ?? '#12664c'} onChange={(event) => typed.change(event.currentTarget.value)} onBlur={typed.leave} />
          <input type="color" className="form-color" aria-label={`Pick: ${props.name}`} value={HEX.test(effective) ? effective.toLowerCase() : '#808080'} onChange={(event) => change(event.currentTarget.value, true)} />
        </div>
      )}
    </Frame>
  );
}

const clean = (n: number): number => Number(n.toPrecision(15));

export function NumberField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const { schema } = props.field;
  const whole = own(schema, 'type') === 'integer';
  const [min, max] = [numberOf(schema, 'minimum'), numberOf(schema, 'maximum')];
  const step = numberOf(schema, 'multipleOf') ?? 1;
  const value = typeof props.value === 'number' ? props.value : undefined;
  const { shown, problem, ...typed } = useTyped(props.at, value === undefined ? '' : String(value), (text) => {
    const plain = text.trim().replace(/^(-?\d+),(\d+)$/, '$1.$2');
    const number = Number(plain);
    if (plain !== '' && !Number.isFinite(number)) return 'Not a number: it is not saved';
    return change(plain === '' ? undefined : number, true);
  });
  const move = (by: number): void => {
    const from = value ?? numberOf(schema, 'default') ?? min ?? 0;
    const next = clean(value === undefined && own(schema, 'default') === undefined ? from : from + by * step);
    typed.change(String(Math.min(max ?? next, Math.max(min ?? next, next))));
  };
  const range = min !== undefined && max !== undefined ? `${min} to ${max}` : min !== undefined ? `${min} or more` : max !== undefined ? `${max} or less` : undefined;
  if (props.hints.widget === 'slider' && min !== undefined && max !== undefined) {
    const preset = numberOf(schema, 'default') ?? min;
    return (
      <Frame of={props} aside={<output className="field-count">{value ?? `${preset} (default)`}</output>} clear={!props.required && value !== undefined}>
        {(control) => <input {...control} type="range" className="form-range" min={min} max={max} step={whole ? Math.max(1, step) : numberOf(schema, 'multipleOf') ?? 'any'} value={value ?? preset} onChange={(event) => change(clean(event.currentTarget.valueAsNumber), true)} />}
      </Frame>
    );
  }
  return (
    <Frame of={props} aside={range && <span className="field-count">{range}</span>} note={problem && <p className="field-said" data-tone="bad">{problem}</p>}>
      {(control) => (
        <input
          {...control} aria-invalid={problem !== undefined || control['aria-invalid']} className="form-input form-number" inputMode={whole ? 'numeric' : 'decimal'} autoComplete="off"
          value={shown} placeholder={placeholderOf(props)} onChange={(event) => typed.change(event.currentTarget.value)} onBlur={typed.leave}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
            if (event.altKey || event.metaKey || event.ctrlKey) return;
            event.preventDefault();
            move(event.key === 'ArrowUp' ? 1 : -1);
          }}
        />
      )}
    </Frame>
  );
}
