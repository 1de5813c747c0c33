import { ChevronDown } from 'lucide-react';
import { lazy, Suspense, useId, type ReactNode } from 'react';
import type { May } from '../access/may';
import { AlertsOf } from '../alerts/ofservice';
import type { HealthState } from '../gql/graphql';
import { plural } from '../lib/format';
import { Waiting } from '../ui/waiting';
import { SONATA, type ScaleFacts, type Summary } from './fleet/graph';
import { Health, looks } from './health';

const Panel = lazy(() => import('./fleet/panel'));

interface ProcessesProps {
  readonly service: string;
  readonly marked: string | undefined;
  readonly may?: May | undefined;
  readonly scale?: ScaleFacts | undefined;
}

/** How the processes of a service do; loaded when one is opened. */
export function Processes({ service, marked, may, scale }: ProcessesProps): ReactNode {
  return (
    <Suspense fallback={<Waiting rows={2} height={70} />}><Panel service={service} marked={marked} may={may} scale={scale} /></Suspense>
  );
}

const order: readonly HealthState[] = ['HEALTHY', 'UNKNOWN', 'DEGRADED', 'DOWN'];
const worst = (all: readonly Summary[]): HealthState => all.reduce<HealthState>((so, { health: { state } }) => (order.indexOf(state) > order.indexOf(so) ? state : so), 'HEALTHY');

/** "3 instances", and how busy they are on average. */
export function Crew({ of, word }: { readonly of: readonly Summary[]; readonly word: string }): ReactNode {
  const busy = of.flatMap(({ utilization }) => (utilization == null ? [] : [utilization]));
  const mean = busy.reduce((sum, u) => sum + u, 0) / busy.length;
  if (of.length === 0) return null;
  return <><span>{plural(of.length, word, word === 'process' ? 'processes' : `${word}s`)}</span>{busy.length > 0 && <span className="faint">{Math.round(100 * mean)} % busy</span>}</>;
}

interface LineProps {
  readonly name: string;
  readonly of: readonly Summary[];
  readonly open: boolean;
  readonly turn: () => void;
  readonly marked: string | undefined;
}

/** What runs and is no published service: Sonata itself, and instances that wait for their service to be published. */
export function Line({ name, of, open, turn, marked }: LineProps): ReactNode {
  const id = useId();
  const own = name === SONATA;
  const state = own ? worst(of) : 'UNKNOWN';
  return (
    <li className="service" id={`service-${name}`} data-open={open || undefined} data-tone={looks[state].tone}>
      <div className="service-line">
        <span className="service-name">
          <button type="button" aria-expanded={open} aria-controls={open ? id : undefined} onClick={turn}><bdi>{name}</bdi></button>
          <span className="faint truncate">{own ? 'Sonata’s own processes' : 'not published yet'}</span>
        </span>
        <span className="service-state">{own ? <Health state={state} /> : <span className="tag" data-tone="info">Waiting</span>}</span>
        <span className="service-figure" /><span className="service-figure" />
        <span className="service-figure"><Crew of={of} word={own ? 'process' : 'instance'} /></span>
        <ChevronDown className="service-turn" size={16} aria-hidden="true" />
      </div>
      {open && (
        <div id={id} className="service-detail">
          {!own && <p className="muted">Its instances are there and are asked nothing yet: publish the schema of <bdi>{name}</bdi>, and they serve.</p>}
          <AlertsOf service={name} />
          <Processes service={name} marked={marked} />
        </div>
      )}
    </li>
  );
}
