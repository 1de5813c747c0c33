import type { DraftStatus } from '../gql/graphql';

/** What a draft's status is called, and how it looks. */
export const statusWords: Record<DraftStatus, { readonly word: string; readonly tone: 'accent' | 'warning' | 'danger' | 'plain' }> = {
  IN_SYNC: { word: 'live', tone: 'plain' },
  EDITED: { word: 'edited', tone: 'warning' },
  NEW: { word: 'new', tone: 'accent' },
  DELETED: { word: 'deleted', tone: 'danger' },
};
