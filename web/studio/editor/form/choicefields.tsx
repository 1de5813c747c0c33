import type { ReactNode } from 'react';
import { own, same, type Json } from '../../lib/json';
import { Frame, titleOf, useChange, type Control, type FieldProps } from './field';
import { numberOf, type Option } from './schema';

/** As many fit beside each other in the form. */
const SEGMENTS = 4;
const SEGMENT_TEXT = 30;

const labelled = ({ field, hints }: FieldProps): readonly Option[] =>
  (field.options ?? []).map((option) => {
    const label = own(hints.labels, String(option.value));
    return typeof label === 'string' ? { ...option, label } : option;
  });

/** Few whole numbers are quicker to pick than to type: a rating, a number of columns. */
export function numberOptions({ field, hints }: FieldProps): readonly Option[] | undefined {
  const [min, max] = [numberOf(field.schema, 'minimum'), numberOf(field.schema, 'maximum')];
  if (own(field.schema, 'type') !== 'integer' || hints.widget !== undefined || min === undefined || max === undefined || max - min < 1 || max - min > 5 || own(field.schema, 'multipleOf') !== undefined) return undefined;
  return Array.from({ length: max - min + 1 }, (_, i) => ({ value: min + i, label: String(min + i) }));
}

export function ChoiceField(props: FieldProps & { readonly options?: readonly Option[] }): ReactNode {
  const options = props.options ?? labelled(props);
  const few = props.hints.widget === 'segments' || (props.hints.widget !== 'select' && (props.options !== undefined || (options.length <= SEGMENTS && options.map(({ label }) => label).join('').length <= SEGMENT_TEXT)));
  return few && options.length > 1 ? <Segments {...props} options={options} /> : <Select {...props} options={options} />;
}

function Segments({ options, ...props }: FieldProps & { readonly options: readonly Option[] }): ReactNode {
  const change = useChange(props);
  const preset = own(props.field.schema, 'default');
  const unset = props.value === undefined;
  return (
    <Frame of={props} group clear={!props.required && !unset} aside={unset && preset !== undefined && <span className="field-count">default</span>}>
      {(control) => (
        <div className="segments" data-unset={unset || undefined}>
          {options.map(({ value, label }, i) => (
            <label key={i} className="segment">
              <input
                type="radio" name={control.id} checked={same(props.value ?? preset, value)} aria-invalid={control['aria-invalid']}
                onChange={() => change(value)} onClick={() => unset && change(value)}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      )}
    </Frame>
  );
}

function Select({ options, ...props }: FieldProps & { readonly options: readonly Option[] }): ReactNode {
  const change = useChange(props);
  const preset = own(props.field.schema, 'default');
  const at = options.findIndex(({ value }) => same(value, props.value));
  const byDefault = options.find(({ value }) => same(value, preset));
  return (
    <Frame of={props}>
      {(control) => (
        <select {...control} className="form-input form-select" value={at < 0 ? '' : String(at)} onChange={(event) => change(options[Number(event.currentTarget.value)]?.value)} data-unset={at < 0 || undefined}>
          {(!props.required || at < 0) && <option value="" disabled={props.required}>{byDefault ? `${byDefault.label} (default)` : props.required ? 'Choose…' : 'Not set'}</option>}
          {options.map(({ label }, i) => <option key={i} value={String(i)}>{label}</option>)}
        </select>
      )}
    </Frame>
  );
}

export function SwitchField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const preset = own(props.field.schema, 'default') === true;
  const unset = props.value === undefined;
  return (
    <Frame of={props} clear={!props.required && !unset} aside={unset && !props.required && <span className="field-count">{preset ? 'on by default' : 'not set'}</span>}>
      {(control) => <input {...control} type="checkbox" role="switch" className="form-switch" checked={props.value === undefined ? preset : props.value === true} onChange={(event) => change(event.currentTarget.checked)} />}
    </Frame>
  );
}

/** A list that holds each of a few values at most once. */
export function SeveralField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const chosen: readonly Json[] = Array.isArray(props.value) ? props.value : [];
  const options = labelled(props);
  // In the order of the choices; what is not among them stays, behind.
  const toggle = (value: Json, on: boolean): Json[] => {
    const next = on ? [...chosen, value] : chosen.filter((entry) => !same(entry, value));
    const known = options.map((option) => option.value).filter((option) => next.some((entry) => same(entry, option)));
    return [...known, ...next.filter((entry) => !options.some((option) => same(option.value, entry)))];
  };
  return (
    <Frame of={props} group clear={!props.required && props.value !== undefined}>
      {(control) => (
        <div className="several">
          {options.map(({ value, label }, i) => (
            <label key={i} className="several-one">
              <input
                type="checkbox" checked={chosen.some((entry) => same(entry, value))} aria-invalid={control['aria-invalid']}
                onChange={(event) => {
                  const next = toggle(value, event.currentTarget.checked);
                  change(next.length === 0 && !props.required ? undefined : next);
                }}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      )}
    </Frame>
  );
}

/** Nothing to choose: the schema allows one value. */
export function ConstField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const constant = own(props.field.schema, 'const') ?? '';
  const set = same(props.value, constant);
  return (
    <Frame of={props} clear={!props.required && set}>
      {(control: Control) => (
        <div className="form-joined">
          <output id={control.id} aria-describedby={control['aria-describedby']} className="form-fixed" data-unset={!set || undefined}>{String(constant)}</output>
          {!set && <button type="button" className="form-button" onClick={() => change(constant)}>Set<span className="visually-hidden"> {titleOf(props)}</span></button>}
        </div>
      )}
    </Frame>
  );
}
