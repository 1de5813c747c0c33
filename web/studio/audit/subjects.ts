// What an entry is about: which sort of thing, and where that is in the studio.
import { editorOf } from '../shell/places';

const kinds: Readonly<Record<string, string>> = {
  scr: 'screen', rel: 'release', env: 'environment', sch: 'schedule', frt: 'frontend', bld: 'build', ast: 'picture', doc: 'trusted document', svc: 'service', ins: 'instance', key: 'API key', mem: 'member',
};

interface About {
  readonly action: string;
  readonly frontend?: string | null;
  readonly subjectId?: string | null;
  readonly subjectLabel: string;
}

/** "screen", "member"; empty for what has no name yet. */
export const kindOf = (id: string | null | undefined): string => kinds[id?.slice(0, id.indexOf('_')) ?? ''] ?? '';

/** "screen shop/home": one thing has one name, and two things have two. */
export const nameOf = ({ subjectId, subjectLabel }: Pick<About, 'subjectId' | 'subjectLabel'>): string => [kindOf(subjectId), subjectLabel].filter(Boolean).join(' ');

export const isId = (text: string): boolean => /^[a-z]{3}_[0-9a-zA-Z-]{6,64}$/.test(text);

/** Where it is, below `/studio`; undefined when there is nothing to look at. `here` is the frontend that is worked on. */
export function placeOf({ action, frontend, subjectId, subjectLabel }: About, here: string): string | undefined {
  const kind = kindOf(subjectId);
  if (kind === 'member') return action === 'memberRemove' ? undefined : `/${here}/members`;
  if (!frontend) return undefined;
  switch (kind) {
    case 'screen': {
      const key = subjectLabel.slice(frontend.length + 1);
      return action === 'screenDelete' || !subjectLabel.startsWith(`${frontend}/`) || !/^[a-z0-9-]+$/.test(key) ? undefined : editorOf(frontend, key);
    }
    case 'environment': return action.startsWith('environment') ? `/${frontend}/settings` : `/${frontend}/releases?view=log`;
    case 'release': case 'schedule': return `/${frontend}/releases`;
    case 'trusted document': return `/${frontend}/documents`;
    case 'frontend': return action === 'documentsRegister' || action === 'safelistSet' ? `/${frontend}/documents` : action === 'frontendUpdate' ? `/${frontend}/settings` : `/${frontend}`;
    case 'build': return `/${frontend}/components`;
    default: return undefined;
  }
}
