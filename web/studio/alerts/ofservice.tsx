import type { ReactNode } from 'react';
import { useFrontend } from '../lib/frontend';
import { useAlerts } from './alerts';
import { ToProcess } from './banner';
import { Says } from './says';

/** What is wrong with one service, and the way to the process that is to blame. */
export function AlertsOf({ service }: { readonly service: string }): ReactNode {
  const { frontend } = useFrontend();
  const alerts = useAlerts().filter(({ serviceName }) => serviceName === service);
  if (alerts.length === 0) return null;
  return (
    <ul className="alerts-of" aria-label={`Alerts of ${service}`}>
      {alerts.map((alert) => (
        <li key={alert.id}><Says of={alert}><span className="alert-ways"><ToProcess of={alert} frontend={frontend.slug} /></span></Says></li>
      ))}
    </ul>
  );
}
