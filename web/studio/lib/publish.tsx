// The publish dialog can be opened from everywhere; it is loaded when it is needed first.
import { createContext, useContext, useEffect } from 'react';

export interface PublishRequest {
  /** Keys of the screens to begin with; all that changed when omitted. */
  readonly screens?: readonly string[];
}

export const PublishContext = createContext<(request?: PublishRequest) => void>(() => undefined);

export const usePublish = (): ((request?: PublishRequest) => void) => useContext(PublishContext);

const savers = new Set<() => Promise<unknown>>();

/** For whoever holds edits that are not on the server yet: they are sent before something is published. */
export function useSaveBeforePublish(save: () => Promise<unknown>): void {
  useEffect(() => {
    savers.add(save);
    return () => {
      savers.delete(save);
    };
  }, [save]);
}

const PATIENCE = 3_000;

/** Waits until what is being edited is saved, and not for ever: a server that is away is said by the publish itself. */
export const saveAll = (): Promise<unknown> =>
  savers.size === 0 ? Promise.resolve() : Promise.race([Promise.allSettled([...savers].map((save) => save())), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
