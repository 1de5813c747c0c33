// Nobody gives more than they hold: what a new key may be given, by the rule that the server decides by.
import type { Grant, Viewer } from '../access/viewer';
import { and } from '../lib/format';
import { implied } from './scopes';

/** Where the scopes of a key hold. */
export interface Hold {
  /** Id; empty for every frontend. */
  readonly frontend: string;
  /** Keys; empty for every environment. */
  readonly environments: readonly string[];
  /** Names; empty for none in particular. */
  readonly services: readonly string[];
}

/** Lists of which an empty one means everything. */
const within = (small: readonly string[], large: readonly string[]): boolean => large.length === 0 || (small.length > 0 && small.every((entry) => large.includes(entry)));

/** The services of a grant limit these scopes and no others. */
const aboutServices = (scope: string): boolean => /^(services|instances):|^audit:read$/.test(scope);

const covers = (grant: Grant, scope: string, at: Hold): boolean =>
  grant.scopes.includes(scope) && (grant.frontend == null || grant.frontend === at.frontend) && within(at.environments, grant.environments) && (!aboutServices(scope) || within(at.services, grant.services));

/** Whether the caller holds a scope, and what it brings along, wherever the key would. What is not known yet is not denied. */
export const mayGive = (viewer: Viewer | undefined, scope: string, at: Hold): boolean =>
  !viewer || [...implied([scope])].every((each) => viewer.grants.some((grant) => covers(grant, each, at)));

/** The scopes of a key that the caller does not hold wherever it does. */
export const notHeld = (viewer: Viewer | undefined, scopes: readonly string[], at: Hold): readonly string[] => scopes.filter((scope) => !mayGive(viewer, scope, at));

/** The environments of a frontend that the caller is limited to; undefined for one who is not. */
export function limitedTo(viewer: Viewer | undefined, frontend: string): readonly string[] | undefined {
  const grants = viewer?.grants.filter((grant) => grant.frontend == null || grant.frontend === frontend) ?? [];
  return grants.length === 0 || grants.some(({ environments }) => environments.length === 0) ? undefined : [...new Set(grants.flatMap(({ environments }) => environments))];
}

/** Why a scope cannot be given; `where` names the frontend of the key. */
export function whyNot(viewer: Viewer, scope: string, at: Hold, where: string, admins: readonly string[]): string {
  const ask = `Ask an admin${admins.length > 0 ? `: ${and(admins)}` : ''}.`;
  const held = viewer.grants.filter((grant) => grant.scopes.includes(scope) && (grant.frontend == null || grant.frontend === at.frontend));
  const environments = [...new Set(held.flatMap((grant) => grant.environments))];
  if (held.length > 0 && environments.length > 0) return `You hold it in ${and(environments)} only: choose no other environment, or ask an admin.`;
  return `You do not hold it for ${where}. ${ask}`;
}
