import { useEffect, useRef, type ReactNode } from 'react';
import type { May } from '../../access/may';
import { ALL } from '../../shell/places';
import { Waiting } from '../../ui/waiting';
import { Chart } from './chart';
import './fleet.css';
import { SONATA, type ScaleFacts } from './graph';
import { useHistory } from './history';
import { InstanceRow } from './instance';
import { useInstances } from './live';
import { Scale } from './scale';
import { useLooks } from './swatch';

interface PanelProps {
  readonly service: string;
  /** Id of the instance that somebody was sent to, or that it is all of them. */
  readonly marked: string | undefined;
  /** Who may scale it and drain its instances; undefined for what nobody can. */
  readonly may: May | undefined;
  readonly scale: ScaleFacts | undefined;
}

/** The processes of one service: how each does, and how many of them run. */
export default function Panel({ service, marked, may, scale }: PanelProps): ReactNode {
  const instances = useInstances(service);
  const ids = (instances ?? []).map(({ id }) => id);
  const history = useHistory(service, ids.join(' '));
  const lookOf = useLooks(ids);
  // One that is silent is asked as long as it answers.
  const running = (instances ?? []).filter(({ state, health }) => (state === 'SERVING' || state === 'SILENT') && health.state !== 'DOWN').length;
  const own = service === SONATA;
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (marked === ALL) section.current?.focus();
  }, [marked]);
  return (
    <section ref={section} id={`fleet-${service}`} className="fleet" tabIndex={-1} aria-label={`Instances of ${service}`}>
      <h3>{own ? 'Processes' : 'Instances'}</h3>
      {!instances ? <Waiting rows={2} height={70} /> : instances.length === 0 ? <p className="fleet-none muted">No process announces itself: it is asked at its address alone, and nobody knows how busy it is.</p> : (
        <>
          <ul className="instances" aria-label={own ? 'Processes of Sonata' : `Instances of ${service}, each`}>
            {instances.map((of) => <InstanceRow key={of.id} of={of} look={lookOf(of.id)} marked={marked === of.id} may={may} />)}
          </ul>
          <p className="faint fleet-note">Rate, errors and times are those of the last five minutes, as the process that answers you sees them.</p>
          <Chart service={service} of={history?.filter(({ id }) => ids.includes(id))} lookOf={lookOf} />
        </>
      )}
      {may && scale && <Scale service={service} of={scale} running={running} may={may} />}
    </section>
  );
}
