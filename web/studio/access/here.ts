// The three questions that are asked everywhere, for the frontend that is worked on.
import { useFrontend } from '../lib/frontend';
import { useMay, type May } from './may';

/** Screens, drafts and pictures. */
export function useMayEdit(): May {
  const { frontend } = useFrontend();
  return useMay('content:write', { frontend });
}

/** What an environment shows; the one that is looked at when omitted. */
export function useMayPublish(key?: string): May {
  const { frontend, environment } = useFrontend();
  return useMay('release:write', { frontend, environment: key ?? environment.key });
}

/** The frontend and its environments. */
export function useMaySet(): May {
  const { frontend } = useFrontend();
  return useMay('frontends:write', { frontend });
}
