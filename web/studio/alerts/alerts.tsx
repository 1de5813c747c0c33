// What is wrong with the fleet, for everything below: the banner of the studio and the page of each service show the same.
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import { holdsAnywhere } from '../access/may';
import { useStanding } from '../access/viewer';
import { graphql } from '../gql';
import type { StudioAlertsSubscription } from '../gql/graphql';
import { useConnection } from '../lib/client';
import { worstFirst } from './order';

const ALERTS = graphql(`
  subscription StudioAlerts {
    alerts { alerts { id rule severity serviceName since message hint instance { id name } } }
  }
`);

export type Alert = StudioAlertsSubscription['alerts']['alerts'][number];

const NONE: readonly Alert[] = [];
const AlertsContext = createContext<readonly Alert[]>(NONE);

/** Follows what is wrong, for whoever may read services. */
export function AlertsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useClient();
  const { viewer, times } = useStanding();
  const reads = viewer !== undefined && holdsAnywhere(viewer, 'services:read');
  // What is shown while the server is away is what it said last.
  const away = useConnection() === 'away';
  const [alerts, set] = useState(NONE);
  useEffect(() => {
    if (!reads || away) return;
    return client.subscription(ALERTS, {}).subscribe(({ data }) => {
      if (data) set(worstFirst(data.alerts.alerts));
    }).unsubscribe;
  }, [client, reads, away, times]);
  return <AlertsContext value={reads ? alerts : NONE}>{children}</AlertsContext>;
}

/** What is wrong now, the worst first. */
export const useAlerts = (): readonly Alert[] => useContext(AlertsContext);
