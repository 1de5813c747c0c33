// The publish dialog can be opened from everywhere; it is loaded when it is needed first.
import { createContext, useContext } from 'react';

export interface PublishRequest {
  /** Keys of the screens to begin with; all that changed when omitted. */
  readonly screens?: readonly string[];
}

export const PublishContext = createContext<(request?: PublishRequest) => void>(() => undefined);

export const usePublish = (): ((request?: PublishRequest) => void) => useContext(PublishContext);
