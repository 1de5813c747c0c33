// Step 2: what is given to the document.
import { useId, useState, type ReactNode } from 'react';
import { isObject, own, type Json, type JsonObject } from '../lib/json';
import { isSegment } from '../preview/path';
import { fromParam, paramOf } from './envelope';
import type { Variable } from './graph';
import { inputKind, parse, printed, takesParam } from './variables';

/** What stands for a text that could not be read, so that nothing goes on with it. */
const UNREAD = '$unread';
const unread = (value: Json | undefined): string | undefined => {
  const text = isObject(value) ? own(value, UNREAD) : undefined;
  return typeof text === 'string' ? text : undefined;
};

/** What is wrong, by variable. */
export function problemsOf(of: readonly Variable[], values: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, type, required } of of) {
    const value = own(values, name);
    const text = unread(value);
    if (text !== undefined) {
      const parsed = parse(type, text);
      found.set(name, 'problem' in parsed ? parsed.problem : 'This cannot be read');
    } else if (value === undefined && required) found.set(name, 'This is needed');
    else if (isObject(value) && Object.hasOwn(value, '$param') && paramOf(value) === undefined) found.set(name, 'Name the parameter');
  }
  return found;
}

interface VariablesStepProps {
  readonly of: readonly Variable[];
  readonly values: JsonObject;
  readonly change: (values: JsonObject) => void;
  readonly problems: ReadonlyMap<string, string>;
  /** Parameters of the screen's path; undefined for a part, whose path is that of the screens that include it. */
  readonly names: readonly string[] | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly example: (name: string, value: string) => void;
}

export function VariablesStep({ of, values, change, problems, names, params, example }: VariablesStepProps): ReactNode {
  if (of.length === 0) return <p className="muted">This document takes no variables: it always asks the same.</p>;
  const set = (name: string, value: Json | undefined): void => {
    const { [name]: _, ...rest } = values;
    change(value === undefined ? rest : { ...rest, [name]: value });
  };
  return (
    <div className="binding-variables">
      {of.map((variable) => <One key={variable.name} of={variable} value={own(values, variable.name)} set={(value) => set(variable.name, value)} problem={problems.get(variable.name)} names={names} params={params} example={example} />)}
    </div>
  );
}

interface OneProps extends Omit<VariablesStepProps, 'of' | 'values' | 'change' | 'problems'> {
  readonly of: Variable;
  readonly value: Json | undefined;
  readonly set: (value: Json | undefined) => void;
  readonly problem: string | undefined;
}

function One({ of: { name, type, required, default: preset }, value, set, problem, names, params, example }: OneProps): ReactNode {
  const id = useId();
  const [touched, touch] = useState(false);
  const byParam = isObject(value) && Object.hasOwn(value, '$param');
  const param = paramOf(value);
  const possible = takesParam(type) && (names === undefined || names.length > 0);
  const [first = ''] = names ?? [];
  const said = problem !== undefined && (touched || unread(value) !== undefined) ? problem : undefined;
  return (
    <div className="field" role="group" aria-labelledby={`${id}l`}>
      <div className="field-head">
        <label className="field-name" id={`${id}l`} htmlFor={id} dir="auto">{name}{required && <span className="field-mark" aria-hidden="true"> *</span>}</label>
        <code className="faint">{type}</code>
        {(possible || byParam) && (
          <label className="binding-switch">
            <input type="checkbox" role="switch" className="form-switch" checked={byParam} onChange={(event) => set(event.currentTarget.checked ? fromParam(names?.includes(name) ? name : first) : undefined)} />
            <span>From the path<span className="visually-hidden"> of the screen: {name}</span></span>
          </label>
        )}
      </div>
      {byParam ? (
        <div className="binding-param">
          {names === undefined ? (
            <div>
              <label className="faint" htmlFor={id}>Parameter</label>
              <input id={id} className="form-input" value={param ?? ''} placeholder="handle" spellCheck={false} autoComplete="off" onChange={(event) => set(fromParam(event.currentTarget.value.trim()))} onBlur={() => touch(true)} />
            </div>
          ) : (
            <div>
              <label className="faint" htmlFor={id}>Parameter</label>
              <select id={id} className="form-input form-select" value={param ?? ''} onChange={(event) => set(fromParam(event.currentTarget.value))}>
                {names.map((one) => <option key={one} value={one}>:{one}</option>)}
                {param !== undefined && !names.includes(param) && <option value={param}>:{param} (not in the path)</option>}
              </select>
            </div>
          )}
          <div>
            <label className="faint" htmlFor={`${id}s`}>For the sample</label>
            <input id={`${id}s`} className="form-input" dir="auto" value={(param !== undefined && Object.hasOwn(params, param) ? params[param] : '') ?? ''} spellCheck={false} autoComplete="off" onChange={(event) => { const { value: text } = event.currentTarget; if (param !== undefined && isSegment(text)) example(param, text); }} />
          </div>
        </div>
      ) : <Value id={id} type={type} preset={preset} required={required} value={value} set={set} described={said === undefined ? undefined : `${id}e`} leave={() => touch(true)} />}
      {said !== undefined && <p className="field-said" data-tone="bad" id={`${id}e`}>{said}</p>}
    </div>
  );
}

interface ValueProps {
  readonly id: string;
  readonly type: string;
  readonly preset: Json | undefined;
  readonly required: boolean;
  readonly value: Json | undefined;
  readonly set: (value: Json | undefined) => void;
  readonly described: string | undefined;
  readonly leave: () => void;
}

function Value({ id, type, preset, required, value, set, described, leave }: ValueProps): ReactNode {
  const kind = inputKind(type);
  const [text, setText] = useState(() => unread(value) ?? printed(value));
  const byDefault = preset === undefined || preset === null ? undefined : `${printed(preset)} (default)`;
  const change = (next: string): void => {
    setText(next);
    const parsed = parse(type, next);
    set('problem' in parsed ? { [UNREAD]: next } : parsed.value);
  };
  const common = { id, 'aria-required': required || undefined, 'aria-invalid': described !== undefined || undefined, 'aria-describedby': described, onBlur: leave };
  if (kind === 'truth') {
    return (
      <select {...common} className="form-input form-select" value={text} data-unset={text === '' || undefined} onChange={(event) => change(event.currentTarget.value)}>
        <option value="">{byDefault ? (preset === true ? 'Yes (default)' : 'No (default)') : required ? 'Choose…' : 'Not given'}</option>
        <option value="true">Yes</option>
        <option value="false">No</option>
      </select>
    );
  }
  if (kind === 'json') return <textarea {...common} className="form-input mono" rows={2} dir="ltr" spellCheck={false} value={text} placeholder={byDefault ?? 'JSON'} onChange={(event) => change(event.currentTarget.value)} />;
  return (
    <input
      {...common} className={`form-input${kind === 'text' || kind === 'named' ? '' : ' form-number'}`} dir="auto" inputMode={kind === 'whole' ? 'numeric' : kind === 'number' ? 'decimal' : 'text'} spellCheck={false} autoComplete="off"
      value={text} placeholder={byDefault ?? (required ? undefined : 'Not given')} onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
