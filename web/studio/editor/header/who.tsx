import { Button, Popover, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useViewer } from '../../access/viewer';
import { callMe, MAX_NAME } from '../../lib/me';
import { useEditor } from '../context';
import { People } from '../people';
import { useOwn } from '../session/context';

/** Who is here, and under which name oneself is. */
export function Who(): ReactNode {
  const { people } = useEditor();
  const { name, setName } = useOwn();
  const [open, set] = useState(false);
  const [typed, type] = useState(name);
  const member = useViewer()?.member;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() === '') return;
    callMe(typed);
    setName(typed.trim().slice(0, MAX_NAME));
    set(false);
  };
  if (people.length === 0) return null;
  return (
    <Popover opened={open} onChange={set} position="bottom-end" trapFocus returnFocus shadow="lg" width={270}>
      <Popover.Target>
        <button type="button" className="who" onClick={() => { type(name); set(!open); }}>
          <span className="visually-hidden">Who is here: {people.length}. You are {name}. </span>
          <People people={[...people].sort((a, b) => Number(a.you) - Number(b.you))} />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Who is here">
        <form className="stack" onSubmit={submit}>
          <ul className="who-list">
            {people.map((person) => <li key={person.id} className="row"><People people={[person]} small /><span className="truncate" dir="auto">{person.name}{person.you && <span className="faint"> (you)</span>}</span></li>)}
          </ul>
          {!member && <TextInput label="Your name" description="Others see it while you are here" value={typed} onChange={(event) => type(event.currentTarget.value)} maxLength={MAX_NAME} data-autofocus data-own-undo />}
          {!member && <Button type="submit" size="compact-md" className="push">Use it</Button>}
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
