// Two people changed one block: both values side by side, and the choice. Nothing is lost before somebody chose.
import { Button } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { words } from '../../lib/format';
import { isObject, own, same, type Json, type JsonObject } from '../../lib/json';
import { useEditor } from '../context';
import type { Conflict } from '../types';
import { below } from './pointer';
import { readable } from './readable';
import { Schemas, textOf, type Schema } from './schema';

interface Difference {
  readonly at: string;
  readonly path: readonly string[];
  readonly mine: Json | undefined;
  readonly theirs: Json | undefined;
}

const MOST = 40;

/** Where two values differ, as deep as objects go; lists are compared whole. */
export function differences(schemas: Schemas, schema: Schema | undefined, mine: Json | undefined, theirs: Json | undefined, at = '', path: readonly string[] = []): Difference[] {
  if (same(mine, theirs)) return [];
  if (!isObject(mine) || !isObject(theirs) || path.length > 6) return [{ at, path, mine, theirs }];
  return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].flatMap((name) => {
    const inner = schemas.inside(schema, mine, name);
    return differences(schemas, inner, own(mine, name), own(theirs, name), below(at, name), [...path, textOf(inner, 'title') ?? (words(name) || name)]);
  });
}

export function Conflicts({ block, schema }: { readonly block: string; readonly schema: JsonObject }): ReactNode {
  const { conflicts } = useEditor();
  const here = conflicts.filter((conflict) => conflict.block === block);
  return <div aria-live="polite" className="conflicts">{here.map((conflict, i) => <One key={i} conflict={conflict} schema={schema} />)}</div>;
}

function One({ conflict: { mine, theirs, choose }, schema }: { readonly conflict: Conflict; readonly schema: JsonObject }): ReactNode {
  const id = useId();
  const schemas = new Schemas(schema);
  const found = mine && theirs ? differences(schemas, schemas.resolve(schema), mine.props, theirs.props) : [];
  return (
    <section className="conflict" aria-labelledby={id}>
      <h3 id={id}>{!theirs ? 'Somebody removed this block' : !mine ? 'Somebody changed the block that you removed' : 'Somebody else changed this, too'}</h3>
      {found.length > 0
        ? (
          <dl className="conflict-list">
            {found.slice(0, MOST).map((entry) => (
              <div key={entry.at}>
                <dt dir="auto">{entry.path.join(' › ')}</dt>
                <dd><span className="faint">Yours</span><span className="conflict-value" dir="auto">{readable(entry.mine)}</span></dd>
                <dd><span className="faint">Theirs</span><span className="conflict-value" dir="auto">{readable(entry.theirs)}</span></dd>
              </div>
            ))}
          </dl>
        )
        : <p className="muted">{!theirs ? 'Keep yours to put it back with what you typed.' : !mine ? 'Keep yours to remove it all the same.' : 'It was moved or replaced.'}</p>}
      {found.length > MOST && <p className="faint">And {found.length - MOST} more differences.</p>}
      <div className="row wrap">
        <Button size="compact-md" onClick={() => choose('mine')}>Keep mine</Button>
        <Button size="compact-md" variant="default" onClick={() => choose('theirs')}>Take theirs</Button>
      </div>
    </section>
  );
}
