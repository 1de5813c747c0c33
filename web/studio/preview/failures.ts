import { useCallback, useEffect, useRef, useState } from 'react';
import type { Draft } from '../editor/types';
import { draftKeyOf } from './snapshot';

/** More than a person would read. */
const MOST = 100;

interface Failures {
  /** Messages by the key of the block in the preview. */
  readonly failed: ReadonlyMap<string, string>;
  note(key: string, message: string): void;
  /** Another page begins anew. */
  forget(): void;
}

/** Blocks that the page could not draw. A block that is changed is tried again, so it is forgotten until it fails again. */
export function useFailures(draft: Draft): Failures {
  const [failed, set] = useState<ReadonlyMap<string, string>>(new Map());
  const latest = useRef(draft);
  useEffect(() => {
    const before = latest.current;
    latest.current = draft;
    set((now) => {
      const rest = [...now].filter(([key]) => before.blocks.get(draftKeyOf(key)) === draft.blocks.get(draftKeyOf(key)));
      return rest.length === now.size ? now : new Map(rest);
    });
  }, [draft]);
  const note = useCallback((key: string, message: string) => {
    if (latest.current.blocks.has(draftKeyOf(key))) set((now) => (now.get(key) === message || now.size >= MOST ? now : new Map(now).set(key, message)));
  }, []);
  const forget = useCallback(() => set((now) => (now.size === 0 ? now : new Map())), []);
  return { failed, note, forget };
}
