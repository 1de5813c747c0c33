// Which field of an entry fills which property of the component: a select for each property, and the fields to press beside.
import { useId, useState, type ReactNode } from 'react';
import type { Json, JsonObject } from '../lib/json';
import { lookUp } from '../editor/form/pointer';
import { whyNot, type Slots } from './fit';
import type { Found, Mapping as Guesses } from './suggest';
import { glimpse } from './tree';
import { kindWords } from './type';

interface MappingProps {
  readonly root: JsonObject;
  readonly slots: Slots;
  readonly fields: readonly Found[];
  readonly mapping: Readonly<Record<string, string>>;
  /** Undefined once somebody has chosen. */
  readonly guessed: Guesses | undefined;
  readonly change: (mapping: Readonly<Record<string, string>>) => void;
  /** The first entry. */
  readonly sample: Json | undefined;
}

export function Mapping({ root, slots, fields, mapping, guessed, change, sample }: MappingProps): ReactNode {
  const id = useId();
  const [active, activate] = useState<string>();
  const set = (name: string, pointer: string): void => {
    const { [name]: _, ...rest } = mapping;
    change(pointer === '' ? rest : { ...rest, [name]: pointer });
  };
  const chosen = (name: string): string => (Object.hasOwn(mapping, name) ? mapping[name] ?? '' : '');
  const turn = slots.properties.find(({ name }) => name === active) ?? slots.properties.find(({ name, required }) => required && chosen(name) === '') ?? slots.properties.find(({ name }) => chosen(name) === '');
  const press = (pointer: string): void => {
    if (!turn) return;
    set(turn.name, pointer);
    const rest = slots.properties.slice(slots.properties.indexOf(turn) + 1);
    activate((rest.find(({ name, required }) => required && chosen(name) === '') ?? rest.find(({ name }) => chosen(name) === ''))?.name);
  };
  return (
    <div className="binding-mapping">
      <ul className="binding-properties" aria-label="Properties">
        {slots.properties.map(({ name, title, schema, required }) => (
          <li key={name} data-active={turn?.name === name || undefined}>
            <label htmlFor={`${id}${name}`} dir="auto">{title}{required && <span className="field-mark" aria-hidden="true"> *</span>}{guessed?.get(name)?.guess && <span className="tag" data-tone="warning">guess</span>}</label>
            <select
              id={`${id}${name}`} className="form-input form-select" aria-required={required || undefined} aria-invalid={(required && chosen(name) === '') || undefined} data-unset={chosen(name) === '' || undefined}
              value={chosen(name)} onFocus={() => activate(name)} onChange={(event) => set(name, event.currentTarget.value)}
            >
              <option value="">{required ? 'Choose a field…' : 'Not filled'}</option>
              {fields.map(({ pointer, words, type }) => {
                const why = whyNot(root, schema, type);
                return <option key={pointer} value={pointer} disabled={why !== undefined && pointer !== chosen(name)}>{words}{why !== undefined && ` (${kindWords(type)})`}</option>;
              })}
              {chosen(name) !== '' && !fields.some(({ pointer }) => pointer === chosen(name)) && <option value={chosen(name)}>{chosen(name)} (not asked for)</option>}
            </select>
          </li>
        ))}
      </ul>
      {turn && (
        <div className="binding-fields">
          <p className="faint" id={`${id}f`}>Press a field to fill <b dir="auto">{turn.title}</b></p>
          <ul aria-labelledby={`${id}f`}>
            {fields.map(({ pointer, words, type, depth }) => {
              const why = whyNot(root, turn.schema, type);
              return (
                <li key={pointer}>
                  <button type="button" style={{ paddingInlineStart: `${0.5 + depth * 0.75}rem` }} disabled={why !== undefined} title={why} onClick={() => press(pointer)}>
                    <span dir="auto">{words}</span>
                    <span className="binding-glimpse truncate" dir="auto">{glimpse(lookUp(sample, pointer), type) || kindWords(type)}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
