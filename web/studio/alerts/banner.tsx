import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { ALL, serviceOf } from '../shell/places';
import './alerts.css';
import { useAlerts, type Alert } from './alerts';
import { messageOf, Says } from './says';

/** Above every view, while something is wrong: the worst of it, and the way to the service that it is about. */
export function Banner({ frontend }: { readonly frontend: string }): ReactNode {
  const alerts = useAlerts();
  const [open, turn] = useState(false);
  const id = useId();
  const [worst, ...others] = alerts;
  return (
    <div className="alerts">
      <News of={alerts} />
      {worst && (
        <section aria-label="Alerts">
          <One of={worst} frontend={frontend}>
            {others.length > 0 && <button type="button" className="alert-more" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => turn(!open)}>and {others.length} more</button>}
          </One>
          {open && others.length > 0 && <ul id={id} aria-label="All other alerts">{others.map((alert) => <li key={alert.id}><One of={alert} frontend={frontend} /></li>)}</ul>}
        </section>
      )}
    </div>
  );
}

function One({ of: alert, frontend, children }: { readonly of: Alert; readonly frontend: string; readonly children?: ReactNode }): ReactNode {
  const [location] = useLocation();
  const search = new URLSearchParams(useSearch());
  // Where the service is looked at, the next step is the process.
  const there = location === `/${frontend}/services` && search.get('service') === alert.serviceName;
  return (
    <Says of={alert}>
      <span className="alert-ways">
        {there ? <ToProcess of={alert} frontend={frontend} /> : <Link href={serviceOf(frontend, alert.serviceName)}>Look at <bdi>{alert.serviceName}</bdi></Link>}
        {children}
      </span>
    </Says>
  );
}

/** The way to the process that is to blame, or to all of its service where none is. Pressed again, it goes there again. */
export function ToProcess({ of: { serviceName, instance }, frontend }: { readonly of: Alert; readonly frontend: string }): ReactNode {
  const at = instance ? `instance-${instance.id}` : `fleet-${serviceName}`;
  return <Link href={serviceOf(frontend, serviceName, instance?.id ?? ALL)} onClick={() => document.getElementById(at)?.focus()}>{instance ? 'Show the process' : 'Show the processes'}</Link>;
}

/** Says what is new, once: the figures in a message go on changing. */
function News({ of: alerts }: { readonly of: readonly Alert[] }): ReactNode {
  const known = useRef(new Set<string>());
  const [news, tell] = useState('');
  useEffect(() => {
    const fresh = alerts.filter(({ id }) => !known.current.has(id));
    known.current = new Set(alerts.map(({ id }) => id));
    if (fresh.length > 0) tell(fresh.map(messageOf).join(' '));
    else if (alerts.length === 0) tell((before) => (before === '' ? '' : 'Nothing is wrong any more.'));
  }, [alerts]);
  return <div role="status" className="visually-hidden">{news}</div>;
}
