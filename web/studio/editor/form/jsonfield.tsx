// Whatever has no field of its own is edited as JSON: nothing is ever out of reach.
import { lazy, Suspense, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { same, type Json } from '../../lib/json';
import { Frame, useChange, type FieldProps } from './field';
import { findNull, tokensOf, within } from './pointer';
import { useForm } from './store';

const JsonEditor = lazy(() => import('../../json/jsoneditor'));

/** Text that is not valid is kept here while something else is looked at. A few are enough. */
const kept = new Map<string, string>();
const MOST_KEPT = 50;

function keep(place: string, text: string | undefined): void {
  kept.delete(place);
  if (text === undefined) return;
  kept.set(place, text);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

interface JsonAreaProps {
  readonly value: Json | undefined;
  readonly at: string;
  readonly label: string;
  readonly describedBy?: string | undefined;
  readonly tall?: boolean;
  /** Takes the value, undefined when nothing is written, or returns why not. */
  readonly store: (value: Json | undefined) => string | undefined;
}

/** A JSON text that is stored whenever it is valid. */
export function JsonArea({ value, at, label, describedBy, tall = false, store }: JsonAreaProps): ReactNode {
  const form = useForm();
  const place = `${form.block} ${at}`;
  const [problem, say] = useState<string | undefined>(() => (kept.has(place) ? 'Not saved: this text is not valid JSON yet.' : undefined));
  const said = useSyncExternalStore(form.subscribe, form.said);
  const complaints = useMemo(() => [...said].filter(([where, { tone }]) => tone === 'bad' && within(at, where) && (at === '' || where !== at)).map(([where, { text }]) => ({ at: where.slice(at.length), text: [...tokensOf(where.slice(at.length)).slice(-1), text].join(': ') })), [said, at]);
  const change = (text: string): void => {
    let parsed: Json | undefined;
    try {
      parsed = text.trim() === '' ? undefined : (JSON.parse(text) as Json);
    } catch {
      keep(place, text);
      return say('Not saved: this text is not valid JSON yet.');
    }
    const nothing = parsed === undefined ? undefined : findNull(parsed);
    const refused = nothing !== undefined ? `Not saved: null at ${nothing || 'the top'} stands for nothing. Leave it out.` : store(parsed);
    keep(place, refused === undefined ? undefined : text);
    say(refused);
  };
  return (
    <div className="json-field" data-tall={tall || undefined}>
      <Suspense fallback={<div className="json-waiting" aria-busy="true" />}>
        <JsonEditor
          value={value} text={kept.get(place)} label={label} describedBy={describedBy} change={change}
          complaints={complaints}
        />
      </Suspense>
      {problem && <p className="field-said" data-tone="bad" role="status">{problem}</p>}
    </div>
  );
}

export function JsonField({ hint, onReset, ...props }: FieldProps & { readonly hint?: string; readonly onReset?: string }): ReactNode {
  const change = useChange(props);
  const [open, setOpen] = useState(props.value !== undefined || kept.size > 0);
  return (
    <Frame of={props} group clear={!props.required && props.value !== undefined} note={hint && <span className="field-help">{hint}</span>}>
      {(control) => (open || props.value !== undefined
        ? <JsonArea value={props.value} at={props.at} label={props.bare ?? props.name} describedBy={control['aria-describedby']} store={(value) => (same(value, props.value) ? undefined : change(value, true))} />
        : <button type="button" className="form-button" aria-describedby={control['aria-describedby']} onClick={() => setOpen(true)}>Write as JSON<span className="visually-hidden">: {onReset ?? props.name}</span></button>)}
    </Frame>
  );
}

/** All props of the block at once. */
export function WholeJson({ value, name }: { readonly value: Json; readonly name: string }): ReactNode {
  const form = useForm();
  return (
    <JsonArea
      value={value} at="" label={`Everything in ${name}`} tall
      store={(next) => {
        if (typeof next !== 'object' || next === null || Array.isArray(next)) return 'Not saved: the props of a block are an object, { … }.';
        return same(next, form.props) ? undefined : form.set('', next, { what: `${name} changed as JSON`, typing: true });
      }}
    />
  );
}
