// How far somebody may read the log. A grant for some environments or services reads nothing: the log of a frontend tells
// of all of them.
import { useAdmins } from '../access/admins';
import { and } from '../lib/format';
import { holdsAnywhere, type May } from '../access/may';
import { useViewer, type Viewer } from '../access/viewer';

export interface Reads {
  /** Every entry, with those that belong to no frontend. */
  readonly whole: boolean;
  /** Slugs of the frontends whose entries are read. */
  readonly frontends: readonly string[];
}

export function readsOf({ grants }: Pick<Viewer, 'grants'>): Reads {
  const wide = grants.filter(({ scopes, environments, services }) => scopes.includes('audit:read') && environments.length === 0 && services.length === 0);
  return { whole: wide.some(({ frontend }) => frontend == null), frontends: [...new Set(wide.flatMap(({ frontendSlug }) => (frontendSlug == null ? [] : [frontendSlug])))].sort() };
}

const ask = (admins: readonly string[]): string => `Ask an admin${admins.length > 0 ? `: ${and(admins)}` : ''}.`;

/** Who may read what of the log; what is not known yet is not denied. */
export function useReads(): Reads & { readonly may: May; readonly mayWhole: May } {
  const viewer = useViewer();
  const reads = viewer ? readsOf(viewer) : { whole: true, frontends: [] };
  const admins = useAdmins(!reads.whole);
  const narrow = viewer !== undefined && holdsAnywhere(viewer, 'audit:read');
  const some = reads.whole || reads.frontends.length > 0;
  return {
    ...reads,
    may: { allowed: some, why: some ? '' : narrow ? `You hold audit:read for some environments only, and the log of a frontend tells of all of them. You need it for the whole frontend. ${ask(admins)}` : `You need audit:read. ${ask(admins)}` },
    mayWhole: { allowed: reads.whole, why: reads.whole ? '' : `You need audit:read for every frontend. ${ask(admins)}` },
  };
}
