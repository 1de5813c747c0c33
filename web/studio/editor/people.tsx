import type { ReactNode } from 'react';
import { and } from '../lib/format';
import { initials } from './session/presence';
import type { Person } from './types';

const MOST = 4;

/** The same person has the same color everywhere. */
export function colorOf(id: string): number {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) % 6;
  return sum;
}

/** People as their initials. */
export function People({ people, small = false }: { readonly people: readonly Person[]; readonly small?: boolean }): ReactNode {
  const shown = people.slice(0, small ? 2 : MOST);
  const names = and(people.slice(0, 12).map(({ name, you }) => (you ? `${name} (you)` : name)));
  return (
    <span className="people" data-small={small || undefined} role="img" aria-label={small ? `${names} here` : names}>
      {shown.map(({ id, name }) => <i key={id} data-color={colorOf(id)} dir="auto">{initials(name)}</i>)}
      {people.length > shown.length && <i>+{people.length - shown.length}</i>}
    </span>
  );
}
