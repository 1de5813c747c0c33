import { Button } from '@mantine/core';
import { Check, Minus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Ago } from '../ui/ago';
import type { Builds } from './component';
import { within } from './range';

const SHOWN = 6;
const COLUMNS = 5;

interface SupportProps {
  readonly component: string;
  /** The newest first. */
  readonly versions: readonly string[];
  readonly builds: Builds | undefined;
}

/** Which builds can render which version. */
export function Support({ component, versions, builds }: SupportProps): ReactNode {
  const [all, showAll] = useState(false);
  const rows = builds?.edges.map(({ node }) => ({ ...node, entries: node.components.filter(({ key }) => key === component) })) ?? [];
  const columns = versions.slice(0, COLUMNS);
  return (
    <section className="card" aria-labelledby="component-support">
      <header><h2 id="component-support">Builds</h2></header>
      {rows.length === 0 ? <p className="muted">No build is registered.</p> : (
        <div className="scroll" tabIndex={0} role="region" aria-label="Which builds can render which version">
          <table className="support">
            <thead><tr><th scope="col">Build</th>{columns.map((version) => <th key={version} scope="col">{version}</th>)}</tr></thead>
            <tbody>
              {(all ? rows : rows.slice(0, SHOWN)).map(({ id, name, lastSeenAt, entries }) => (
                <tr key={id}>
                  <th scope="row"><bdi>{name}</bdi> <span className="faint">{lastSeenAt ? <>seen <Ago at={lastSeenAt} /></> : 'not seen yet'}</span></th>
                  {columns.map((version) => <td key={version}><Cell version={version} entries={entries} /></td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > SHOWN && <div className="row" style={{ padding: '.35rem .6rem' }}><Button variant="subtle" color="gray" size="compact-sm" aria-expanded={all} onClick={() => showAll(!all)}>{all ? 'Fewer' : `All ${rows.length}`}</Button></div>}
      {builds && builds.totalCount > rows.length && <p className="muted">The newest {rows.length} of {builds.totalCount} builds.</p>}
    </section>
  );
}

function Cell({ version, entries }: { readonly version: string; readonly entries: readonly { readonly version: string; readonly range: string }[] }): ReactNode {
  if (entries.some((entry) => entry.version === version)) return <span className="yes ships">ships it</span>;
  const fits = entries.map(({ range }) => within(version, range));
  if (fits.includes(true)) return <span className="yes"><Check size={15} aria-hidden="true" /><span className="visually-hidden">renders it</span></span>;
  const unclear = fits.indexOf(undefined);
  if (unclear >= 0) return <code>{entries[unclear]?.range}</code>;
  return <span className="faint"><Minus size={15} aria-hidden="true" /><span className="visually-hidden">cannot render it</span></span>;
}
