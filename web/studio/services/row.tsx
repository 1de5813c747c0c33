import { Button } from '@mantine/core';
import { ChevronDown, ClipboardCheck, Unplug } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { Allowed, Denied } from '../access/allowed';
import { useMay } from '../access/may';
import { AlertsOf } from '../alerts/ofservice';
import { count, duration, plural, sentence } from '../lib/format';
import { Ago } from '../ui/ago';
import { Withdraw } from './change';
import { CheckSchema } from './check';
import type { ScaleFacts, Summary } from './fleet/graph';
import type { Figures, Service } from './graph';
import { Health, looks } from './health';
import { Crew, Processes } from './processes';
import { Versions } from './versions';

interface RowProps {
  readonly of: Service;
  readonly figures: Figures | undefined;
  readonly scale: ScaleFacts | undefined;
  /** Its running instances, as far as they are known. */
  readonly crew: readonly Summary[];
  /** Id of the instance that somebody was sent to. */
  readonly marked: string | undefined;
  readonly open: boolean;
  readonly turn: () => void;
}

/** One service in a line; pressed, it opens. */
export function Row({ of, figures, scale, crew, marked, open, turn }: RowProps): ReactNode {
  const id = useId();
  const { name, description, owner, live, health: { state, since, reason } } = of;
  return (
    <li className="service" id={`service-${name}`} data-open={open || undefined} data-tone={looks[state].tone}>
      <div className="service-line">
        <span className="service-name">
          <span className="row wrap"><button type="button" aria-expanded={open} aria-controls={open ? id : undefined} onClick={turn}><bdi>{name}</bdi></button>{live && <span className="tag">v{live.number}</span>}</span>
          <span className="faint truncate">{description ?? owner ?? `version ${live?.number ?? 1} of its schema`}</span>
        </span>
        <span className="service-state"><Health state={state} /><span className="faint">since <Ago at={since} /></span>{reason && <span className="service-wrong" dir="auto">{sentence(reason)}</span>}</span>
        <span className="service-figure"><span>{figures ? plural(figures.calls, 'call') : ''}</span>{figures && (figures.errors > 0 ? <span className="service-wrong">{plural(figures.errors, 'error')}</span> : figures.calls > 0 && <span className="faint">no errors</span>)}</span>
        <span className="service-figure faint">{figures?.p50Ms != null && figures.p95Ms != null && <><span>{duration(figures.p50Ms)} <abbr title="Half of the calls took at most so long">p50</abbr></span><span>{duration(figures.p95Ms)} <abbr title="19 of 20 calls took at most so long">p95</abbr></span></>}</span>
        <span className="service-figure"><Crew of={crew} word="instance" /></span>
        <ChevronDown className="service-turn" size={16} aria-hidden="true" />
      </div>
      {open && <div id={id} className="service-detail"><Detail of={of} figures={figures} scale={scale} marked={marked} /></div>}
    </li>
  );
}

function Detail({ of, figures, scale, marked }: Pick<RowProps, 'of' | 'figures' | 'scale' | 'marked'>): ReactNode {
  const { name, live } = of;
  const mayWrite = useMay('services:write', { service: name });
  const [asking, ask] = useState<'check' | 'withdraw'>();
  return (
    <>
      <AlertsOf service={name} />
      <Denied may={mayWrite}>You can look at this.</Denied>
      {figures && <Tiles of={figures} />}
      <Processes service={name} marked={marked} may={mayWrite} scale={scale} />
      <Facts of={of} />
      <section aria-label={`Schema of ${name}`} className="stack">
        <h3>Schema</h3>
        <Versions service={name} live={live?.id} may={mayWrite} />
      </section>
      <div className="row wrap service-deeds">
        <Button variant="default" size="compact-md" leftSection={<ClipboardCheck size={15} aria-hidden="true" />} onClick={() => ask('check')}>Check a schema of {name}</Button>
        <Allowed may={mayWrite}><Button variant="default" size="compact-md" leftSection={<Unplug size={15} aria-hidden="true" />} onClick={() => ask('withdraw')}>Withdraw…</Button></Allowed>
      </div>
      {asking === 'check' && <CheckSchema service={name} close={() => ask(undefined)} />}
      {asking === 'withdraw' && <Withdraw service={name} close={() => ask(undefined)} />}
    </>
  );
}

const breakers = { CLOSED: ['Closed', 'it is asked'], OPEN: ['Open', 'it is not asked'], HALF_OPEN: ['Half open', 'it is tried'] } as const;

function Tiles({ of: { calls, errors, p50Ms, p95Ms, p99Ms, since, breaker } }: { readonly of: Figures }): ReactNode {
  const time = (ms: number | null | undefined): string => (ms == null ? '–' : duration(ms));
  return (
    <div className="service-tiles">
      <dl>
        <div><dt>calls</dt><dd>{count(calls)}</dd></div>
        <div data-tone={errors > 0 ? 'danger' : undefined}><dt>errors{calls > 0 && ` · ${(100 * errors / calls).toFixed(errors > 0 && errors < calls ? 1 : 0)} %`}</dt><dd>{count(errors)}</dd></div>
        <div><dt>half within</dt><dd>{time(p50Ms)}</dd></div>
        <div><dt>95 % within</dt><dd>{time(p95Ms)}</dd></div>
        <div><dt>99 % within</dt><dd>{time(p99Ms)}</dd></div>
        <div data-tone={breaker === 'CLOSED' ? undefined : 'danger'}><dt>breaker: {breakers[breaker][1]}</dt><dd>{breakers[breaker][0]}</dd></div>
      </dl>
      <p className="faint">Of the last five minutes (since <Ago at={since} />), as one process of the server sees it.</p>
    </div>
  );
}

const isWeb = (address: string): boolean => /^https?:\/\//i.test(address);
const isMail = (address: string): boolean => /^[^\s@:/]+@[^\s@:/]+$/.test(address);

/** What was said of the service. Only what is the address of a page or a mailbox is a link. */
function Facts({ of: { url, owner, description, contact, repository, docsUrl, allowedHosts } }: { readonly of: Service }): ReactNode {
  const facts: readonly (readonly [string, string | null | undefined])[] = [['Owner', owner], ['Contact', contact], ['Repository', repository], ['Documentation', docsUrl]];
  return (
    <dl className="service-facts">
      {description && <div><dt>What for</dt><dd dir="auto">{description}</dd></div>}
      {facts.map(([what, text]) => text && <div key={what}><dt>{what}</dt><dd dir="auto">{isWeb(text) ? <a href={text} target="_blank" rel="noopener noreferrer">{text}</a> : isMail(text) ? <a href={`mailto:${text}`}>{text}</a> : text}</dd></div>)}
      <div><dt>Asked at</dt><dd><code>{url}</code></dd></div>
      {allowedHosts.length > 0 && <div><dt>Hosts</dt><dd>{allowedHosts.map((host) => <code key={host}>{host} </code>)}</dd></div>}
    </dl>
  );
}
