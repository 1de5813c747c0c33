import { SegmentedControl } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import type { Json } from '../lib/json';
import { CopyButton } from '../ui/code';
import { linesOf } from './schema';

/** The props, as a table or as the schema that was registered. */
export function Properties({ schema, hints }: { readonly schema: Json; readonly hints: Json | undefined }): ReactNode {
  const [how, show] = useState('table');
  const lines = useMemo(() => linesOf(schema, hints), [schema, hints]);
  const text = useMemo(() => JSON.stringify(schema, null, 2), [schema]);
  return (
    <section className="card" aria-labelledby="component-props">
      <header>
        <h2 id="component-props">Props</h2>
        <SegmentedControl className="push" size="xs" aria-label="How the props are shown" value={how} onChange={show} data={[{ value: 'table', label: 'Table' }, { value: 'json', label: 'JSON Schema' }]} />
      </header>
      {how === 'json' ? (
        <div className="code" style={{ border: 0, borderRadius: 0 }}>
          <pre className="json" tabIndex={0} role="region" aria-label="JSON Schema of the props" dir="ltr">{text}</pre>
          <CopyButton label="JSON Schema of the props" text={text} />
        </div>
      ) : lines.length === 0 ? <p className="muted">It has none that its schema names.</p> : (
        <div className="scroll" tabIndex={0} role="region" aria-label="Table of the props">
          <table className="props">
            <thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">What it is</th></tr></thead>
            <tbody>
              {lines.map(({ pointer, depth, name, title, type, required, byDefault, description, limits }) => (
                <tr key={pointer}>
                  <th scope="row" style={{ paddingInlineStart: `${1 + depth * 1.1}rem` }}>
                    {name ? <code>{name}</code> : <i className="faint"><bdi>{title}</bdi></i>}
                    {required && <span className="needed">required</span>}
                  </th>
                  <td className="type"><code>{type}</code>{limits && <span className="faint"><br />{limits}</span>}</td>
                  <td>
                    {title && name && <bdi>{title}</bdi>}
                    {description && <p className="muted"><bdi>{description}</bdi></p>}
                    {byDefault !== undefined && <p className="faint">default <code>{JSON.stringify(byDefault)}</code></p>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
