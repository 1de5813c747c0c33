import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useClient } from 'urql';
import { useEditor } from '../context';
import { failed, sentence } from '../../lib/failed';
import { toast } from '../../lib/toast';
import { useOwn } from '../session/context';
import { factsOf, type Facts } from '../session/remote';
import { UPDATE } from './documents';

type Field = 'title' | 'path';

/** Title and path, each a field that looks like text until somebody goes into it. */
export function Title({ screen }: { readonly screen: string }): ReactNode {
  const { facts } = useOwn();
  return (
    <div className="head-title">
      <Inline screen={screen} field="title" label="Title of the screen" value={facts.title} longest={200} />
      <Inline screen={screen} field="path" label="Path of the screen" value={facts.path ?? ''} empty="shared part" longest={500} />
    </div>
  );
}

interface InlineProps {
  readonly screen: string;
  readonly field: Field;
  readonly label: string;
  readonly value: string;
  readonly empty?: string;
  readonly longest: number;
}

function Inline({ screen, field, label, value, empty, longest }: InlineProps): ReactNode {
  const save = useUpdate(screen);
  const { may } = useEditor();
  const [typed, type] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const shown = typed ?? value;
  const done = (): void => {
    if (typed !== undefined && typed.trim() !== value && (field === 'path' || typed.trim() !== '')) void save(field, value, typed.trim());
    type(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') type(undefined);
    // The blur after it saves what is typed by then.
    setTimeout(() => input.current?.blur());
  };
  return (
    <span className="inline" data-field={field} data-value={shown || empty}>
      <input
        ref={input} aria-label={label} value={shown} placeholder={empty} maxLength={longest} spellCheck={field === 'title'} dir="auto" data-own-undo size={1} readOnly={!may.allowed} title={may.allowed ? undefined : may.why}
        onChange={(event) => type(event.currentTarget.value)} onBlur={done} onKeyDown={onKeyDown}
      />
    </span>
  );
}

/** Saves title or path. Whoever changed the same meanwhile is asked about; edits of blocks do no harm. */
function useUpdate(screen: string): (field: Field, before: string, value: string) => Promise<void> {
  const client = useClient();
  const own = useOwn();
  const latest = useRef(own);
  useEffect(() => {
    latest.current = own;
  });
  const save = async (field: Field, before: string, value: string, expectedVersion = latest.current.session.view().facts.version, turn = 0): Promise<void> => {
    const { session, facts } = latest.current;
    const change = field === 'title' ? { title: value } : { path: value === '' ? null : value };
    const { data, error } = await client.mutation(UPDATE, { input: { id: screen, expectedVersion, ...change } }).toPromise();
    const payload = data?.screenUpdate;
    const conflict = payload?.userErrors.find((problem) => 'current' in problem);
    const current = conflict && 'current' in conflict && conflict.current ? factsOf(conflict.current) : undefined;
    if (current) {
      const theirs = of(current, field);
      if (theirs === before && turn < 3) return save(field, before, value, current.version, turn + 1);
      toast({ message: `Somebody else made it “${theirs}” meanwhile.`, tone: 'bad', action: { label: `Make it “${value}”`, run: () => void save(field, theirs, value) } });
      return;
    }
    if (failed(error, payload?.userErrors.map(({ message }) => ({ message: sentence(message) }))) || !payload?.screen) return;
    session.know(factsOf(payload.screen));
    toast({ message: field === 'title' ? 'Title saved.' : 'Path saved.', stays: 3_000, action: { label: 'Undo', run: () => void save(field, value, of(facts, field)) } });
  };
  return save;
}

const of = (facts: Facts, field: Field): string => (field === 'title' ? facts.title : (facts.path ?? ''));
