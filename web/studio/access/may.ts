// What the caller may do, so that a control can say beforehand what the server would answer. The server decides.
import { and } from '../lib/format';
import { useAdmins } from './admins';
import { useViewer, type Grant, type Viewer } from './viewer';

/** The permission words of the graph. */
export type Scope =
  | 'delivery:read' | 'content:read' | 'content:write' | 'release:write' | 'components:write' | 'frontends:write' | 'documents:read' | 'documents:write'
  | 'services:read' | 'services:write' | 'instances:write' | 'keys:read' | 'keys:write' | 'members:read' | 'members:write' | 'audit:read' | 'graph:explore';

/** Where a scope is needed. Without a frontend: for the whole installation, which only a grant for every frontend reaches. */
export interface Place {
  readonly frontend?: { readonly id: string; readonly slug: string };
  /** Key; omitted for what belongs to no environment, for instance drafts. */
  readonly environment?: string;
  /** Name. */
  readonly service?: string;
}

export interface May {
  readonly allowed: boolean;
  /** What is missing, where, and whom to ask; empty when it is allowed. */
  readonly why: string;
}

const ALLOWED: May = { allowed: true, why: '' };

const reaches = ({ frontend, environments, services }: Grant, at: Place): boolean =>
  (frontend == null || frontend === at.frontend?.id) &&
  (environments.length === 0 || at.environment === undefined || environments.includes(at.environment)) &&
  (services.length === 0 || at.service === undefined || services.includes(at.service));

/** Whether the caller holds a scope at a place. */
export const holds = (viewer: Viewer, scope: Scope, at: Place): boolean => viewer.grants.some((grant) => grant.scopes.includes(scope) && reaches(grant, at));

/** Whether the caller holds a scope somewhere: then there is something to look at. */
export const holdsAnywhere = (viewer: Viewer, scope: Scope): boolean => viewer.scopes.includes(scope);

/** "You need release:write for shop/production. Ask an admin: Ada." */
export function reason(scope: Scope, { frontend, environment, service }: Place, admins: readonly string[]): string {
  const where = [frontend?.slug, environment].filter(Boolean).join('/') || (service === undefined ? 'every frontend' : '');
  const place = [where, service === undefined ? '' : `the service ${service}`].filter(Boolean).join(', ');
  return `You need ${scope} for ${place}. Ask an admin${admins.length > 0 ? `: ${and(admins)}` : ''}.`;
}

/** Whether the caller may do something here, and why not. What is not known yet is not denied. */
export function useMay(scope: Scope, at: Place = {}): May {
  const viewer = useViewer();
  const allowed = !viewer || holds(viewer, scope, at);
  const admins = useAdmins(!allowed);
  return allowed ? ALLOWED : { allowed, why: reason(scope, at, admins) };
}

/** Whether the caller may do something at any place at all. */
export function useMayAnywhere(scope: Scope): May {
  const viewer = useViewer();
  const allowed = !viewer || holdsAnywhere(viewer, scope);
  const admins = useAdmins(!allowed);
  return allowed ? ALLOWED : { allowed, why: `You need ${scope}. Ask an admin${admins.length > 0 ? `: ${and(admins)}` : ''}.` };
}
