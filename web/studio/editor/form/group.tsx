// Objects: their properties as fields, in order, in groups; what the schema does not know is shown and kept.
import { ChevronRight } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { plural, words } from '../../lib/format';
import { isObject, own, type Json, type JsonObject } from '../../lib/json';
import { BindButton } from './bind';
import { titleOf, useChange, type FieldProps } from './field';
import { hintsOf, insideOf, ordered, type Hints } from './hints';
import { Node } from './node';
import { below } from './pointer';
import { readable } from './readable';
import { listOf, tellingText, textOf, type Schema } from './schema';
import { useForm, useReveal, useSaid, useTrouble } from './store';

/** Deeper groups begin closed, so that a schema that contains itself ends somewhere. */
const OPEN_DEPTH = 3;

interface DisclosureProps {
  readonly at: string;
  readonly name: ReactNode;
  readonly summary?: string | undefined;
  readonly startsOpen: boolean;
  readonly actions?: ReactNode;
  readonly children: () => ReactNode;
}

/** A part that opens and closes. What is closed is not drawn. */
export function Disclosure({ at, name, summary, startsOpen, actions, children }: DisclosureProps): ReactNode {
  const [open, setOpen] = useState(startsOpen);
  const id = useId();
  const trouble = useTrouble(at);
  useReveal(at, () => setOpen(true));
  return (
    <section className="group" data-open={open || undefined}>
      <div className="group-head">
        <button type="button" className="group-toggle" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
          <ChevronRight size={14} aria-hidden="true" />
          <span className="group-name" dir="auto">{name}</span>
          {!open && summary && <span className="group-summary" dir="auto">{summary}</span>}
          {!open && trouble > 0 && <span className="tag" data-tone="danger">{plural(trouble, 'problem')}</span>}
        </button>
        {actions}
      </div>
      {open && <div className="group-body" id={id}>{children()}</div>}
    </section>
  );
}

export function GroupField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const said = useSaid(props.at);
  const title = titleOf(props);
  const set = props.value !== undefined;
  const depth = props.at.split('/').length - 1;
  const help = props.hints.help ?? textOf(props.field.schema, 'description');
  const body = (): ReactNode => (
    <>
      {help && props.bare === undefined && <p className="field-help" dir="auto">{help}</p>}
      <Properties schema={props.field.schema} hints={props.hints} value={props.value} at={props.at} prune={props.required ? 0 : props.prune + 1} />
    </>
  );
  const complaint = said && <p className="field-said" data-tone={said.tone} dir="auto">{said.text}</p>;
  if (props.bare !== undefined) return <div className="field" data-at={props.at}>{body()}{complaint}</div>;
  return (
    <div className="field" data-at={props.at} data-kind="object">
      <Disclosure
        at={props.at} startsOpen={(set || props.required) && depth < OPEN_DEPTH} summary={set ? tellingText(props.value) : 'not set'}
        name={<>{title}{props.required && <span className="field-mark" aria-hidden="true"> *</span>}</>}
        actions={<>{set && !props.required && <button type="button" className="field-clear" onClick={() => change(undefined)}>Clear<span className="visually-hidden"> {title}</span></button>}<BindButton of={props} /></>}
      >
        {body}
      </Disclosure>
      {complaint}
    </div>
  );
}

interface PropertiesProps {
  readonly schema: Schema;
  readonly hints: Hints;
  readonly value: Json | undefined;
  readonly at: string;
  readonly prune: number;
}

/** The fields of an object, without anything around them. */
export function Properties({ schema, hints, value, at, prune }: PropertiesProps): ReactNode {
  const { schemas } = useForm();
  const declared = own(schema, 'properties');
  const properties: JsonObject = isObject(declared) ? declared : {};
  const object: JsonObject = isObject(value) ? value : {};
  const needed = listOf(schema, 'required');
  const required = new Set(needed);
  const names = ordered(Object.keys(properties), hints, needed).filter((name) => !insideOf(hints, name).hidden);
  const field = (name: string): ReactNode => (
    <Node
      key={name} schema={schemas.resolve(own(properties, name))} hints={insideOf(hints, name)} value={own(object, name)} at={below(at, name)} name={name}
      required={required.has(name)} prune={prune}
    />
  );
  const parts: { readonly group: string | undefined; readonly names: string[] }[] = [];
  for (const name of names) {
    const { group } = insideOf(hints, name);
    const last = parts.at(-1);
    const part = group !== undefined ? parts.find((entry) => entry.group === group) : last?.group === undefined ? last : undefined;
    if (part) part.names.push(name);
    else parts.push({ group, names: [name] });
  }
  return (
    <>
      {parts.map((part, i) => (part.group === undefined ? part.names.map(field) : <Section key={`g${i}`} title={part.group}>{part.names.map(field)}</Section>))}
      <Unknown properties={properties} schema={schema} object={object} at={at} />
    </>
  );
}

/** Properties that uiSchema puts under one heading. */
function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <section className="form-section" aria-labelledby={id}>
      <h4 id={id} dir="auto">{title}</h4>
      {children}
    </section>
  );
}

/** What the draft holds and the schema does not know: older or newer than this version, or from another tool. */
function Unknown({ properties, schema, object, at }: { readonly properties: JsonObject; readonly schema: Schema; readonly object: JsonObject; readonly at: string }): ReactNode {
  const free = own(schema, 'additionalProperties');
  const { schemas } = useForm();
  const names = Object.keys(object).filter((name) => !Object.hasOwn(properties, name) && !isDiscriminator(schema, name));
  if (names.length === 0) return null;
  if (isObject(free)) {
    return names.map((name) => <Node key={`+${name}`} schema={schemas.resolve(free)} hints={hintsOf(undefined)} value={own(object, name)} at={below(at, name)} name={name} required={false} prune={0} />);
  }
  return (
    <section className="unknown" aria-label="Not known to this version">
      <h4>Not known to this version</h4>
      <ul>
        {names.slice(0, 50).map((name) => <UnknownOne key={name} name={name} value={own(object, name)} at={below(at, name)} />)}
      </ul>
      {names.length > 50 && <p className="field-help">And {plural(names.length - 50, 'more')}: see them as JSON.</p>}
    </section>
  );
}

/** The select above the fields shows it. */
const isDiscriminator = (schema: Schema, name: string): boolean => own(schema, 'discriminator') === name;

function UnknownOne({ name, value, at }: { readonly name: string; readonly value: Json | undefined; readonly at: string }): ReactNode {
  const form = useForm();
  const said = useSaid(at);
  return (
    <li data-at={at}>
      <code dir="auto">{name}</code>
      <span className="unknown-value" dir="auto">{readable(value)}</span>
      <button type="button" className="field-clear" onClick={() => form.set(at, undefined, { what: `${words(name)} removed` })}>Remove<span className="visually-hidden"> {name}</span></button>
      {said && <p className="field-said" data-tone={said.tone}>{said.text}</p>}
    </li>
  );
}
