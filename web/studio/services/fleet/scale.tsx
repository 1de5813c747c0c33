import { Button, TextInput } from '@mantine/core';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed } from '../../access/allowed';
import type { May } from '../../access/may';
import { failed } from '../../lib/failed';
import { plural, sentence } from '../../lib/format';
import { toast } from '../../lib/toast';
import { Ago } from '../../ui/ago';
import { SCALE, type ScaleFacts } from './graph';
import { PolicyDialog, policyWords, useTakeAway } from './policy';

const MOST = 200;
/** The slider is for what is usual; the number field for the rest. */
const reach = (...numbers: readonly number[]): number => Math.min(MOST, Math.max(10, ...numbers.map((n) => 2 * n)));

interface ScaleProps {
  readonly service: string;
  readonly of: ScaleFacts;
  readonly running: number;
  readonly may: May;
}

/** How many instances should run, why, and how many do. */
export function Scale({ service, of: { replicas, replicasReason, replicasSince, policy }, running, may }: ScaleProps): ReactNode {
  const id = useId();
  const [{ fetching }, scale] = useMutation(SCALE);
  const [typed, type] = useState<string>();
  const [asking, ask] = useState(false);
  const takeAway = useTakeAway(service);
  const now = replicas ?? Math.max(1, running);
  const wanted = typed === undefined ? now : Number(typed);
  const fits = Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST;
  const [most] = useState(() => reach(now, policy?.maximum ?? 0));
  const changed = typed !== undefined && wanted !== replicas;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!may.allowed || !fits || fetching) return;
    const { data, error } = await scale({ input: { service, replicas: wanted } });
    if (failed(error, data?.serviceScale?.userErrors)) return;
    toast({ message: <>{plural(wanted, 'instance')} of <bdi>{service}</bdi> should run.</>, tone: 'good' });
    type(undefined);
  };
  const set = (value: string): void => {
    if (may.allowed) type(value);
  };
  const denied = may.allowed ? {} : { 'aria-disabled': true, 'data-denied': true } as const;
  return (
    <section className="scale" aria-label={`How many instances of ${service} run`}>
      <div className="scale-now">
        <p className="scale-numbers"><b>{running}</b> {running === 1 ? 'runs' : 'run'}{replicas != null && <> <span className="faint">of</span> <b>{replicas}</b> that should</>}</p>
        <p className="faint">{replicas == null ? 'Nobody said how many should: agents run as many as they were started with.' : <>{sentence(replicasReason ?? 'said')} {replicasSince && <>Since <Ago at={replicasSince} />.</>}</>}</p>
      </div>
      <form className="scale-set" onSubmit={(event) => void submit(event)}>
        <label htmlFor={`${id}n`}>Should run</label>
        <input type="range" min={1} max={most} step={1} value={fits ? Math.min(wanted, most) : now} aria-label={`How many instances of ${service} should run`} aria-valuetext={plural(fits ? wanted : now, 'instance')} style={{ '--at': `${100 * (Math.min(fits ? wanted : now, most) - 1) / (most - 1)}%` } as object} onChange={(event) => set(event.currentTarget.value)} {...denied} />
        <TextInput id={`${id}n`} type="number" min={1} max={MOST} step={1} size="xs" value={typed ?? String(now)} onChange={(event) => set(event.currentTarget.value)} error={!fits} aria-describedby={fits ? undefined : `${id}e`} readOnly={!may.allowed} />
        <Allowed may={may}><Button type="submit" size="compact-md" variant={changed ? 'filled' : 'default'} loading={fetching} disabled={!changed || !fits}>{changed && fits ? `Run ${wanted}` : 'Set'}</Button></Allowed>
        {!fits && <p id={`${id}e`} className="scale-wrong">1 to {MOST}.</p>}
        {changed && fits && policy && <p className="muted">The policy is taken away by it.</p>}
      </form>
      <div className="scale-policy">
        <p className="muted">{policy ? policyWords(policy) : 'There is no policy: the number stays as it is until somebody changes it.'}</p>
        <div className="row wrap">
          <Allowed may={may}><Button variant="default" size="compact-sm" onClick={() => ask(true)}>{policy ? 'Change the policy…' : 'Set a policy…'}</Button></Allowed>
          {policy && <Allowed may={may}><Button variant="default" size="compact-sm" onClick={() => void takeAway()}>Take the policy away</Button></Allowed>}
        </div>
      </div>
      {asking && <PolicyDialog service={service} of={policy ?? undefined} running={now} close={() => ask(false)} />}
    </section>
  );
}
