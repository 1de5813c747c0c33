import { Button } from '@mantine/core';
import { DoorOpen } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed } from '../../access/allowed';
import type { May } from '../../access/may';
import type { InstanceState } from '../../gql/graphql';
import { failed } from '../../lib/failed';
import { count, duration, sentence } from '../../lib/format';
import { toast } from '../../lib/toast';
import { Ago } from '../../ui/ago';
import { Confirm } from '../../ui/confirm';
import { Health } from '../health';
import { DRAIN, type Instance } from './graph';
import { bytes, cores, percent, rateText } from './series';
import { Swatch } from './swatch';

const states: Record<InstanceState, { readonly word: string; readonly tone?: string; readonly says?: string }> = {
  WAITING: { word: 'Waiting', tone: 'info' },
  SERVING: { word: 'Serving' },
  DRAINING: { word: 'Draining', tone: 'warning', says: 'It is asked nothing new.' },
  SILENT: { word: 'Silent', tone: 'danger', says: 'It is not heard of any more.' },
};

interface RowProps {
  readonly of: Instance;
  readonly look: number;
  /** Somebody was sent here. */
  readonly marked: boolean;
  /** Whether it may be drained; undefined for what cannot be. */
  readonly may: May | undefined;
}

/** One process. */
export function InstanceRow({ of, look, marked, may }: RowProps): ReactNode {
  const { id, name, version, agent, state, health, since } = of;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!marked) return;
    row.current?.focus({ preventScroll: true });
    row.current?.scrollIntoView({ block: 'center' });
  }, [marked]);
  const { word, tone, says } = states[state];
  const reason = [says, health.reason && sentence(health.reason)].filter(Boolean).join(' ');
  return (
    <li ref={row} id={`instance-${id}`} className="instance" tabIndex={-1} data-marked={marked || undefined} data-tone={health.state === 'DOWN' || state === 'SILENT' ? 'danger' : undefined} aria-label={`Instance ${name}`}>
      <div className="instance-who">
        <p className="instance-name"><Swatch of={look} /><b><bdi>{name}</bdi></b></p>
        {(version ?? agent) && <p className="faint">{version && <bdi>{version}</bdi>}{version && agent && ' · '}{agent && <>run by <bdi>{agent}</bdi></>}</p>}
        <p className="faint">since <Ago at={since} /></p>
      </div>
      <div className="instance-how">
        <p className="instance-tags"><span className="tag" data-tone={tone}>{word}</span><Health state={health.state} /></p>
        <p className="faint">{state === 'SILENT' ? <>heard of last <Ago at={of.lastSeenAt} /></> : <>since <Ago at={health.since} /></>}</p>
        {reason && <p className="instance-why" dir="auto">{reason}</p>}
      </div>
      <Busy of={of} />
      <Figures of={of} />
      {may && state !== 'DRAINING' && <Drain of={of} may={may} />}
    </li>
  );
}

function Busy({ of: { utilization, inFlight, capacity } }: { readonly of: Instance }): ReactNode {
  return (
    <div className="instance-busy" data-tone={utilization == null ? undefined : utilization > 0.9 ? 'danger' : utilization > 0.75 ? 'warning' : 'accent'}>
      <p><b>{utilization == null ? '–' : percent(utilization)}</b> <span className="faint">busy</span></p>
      <span className="instance-bar" aria-hidden="true"><span style={{ inlineSize: `${100 * Math.min(1, utilization ?? 0)}%` }} /></span>
      <p className="faint">{inFlight == null ? 'in flight: not said' : capacity == null ? `${count(inFlight)} in flight` : `${count(inFlight)} of ${count(capacity)} in flight`}</p>
    </div>
  );
}

function Figures({ of: { cpu, cores: may, memory, restarts, figures, lastSeenAt } }: { readonly of: Instance }): ReactNode {
  const { calls, errors, p50Ms, p95Ms, p99Ms, since } = figures;
  // What is known reaches back five minutes at most, and not before it was there; by the clock of the server.
  const seconds = Math.max(1, Math.min(300, (Date.parse(lastSeenAt) - Date.parse(since)) / 1_000));
  const time = (ms: number | null | undefined): string => (ms == null ? '–' : duration(ms));
  return (
    <dl className="instance-figures">
      <div><dt>CPU{may != null && ` of ${cores(may)}`}</dt><dd>{cpu == null ? '–' : cores(cpu)}</dd></div>
      <div><dt>memory</dt><dd>{memory == null ? '–' : bytes(memory)}</dd></div>
      <div><dt>rate</dt><dd>{rateText(calls / seconds)}</dd></div>
      <div data-tone={errors > 0 ? 'danger' : undefined}><dt>errors</dt><dd>{count(errors)}{errors > 0 && calls > 0 && <small> {percent(errors / calls)}</small>}</dd></div>
      <div><dt>p50</dt><dd>{time(p50Ms)}</dd></div>
      <div><dt>p95</dt><dd>{time(p95Ms)}</dd></div>
      <div><dt>p99</dt><dd>{time(p99Ms)}</dd></div>
      <div data-tone={restarts != null && restarts > 0 ? 'warning' : undefined}><dt>restarts</dt><dd>{restarts == null ? '–' : count(restarts)}</dd></div>
    </dl>
  );
}

function Drain({ of: { id, name }, may }: { readonly of: Instance; readonly may: May }): ReactNode {
  const [asking, ask] = useState(false);
  const [{ fetching }, drain] = useMutation(DRAIN);
  const run = async (): Promise<void> => {
    const { data, error } = await drain({ input: { id } });
    if (!failed(error, data?.instanceDrain?.userErrors)) toast({ message: <><bdi>{name}</bdi> drains: it is asked nothing new.</>, tone: 'good' });
  };
  return (
    <div className="instance-deeds">
      <Allowed may={may}><Button variant="default" size="compact-sm" loading={fetching} leftSection={<DoorOpen size={14} aria-hidden="true" />} onClick={() => ask(true)} aria-label={`Drain ${name}…`}>Drain…</Button></Allowed>
      {asking && (
        <Confirm title={`Drain ${name}?`} label="Drain" danger run={() => void run()} close={() => ask(false)}>
          It is asked nothing new, finishes what is under way, and is told to stop. Its streams go over to its siblings. The way back is to start it again under another name, or at another address.
        </Confirm>
      )}
    </div>
  );
}
