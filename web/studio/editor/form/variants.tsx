// Alternatives: a select that says which one, and the fields of that one.
import { useId, type ReactNode } from 'react';
import { isObject } from '../../lib/json';
import { Properties } from './group';
import { Frame, useChange, type FieldProps } from './field';
import { Node } from './node';
import { readable } from './readable';
import { useForm } from './store';

export function VariantsField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const { schemas } = useForm();
  const id = useId();
  const variants = props.field.variants ?? [];
  const at = props.value === undefined ? -1 : variants.findIndex((variant) => variant.fits(props.value));
  const chosen = variants[at];
  const groups = chosen !== undefined && schemas.describe(chosen.schema).kind === 'object';
  return (
    <div className="variants" data-open={chosen !== undefined || undefined}>
      <Frame of={props} clear={!props.required && props.value !== undefined} note={props.value !== undefined && !chosen && <span className="field-help">What stands here is none of these: {readable(props.value)}</span>}>
        {(control) => (
          <select {...control} className="form-input form-select" value={at < 0 ? '' : String(at)} data-unset={at < 0 || undefined} aria-controls={chosen ? id : undefined} onChange={(event) => change(variants[Number(event.currentTarget.value)]?.from(props.value))}>
            {at < 0 && <option value="" disabled>{props.value === undefined ? 'Not set' : 'Choose…'}</option>}
            {variants.map(({ label }, i) => <option key={i} value={String(i)}>{label}</option>)}
          </select>
        )}
      </Frame>
      {chosen && (
        <div className="variant" id={id}>
          {groups && isObject(props.value)
            ? <Properties schema={chosen.schema} hints={props.hints} value={props.value} at={props.at} prune={0} />
            : <Node schema={chosen.schema} hints={props.hints} value={props.value} at={props.at} name={props.name} required={props.required} prune={props.prune} bare={`${props.name}: ${chosen.label}`} />}
        </div>
      )}
    </div>
  );
}
