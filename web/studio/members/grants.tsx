import { ActionIcon, Button } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { roles } from '../access/roles';
import type { GrantInput, Role } from '../gql/graphql';
import { WHERE, type Member } from './documents';
import './grants.css';

/** A grant while it is chosen; `frontend` is an id, empty for every one. */
export interface Chosen {
  readonly role: Role;
  readonly frontend: string;
  /** Empty for every one. */
  readonly environments: readonly string[];
}

export const inputOf = ({ role, frontend, environments }: Chosen): GrantInput => ({ role, ...(frontend ? { frontend } : {}), ...(environments.length > 0 ? { environments: [...environments] } : {}) });

export const chosenOf = (grants: Member['grants']): readonly Chosen[] =>
  grants.flatMap(({ role, frontend, environments }) => (role ? [{ role, frontend: frontend ?? '', environments }] : []));

interface GrantsProps {
  readonly value: readonly Chosen[];
  readonly set: (value: readonly Chosen[]) => void;
}

const MOST = 50;

/** What a person may do, and where: one card or more of roles, each for a frontend and some of its environments. */
export function Grants({ value, set }: GrantsProps): ReactNode {
  const [{ data }] = useQuery({ query: WHERE });
  const frontends = data?.frontends?.edges.map(({ node }) => node) ?? [];
  return (
    <div className="stack grants">
      {value.map((grant, at) => (
        <One
          key={at} grant={grant} frontends={frontends} number={value.length > 1 ? at + 1 : undefined}
          set={(next) => set(value.map((entry, i) => (i === at ? next : entry)))}
          remove={value.length > 1 ? () => set(value.filter((_, i) => i !== at)) : undefined}
        />
      ))}
      <Button variant="subtle" size="compact-sm" className="grants-add" leftSection={<Plus size={14} aria-hidden="true" />} disabled={value.length >= MOST} onClick={() => set([...value, { role: 'DESIGNER', frontend: frontends[0]?.id ?? '', environments: [] }])}>
        Another role elsewhere
      </Button>
    </div>
  );
}

interface OneProps {
  readonly grant: Chosen;
  readonly number: number | undefined;
  readonly frontends: readonly { readonly id: string; readonly slug: string; readonly name: string; readonly environments: readonly { readonly id: string; readonly key: string }[] }[];
  readonly set: (grant: Chosen) => void;
  readonly remove: (() => void) | undefined;
}

function One({ grant, number, frontends, set, remove }: OneProps): ReactNode {
  const id = useId();
  const keys = frontends.find(({ id: other }) => other === grant.frontend)?.environments.map(({ key }) => key) ?? [];
  const every = grant.environments.length === 0;
  const toggle = (key: string): void => {
    const before = every ? keys : grant.environments;
    const next = before.includes(key) ? before.filter((other) => other !== key) : [...before, key];
    // None would mean every one.
    if (next.length > 0) set({ ...grant, environments: keys.every((other) => next.includes(other)) ? [] : next });
  };
  return (
    <fieldset className="grant">
      <legend>{number === undefined ? 'May be' : `Role ${number}`}</legend>
      {remove && <ActionIcon className="grant-remove" aria-label={`Take role ${number} away`} onClick={remove}><Trash2 size={15} aria-hidden="true" /></ActionIcon>}
      <div className="role-cards">
        {roles.map(({ role, name, may }) => (
          <label key={role} className="role-card">
            <input type="radio" name={`${id}role`} value={role} checked={grant.role === role} onChange={() => set({ ...grant, role })} aria-labelledby={`${id}${role}name`} aria-describedby={`${id}${role}`} />
            <span id={`${id}${role}name`} className="role-name">{name}</span>
            <span id={`${id}${role}`} className="role-may">{may.map((line) => <span key={line}>{line}</span>)}</span>
          </label>
        ))}
      </div>
      <div className="row wrap grant-where">
        <label htmlFor={`${id}frontend`}>of</label>
        <select id={`${id}frontend`} aria-label="Frontend" value={grant.frontend} onChange={(event) => set({ ...grant, frontend: event.currentTarget.value, environments: [] })}>
          <option value="">every frontend</option>
          {frontends.map((frontend) => <option key={frontend.id} value={frontend.id}>{frontend.name}</option>)}
        </select>
        {keys.length > 0 && (
          <span className="row wrap" role="group" aria-label="Environments">
            in
            {keys.map((key) => (
              <label key={key} className="grant-environment"><input type="checkbox" checked={every || grant.environments.includes(key)} onChange={() => toggle(key)} />{key}</label>
            ))}
            {every && <span className="faint">and those to come</span>}
          </span>
        )}
      </div>
    </fieldset>
  );
}
