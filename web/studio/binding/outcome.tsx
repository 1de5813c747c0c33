// What the prop would hold: the first few values, as the component would be given them.
import type { ReactNode } from 'react';
import { readable } from '../editor/form/readable';
import { plural } from '../lib/format';
import { isObject, own, type Json } from '../lib/json';
import type { Slots } from './fit';

const FIRST = 3;

interface OutcomeProps {
  readonly value: Json | undefined;
  readonly slots: Slots | undefined;
  readonly waiting: boolean;
  readonly problem: string | undefined;
}

export function Outcome({ value, slots, waiting, problem }: OutcomeProps): ReactNode {
  const list = Array.isArray(value) ? value : undefined;
  const shown = list?.slice(0, FIRST) ?? (value === undefined ? [] : [value]);
  const columns = slots?.properties.filter(({ name }) => shown.some((entry) => isObject(entry) && own(entry, name) !== undefined)) ?? [];
  return (
    <section className="binding-outcome" aria-label="What comes out">
      <h4>What comes out{list && <span className="faint"> · {list.length > FIRST ? `the first ${FIRST} of ${plural(list.length, 'entry', 'entries')}` : plural(list.length, 'entry', 'entries')}</span>}</h4>
      {value === undefined ? <p className="muted">{waiting ? 'Asking…' : 'Nothing in this sample: the prop would take its default.'}</p>
        : shown.length === 0 ? <p className="muted">An empty list in this sample.</p>
        : columns.length > 0 ? (
          <div className="binding-table" role="region" aria-label="The first values" tabIndex={0}>
            <table>
              <thead><tr>{columns.map(({ name, title }) => <th key={name} scope="col" dir="auto">{title}</th>)}</tr></thead>
              <tbody>{shown.map((entry, i) => <tr key={i}>{columns.map(({ name }) => <td key={name} dir="auto">{isObject(entry) && own(entry, name) !== undefined ? readable(own(entry, name)) : <span className="faint">–</span>}</td>)}</tr>)}</tbody>
            </table>
          </div>
        ) : <ol className="binding-values">{shown.map((entry, i) => <li key={i} dir="auto">{readable(entry)}</li>)}</ol>}
      {problem !== undefined && value !== undefined && <p className="field-said" data-tone="nudge" dir="auto">{problem}</p>}
    </section>
  );
}
