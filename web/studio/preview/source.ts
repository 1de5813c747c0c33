// Which page shows the draft: the customer's own, or the built-in renderer.
import { useMemo, useState } from 'react';
import { useFrontend } from '../lib/frontend';
import { isText, recall, remember } from '../lib/recall';
import { addressAt, pageOf } from './path';
import { usePreviewToken } from './token';

export type Source =
  | { readonly kind: 'builtin' }
  | { readonly kind: 'own'; readonly src: string; readonly origin: string };

export interface Choice {
  /** Undefined while the link for the customer's page is on its way. */
  readonly source: Source | undefined;
  /** The origin of the customer's page, when there is one that may be shown. */
  readonly own: string | undefined;
  /** Why the customer's page cannot be shown, when there is a reason. */
  readonly refused: string | undefined;
  readonly registered: boolean;
  choose(kind: Source['kind']): void;
}

/** `path`: where the screen is; null for a shared part, which has no address of its own that a page could be opened at. */
export function useSource(path: string | null): Choice {
  const { frontend } = useFrontend();
  const { id, slug, previewUrl, origins } = frontend;
  const name = `preview.${slug}`;
  const [chosen, set] = useState(() => recall(name, 'own', isText));
  const { own, refused } = useMemo(() => pageOf(previewUrl ?? null, location.origin), [previewUrl]);
  const wanted = own !== undefined && path !== null && chosen !== 'builtin';
  const token = usePreviewToken(id, wanted);
  const source = useMemo((): Source | undefined => {
    if (!wanted || !previewUrl || path === null) return { kind: 'builtin' };
    return token === undefined ? undefined : { kind: 'own', src: addressAt(previewUrl, path, token), origin: own };
  }, [wanted, previewUrl, token, own, path]);
  return {
    source, own, refused,
    registered: own !== undefined && origins.includes(own),
    choose: (kind) => {
      remember(name, kind);
      set(kind);
    },
  };
}
