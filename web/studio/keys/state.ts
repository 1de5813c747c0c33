// Whether a key works, and for how long.
import type { Key } from './documents';

/** `overlap`: another key has taken over, and this one works for a while beside it. */
export type State = 'active' | 'soon' | 'overlap' | 'expired' | 'revoked';

const SOON = 14 * 86_400_000;

export function stateOf({ revokedAt, expiresAt, rotatedAt }: Pick<Key, 'revokedAt' | 'expiresAt' | 'rotatedAt'>, now = Date.now()): State {
  if (revokedAt) return 'revoked';
  if (!expiresAt) return 'active';
  const left = new Date(expiresAt).getTime() - now;
  if (left <= 0) return 'expired';
  if (rotatedAt) return 'overlap';
  return left < SOON ? 'soon' : 'active';
}

export const ended = (state: State): boolean => state === 'revoked' || state === 'expired';

export const stateWords: Record<State, { readonly word: string; readonly tone: 'accent' | 'warning' | 'info' | 'plain' }> = {
  active: { word: 'active', tone: 'accent' },
  soon: { word: 'ends soon', tone: 'warning' },
  overlap: { word: 'in its overlap', tone: 'info' },
  expired: { word: 'expired', tone: 'plain' },
  revoked: { word: 'revoked', tone: 'plain' },
};
