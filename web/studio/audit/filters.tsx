import { NativeSelect, TextInput } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { useMayAnywhere } from '../access/may';
import { FRONTENDS } from '../shell/frontendmenu';
import { groups } from './actions';
import type { Address, Filter } from './address';
import { KEYS, MEMBERS, type Actor } from './documents';
import { isId } from './subjects';

/** Who and what entries that were shown are of: what one narrows to next. */
export interface Seen {
  readonly actors: ReadonlyMap<string, Actor>;
  /** Names by id. */
  readonly subjects: ReadonlyMap<string, string>;
}

export const noSeen: Seen = { actors: new Map(), subjects: new Map() };

interface FiltersProps {
  readonly filter: Filter;
  readonly narrow: Address['narrow'];
  readonly seen: Seen;
}

/** Which entries; each condition that is given must hold. */
export function Filters({ filter, narrow, seen }: FiltersProps): ReactNode {
  const [{ data }] = useQuery({ query: FRONTENDS });
  const frontends = data?.frontends?.edges.map(({ node }) => ({ value: node.slug, label: node.name })) ?? [];
  return (
    <form className="audit-filters" aria-label="Which entries" onSubmit={(event) => event.preventDefault()}>
      <Who value={filter.actor ?? ''} choose={(actor) => narrow({ actor })} seen={seen.actors} />
      <NativeSelect
        label="What" value={filter.action ?? ''} onChange={(event) => narrow({ action: event.currentTarget.value })}
        data={[{ value: '', label: 'Anything' }, ...groups.map(({ group, actions }) => ({ group, items: actions.map(({ name, done }) => ({ value: name, label: done })) })), ...unknown(filter.action, groups.flatMap(({ actions }) => actions.map(({ name }) => name)))]}
      />
      <Subject key={filter.subject ?? ''} value={filter.subject ?? ''} choose={(subject) => narrow({ subject })} seen={seen.subjects} />
      <NativeSelect
        label="Frontend" value={filter.frontend ?? ''} onChange={(event) => narrow({ frontend: event.currentTarget.value })}
        data={[{ value: '', label: 'Any, or none' }, ...frontends, ...unknown(filter.frontend, frontends.map(({ value }) => value))]}
      />
      <Moment label="From" value={filter.from ?? ''} set={(from) => narrow({ from }, true)} />
      <Moment label="Before" value={filter.to ?? ''} set={(to) => narrow({ to }, true)} />
    </form>
  );
}

/** What the address asks for is said, also when it is not among what can be chosen. */
const unknown = (value: string | undefined, known: readonly string[]): { value: string; label: string }[] => (value && !known.includes(value) ? [{ value, label: value }] : []);

interface OneProps<Value> {
  readonly value: string;
  readonly choose: (value: string) => void;
  readonly seen: ReadonlyMap<string, Value>;
}

function Who({ value, choose, seen }: OneProps<Actor>): ReactNode {
  const members = useMayAnywhere('members:read').allowed;
  const keys = useMayAnywhere('keys:read').allowed;
  const [{ data: people }] = useQuery({ query: MEMBERS, pause: !members });
  const [{ data: programs }] = useQuery({ query: KEYS, pause: !keys });
  const names = new Map<string, { readonly group: string; readonly label: string }>();
  for (const { node } of people?.members?.edges ?? []) names.set(node.id, { group: 'Members', label: node.name });
  for (const { node } of programs?.apiKeys?.edges ?? []) names.set(node.id, { group: 'API keys', label: `${node.name} (${node.prefix}…)` });
  for (const [id, { kind, name }] of seen) if (!names.has(id)) names.set(id, { group: kind === 'API_KEY' ? 'API keys' : kind === 'SYSTEM' || kind === 'ANONYMOUS' ? 'Nobody' : 'Members', label: name });
  const items = (group: string): { value: string; label: string }[] => [...names].filter(([, entry]) => entry.group === group).map(([id, { label }]) => ({ value: id, label }));
  return (
    <NativeSelect
      label="Who" value={value} onChange={(event) => choose(event.currentTarget.value)}
      data={[{ value: '', label: 'Anybody' }, ...['Members', 'API keys', 'Nobody'].map((group) => ({ group, items: items(group) })).filter((group) => group.items.length > 0), ...unknown(value, [...names.keys()])]}
    />
  );
}

/** One thing, by its name when it was among the entries, else by its id. */
function Subject({ value, choose, seen }: OneProps<string>): ReactNode {
  const list = useId();
  const name = seen.get(value) ?? value;
  const [typed, type] = useState<string>();
  const [wrong, say] = useState(false);
  const take = (text: string, whole: boolean): void => {
    const wanted = text.trim();
    const id = [...seen].find(([, other]) => other === wanted)?.[0] ?? wanted;
    const fits = id === '' || seen.has(id) || isId(id);
    say(whole && !fits);
    if (fits && id !== value) choose(id);
  };
  return (
    <>
      <TextInput
        label="About" placeholder="Name or id" list={list} autoComplete="off" spellCheck={false} value={typed ?? name} error={wrong && 'None of the names here, and no id'}
        onChange={(event) => {
          const text = event.currentTarget.value;
          type(text);
          say(false);
          // One that is chosen from the list comes at once; an id may still be half of one.
          if (text === '' || [...seen.values()].includes(text)) take(text, false);
        }}
        onBlur={() => typed !== undefined && take(typed, true)}
        onKeyDown={(event) => event.key === 'Enter' && typed !== undefined && take(typed, true)}
      />
      <datalist id={list}>{[...new Set(seen.values())].map((other) => <option key={other} value={other} />)}</datalist>
    </>
  );
}

const two = (n: number): string => String(n).padStart(2, '0');

/** A moment in the words of the field: the time of this place, to the minute. */
function fieldOf(moment: string): string {
  const at = new Date(moment);
  return moment === '' ? '' : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A year is typed digit by digit: those before are on the way to one. */
const FIRST = 2000;

function Moment({ label, value, set }: { readonly label: string; readonly value: string; readonly set: (moment: string) => void }): ReactNode {
  const [typed, type] = useState(() => fieldOf(value));
  const [before, follow] = useState(value);
  if (before !== value) {
    follow(value);
    if (momentOf(typed) !== value) type(fieldOf(value));
  }
  return (
    <TextInput
      type="datetime-local" label={label} value={typed} max="9999-12-31T23:59"
      onChange={(event) => {
        const text = event.currentTarget.value;
        type(text);
        const moment = momentOf(text);
        if (moment !== undefined && moment !== value) set(moment);
      }}
    />
  );
}

/** What a field means; undefined for what is not finished. */
function momentOf(field: string): string | undefined {
  if (field === '') return '';
  const at = new Date(field);
  return Number.isNaN(at.getTime()) || at.getFullYear() < FIRST ? undefined : at.toISOString().replace('.000Z', 'Z');
}
