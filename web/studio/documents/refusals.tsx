import type { ReactNode } from 'react';
import { sentence } from '../lib/failed';
import { count } from '../lib/format';
import { excerpt } from './manifest';

export interface Refusal {
  readonly message: string;
  readonly path?: readonly string[] | null;
  readonly name?: string | null;
  readonly line?: number | null;
  readonly column?: number | null;
}

/** As many as the server names. */
const MOST = 100;

interface RefusalsProps {
  readonly of: readonly Refusal[];
  /** The name of what a refusal is about where it has none itself. */
  readonly nameOf?: ((path: readonly string[]) => string | undefined) | undefined;
  readonly sourceOf?: ((path: readonly string[]) => string | undefined) | undefined;
}

/** Why documents were not registered: which, where in it, and what is wrong. */
export function Refusals({ of, nameOf, sourceOf }: RefusalsProps): ReactNode {
  return (
    <>
      <ul className="refusals" aria-label="Why">
        {of.map(({ message, path, name, line, column }, i) => {
          const title = name ?? nameOf?.(path ?? []);
          const source = line == null ? undefined : sourceOf?.(path ?? []);
          const shown = source === undefined || line == null ? undefined : excerpt(source, line, column ?? 1);
          return (
            // There are no two states of this list: it comes whole, and is replaced whole.
            <li key={i}>
              <p>
                {title !== undefined && <b><bdi>{title}</bdi></b>}
                {line != null && <span className="refusal-at">line {count(line)}{column != null && `, column ${count(column)}`}</span>}
              </p>
              <p dir="auto">{sentence(message)}</p>
              {shown !== undefined && <pre tabIndex={0} role="region" aria-label={`Line ${line} of ${title ?? 'the document'}`} dir="ltr"><code>{shown}</code></pre>}
            </li>
          );
        })}
      </ul>
      {of.length >= MOST && <p className="faint">These are the first {MOST}.</p>}
    </>
  );
}
