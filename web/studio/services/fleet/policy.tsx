import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { failed, problemOf } from '../../lib/failed';
import { useReturnFocus } from '../../lib/focus';
import { plural } from '../../lib/format';
import { toast } from '../../lib/toast';
import { POLICY, type ScaleFacts } from './graph';
import { percent } from './series';

type Policy = NonNullable<ScaleFacts['policy']>;

const time = (seconds: number): string => (seconds >= 60 && seconds % 60 === 0 ? plural(seconds / 60, 'minute') : plural(seconds, 'second'));

/** A policy as one tells it. */
export const policyWords = ({ minimum, maximum, targetUtilization, calmDownSeconds }: Policy): string =>
  `By a policy, Sonata lets ${minimum} to ${maximum} run, so that each is ${percent(targetUtilization)} busy; fewer only once that has been enough for ${time(calmDownSeconds)}.`;

/** Takes the policy of a service away and says so. */
export function useTakeAway(service: string): () => Promise<void> {
  const [, set] = useMutation(POLICY);
  return async () => {
    const { data, error } = await set({ input: { service, policy: null } });
    if (!failed(error, data?.servicePolicySet?.userErrors)) toast({ message: <>The policy of <bdi>{service}</bdi> is taken away. The number stays as it is.</>, tone: 'good' });
  };
}

interface PolicyDialogProps {
  readonly service: string;
  readonly of: Policy | undefined;
  readonly running: number;
  readonly close: () => void;
}

/** Within what Sonata sets the number of instances by itself. */
export function PolicyDialog({ service, of, running, close }: PolicyDialogProps): ReactNode {
  useReturnFocus();
  const [{ fetching }, set] = useMutation(POLICY);
  const [minimum, setMinimum] = useState(String(of?.minimum ?? 1));
  const [maximum, setMaximum] = useState(String(of?.maximum ?? Math.max(4, 2 * running)));
  const [target, setTarget] = useState(String(Math.round(100 * (of?.targetUtilization ?? 0.6))));
  const [calm, setCalm] = useState(String(of?.calmDownSeconds ?? 120));
  const [problem, tell] = useState<string>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const policy = { minimum: Number(minimum), maximum: Number(maximum), targetUtilization: Number(target) / 100, calmDownSeconds: Number(calm) };
    if (policy.maximum < policy.minimum) {
      tell('The maximum is less than the minimum.');
      return;
    }
    const { data, error } = await set({ input: { service, policy } });
    const wrong = problemOf(error, data?.servicePolicySet?.userErrors);
    tell(wrong);
    if (wrong !== undefined) return;
    toast({ message: <>Sonata sets how many instances of <bdi>{service}</bdi> run.</>, tone: 'good' });
    close();
  };
  return (
    <Modal opened onClose={close} title={<>Scaling policy of <bdi>{service}</bdi></>} className="service-dialog">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <p className="muted">Sonata lets as many instances run as it takes for each to be about as busy as you say. It lets more run at once, and fewer only after a calm time.</p>
        <div className="policy-fields">
          <TextInput type="number" label="At least" min={1} max={200} step={1} required withAsterisk={false} value={minimum} onChange={(event) => setMinimum(event.currentTarget.value)} data-autofocus />
          <TextInput type="number" label="At most" min={1} max={200} step={1} required withAsterisk={false} value={maximum} onChange={(event) => setMaximum(event.currentTarget.value)} />
          <TextInput type="number" label="How busy each should be" description="In percent, 10 to 90" min={10} max={90} step={1} required withAsterisk={false} value={target} onChange={(event) => setTarget(event.currentTarget.value)} />
          <TextInput type="number" label="Calm-down" description="In seconds, at most 3600" min={0} max={3600} step={1} required withAsterisk={false} value={calm} onChange={(event) => setCalm(event.currentTarget.value)} />
        </div>
        <div role="alert">{problem !== undefined && <p className="problem">{problem}</p>}</div>
        <div className="row"><Button variant="default" className="push" onClick={close}>Leave it</Button><Button type="submit" loading={fetching}>Set the policy</Button></div>
      </form>
    </Modal>
  );
}
