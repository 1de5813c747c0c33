// The permission words in people's words, and which of them go together for what a key is mostly made for.
import type { Scope } from '../access/may';

export interface ScopeWords {
  readonly scope: Scope;
  readonly does: string;
}

export const groups: readonly { readonly name: string; readonly scopes: readonly ScopeWords[] }[] = [
  {
    name: 'Content',
    scopes: [
      { scope: 'delivery:read', does: 'Reads what is live, also where that takes a key' },
      { scope: 'content:read', does: 'Reads screens, drafts, releases and builds' },
      { scope: 'content:write', does: 'Edits screens, uploads pictures' },
      { scope: 'release:write', does: 'Publishes, rolls back, promotes, schedules' },
    ],
  },
  {
    name: 'Frontends',
    scopes: [
      { scope: 'components:write', does: 'Registers builds and what they can render' },
      { scope: 'documents:read', does: 'Sees the registered operations' },
      { scope: 'documents:write', does: 'Registers operations' },
      { scope: 'frontends:write', does: 'Changes frontends, their origins and environments' },
    ],
  },
  {
    name: 'Services',
    scopes: [
      { scope: 'services:read', does: 'Sees services and their schemas' },
      { scope: 'services:write', does: 'Registers and withdraws the services named below' },
      { scope: 'instances:write', does: 'Adds and takes away instances of the services named below' },
    ],
  },
  {
    name: 'People, keys and records',
    scopes: [
      { scope: 'members:read', does: 'Sees who may sign in' },
      { scope: 'members:write', does: 'Invites and removes members' },
      { scope: 'keys:read', does: 'Sees API keys, never their secrets' },
      { scope: 'keys:write', does: 'Makes, rotates and revokes API keys' },
      { scope: 'audit:read', does: 'Reads who changed what' },
      { scope: 'graph:explore', does: 'Reads the schema, for tools and code generators' },
    ],
  },
];

const known = new Set<string>(groups.flatMap(({ scopes }) => scopes.map(({ scope }) => scope)));

/** Whether a service has to be named beside it. */
export const namesServices = (scope: string): boolean => scope === 'services:write' || scope === 'instances:write';

/** The scopes with those that they bring along, as the server counts them. */
export function implied(scopes: readonly string[]): ReadonlySet<string> {
  const all = new Set(scopes);
  for (const scope of scopes) {
    const read = scope.replace(/:write$/, ':read');
    if (known.has(read)) all.add(read);
  }
  if (all.has('content:read')) all.add('delivery:read');
  return all;
}

/** The chosen scope that brings another one along; undefined when none does. */
export const bringing = (scope: string, chosen: readonly string[]): string | undefined => chosen.find((other) => other !== scope && implied([other]).has(scope));

/** Without those that another one brings along. */
export const shortest = (scopes: readonly string[]): readonly string[] => scopes.filter((scope) => bringing(scope, scopes) === undefined);

export type Purpose = 'integrator' | 'ci' | 'browser' | 'automation';

export interface PurposeWords {
  readonly purpose: Purpose;
  readonly name: string;
  readonly does: string;
  readonly scopes: readonly Scope[];
  readonly publishable: boolean;
}

export const purposes: readonly PurposeWords[] = [
  { purpose: 'integrator', name: 'Integrator', does: 'Reads content', scopes: ['content:read'], publishable: false },
  { purpose: 'ci', name: 'CI', does: 'Registers builds', scopes: ['components:write'], publishable: false },
  { purpose: 'browser', name: 'Browser', does: 'Reads what is live, may be seen by everybody', scopes: ['delivery:read'], publishable: true },
  { purpose: 'automation', name: 'Automation', does: 'Edits and publishes', scopes: ['content:write', 'release:write'], publishable: false },
];

const sameSet = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((entry) => b.includes(entry));

/** What the choice is for, when it is one of these; undefined for a choice of one's own. */
export const purposeOf = (scopes: readonly string[], publishable: boolean): Purpose | undefined =>
  purposes.find((entry) => entry.publishable === publishable && sameSet(entry.scopes, scopes))?.purpose;
