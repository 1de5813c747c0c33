// The last quarter of an hour of each instance of a service. It is read once; every ten seconds what is new joins it.
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { HISTORY, type History } from './graph';
import { joined, MOST } from './join';

const EVERY = 10_000;

/** Undefined until it is known. `all` is who is there: whoever joins is read at once. */
export function useHistory(service: string, all: string): readonly History[] | undefined {
  const client = useClient();
  const [known, set] = useState<readonly History[]>();
  useEffect(() => {
    let over = false;
    let last = 0;
    const read = async (): Promise<void> => {
      const now = Date.now();
      const minutes = Math.min(MOST, Math.ceil((now - last) / 60_000) + 1);
      const { data } = await client.query(HISTORY, { service, minutes }, { requestPolicy: 'network-only' }).toPromise();
      if (over || !data?.fleet) return;
      last = now;
      const { fleet } = data;
      set((before = []) => joined(before, fleet));
    };
    void read();
    const timer = setInterval(() => {
      if (!document.hidden) void read();
    }, EVERY);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [client, service, all]);
  return known;
}
