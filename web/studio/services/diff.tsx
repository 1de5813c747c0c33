import type { ReactNode } from 'react';
import { pieces } from '../changes/text';
import { plural } from '../lib/format';

/** So many lines that are the same are shown around a difference. */
const AROUND = 3;

interface Row {
  readonly kind: 'same' | 'added' | 'removed' | 'left out';
  readonly text: string;
  readonly before?: number;
  readonly after?: number;
}

function rowsOf(before: string, after: string): readonly Row[] {
  const rows: Row[] = [];
  let a = 0;
  let b = 0;
  for (const { kind, items } of pieces(before.trimEnd().split('\n'), after.trimEnd().split('\n'))) {
    for (const text of items) {
      if (kind === 'same') rows.push({ kind, text, before: ++a, after: ++b });
      else rows.push(kind === 'added' ? { kind, text, after: ++b } : { kind, text, before: ++a });
    }
  }
  const near = new Set<number>();
  rows.forEach(({ kind }, i) => {
    if (kind !== 'same') for (let j = i - AROUND; j <= i + AROUND; j++) near.add(j);
  });
  const out: Row[] = [];
  let left = 0;
  const leave = (): void => {
    if (left > 0) out.push({ kind: 'left out', text: plural(left, 'line') });
    left = 0;
  };
  rows.forEach((row, i) => {
    if (!near.has(i)) left++;
    else {
      leave();
      out.push(row);
    }
  });
  leave();
  return out;
}

const signs = { same: '', added: '+', removed: '−', 'left out': '' } as const;
const words = { same: '', added: 'added: ', removed: 'removed: ', 'left out': '' } as const;

/** How one schema becomes another, line by line. */
export function Diff({ label, before, after }: { readonly label: string; readonly before: string; readonly after: string }): ReactNode {
  const rows = rowsOf(before, after);
  const added = rows.filter(({ kind }) => kind === 'added').length;
  const removed = rows.filter(({ kind }) => kind === 'removed').length;
  if (added + removed === 0) return <p className="muted">Both are the same, to the letter.</p>;
  return (
    <>
      <p className="diff-sum" role="status"><span data-kind="added">+{added}</span> <span data-kind="removed">−{removed}</span> <span className="faint">{plural(added + removed, 'line')} of {label}</span></p>
      <div className="diff" tabIndex={0} role="region" aria-label={label} dir="ltr">
        <ol>
          {rows.map(({ kind, text, before: was, after: is }, i) => (
            <li key={i} data-kind={kind === 'left out' ? 'left' : kind}>
              <span className="diff-number" aria-hidden="true">{was}</span><span className="diff-number" aria-hidden="true">{is}</span>
              <span className="diff-sign" aria-hidden="true">{signs[kind]}</span>
              <code>{words[kind] !== '' && <span className="visually-hidden">{words[kind]}</span>}{kind === 'left out' ? `… ${text} that are the same` : text || ' '}</code>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
