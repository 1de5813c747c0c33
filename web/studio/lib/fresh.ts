import { useEffect } from 'react';
import type { AnyVariables, UseQueryResponse } from 'urql';
import { useLive } from './activity';

/** How often figures are read again while the tab can be seen, in milliseconds. */
const EVERY = 15_000;

/** A query over figures that grow by themselves: nothing announces them, so they are read again now and then. */
export function useFresh<Data, Variables extends AnyVariables>(args: Parameters<typeof useLive<Data, Variables>>[0], every = EVERY): UseQueryResponse<Data, Variables> {
  const response = useLive<Data, Variables>(args);
  const again = response[1];
  const pause = args.pause ?? false;
  useEffect(() => {
    if (pause) return;
    const timer = setInterval(() => {
      if (!document.hidden) again({ requestPolicy: 'network-only' });
    }, every);
    return () => clearInterval(timer);
  }, [again, pause, every]);
  return response;
}
