// The bundles of scopes for people, in words.
import type { Role } from '../gql/graphql';
import { and } from '../lib/format';
import type { Grant } from './viewer';

export interface RoleWords {
  readonly role: Role;
  readonly name: string;
  /** What it may do, as one reads it on a card. */
  readonly may: readonly string[];
}

export const roles: readonly RoleWords[] = [
  { role: 'DESIGNER', name: 'Designer', may: ['edits screens', 'publishes and rolls back'] },
  { role: 'DEVELOPER', name: 'Developer', may: ['all that a designer may', 'registers builds, documents and services', 'explores the graph, sees API keys'] },
  { role: 'OPERATOR', name: 'Operator', may: ['reads everything, with the audit log', 'rolls back', 'scales and withdraws services'] },
  { role: 'ADMIN', name: 'Admin', may: ['everything', 'members, API keys and frontends, too'] },
];

export const roleName = (role: Role | null | undefined): string => roles.find((entry) => entry.role === role)?.name ?? 'Some scopes';

/** "Designer of shop in staging", "Admin of every frontend". */
export function grantWords({ role, frontend, frontendSlug, environments, services }: Pick<Grant, 'role' | 'frontend' | 'frontendSlug' | 'environments' | 'services'>): string {
  const of = frontend == null ? 'every frontend' : (frontendSlug ?? 'a frontend that is gone');
  return `${roleName(role)} of ${of}${environments.length > 0 ? ` in ${and(environments)}` : ''}${services.length > 0 ? `, services ${and(services)}` : ''}`;
}
