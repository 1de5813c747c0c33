import { Button, Modal, NativeSelect } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useReturnFocus } from '../lib/focus';
import { exactly } from '../lib/format';
import { ROTATE, type Key } from './documents';
import { endsAt, Expiry, sameTerm, type Ending } from './expiry';
import type { Handed } from './handed';
import { NOTHING_SAID, saidOf } from './refusals';

interface RotateProps {
  readonly of: Key;
  readonly close: () => void;
  readonly made: (handed: Handed) => void;
}

const HOUR = 3_600_000;
const OVERLAPS = [
  { value: '0', label: 'Not at all: it ends at once' },
  { value: '1', label: 'For an hour' },
  { value: '24', label: 'For a day' },
  { value: '168', label: 'For a week' },
  { value: '720', label: 'For 30 days' },
];

/** Makes a key that may do the same, and lets the old one end. */
export function Rotate({ of: key, close, made }: RotateProps): ReactNode {
  useReturnFocus();
  const [hours, setHours] = useState('24');
  const [ending, setEnding] = useState<Ending>(() => sameTerm(key));
  const [said, say] = useState(NOTHING_SAID);
  const [{ fetching }, rotate] = useMutation(ROTATE);
  const end = (now: number): number => Math.min(now + Number(hours) * HOUR, key.expiresAt ? new Date(key.expiresAt).getTime() : Number.POSITIVE_INFINITY);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const now = Date.now();
    const expires = key.expiresAt ? endsAt(ending) : undefined;
    const { data, error } = await rotate({ input: { id: key.id, overlapHours: Number(hours), ...(expires ? { expiresAt: expires.toISOString() } : {}) } });
    const payload = data?.apiKeyRotate;
    say(saidOf(error, payload?.userErrors, ['overlapHours', ...(key.expiresAt ? ['expiresAt'] : [])]));
    if (payload?.apiKey && payload.secret) made({ key: payload.apiKey, secret: payload.secret, before: { prefix: key.prefix, endsAt: end(now) } });
  };
  return (
    <Modal opened onClose={close} title={<>Rotate <bdi>{key.name}</bdi></>} className="key-dialog">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <p>A new key with the same rights takes over from <code className="key-prefix">{key.prefix}…</code>: put it where the old one is. The old one ends by itself.</p>
        <NativeSelect label="The old secret still works" description={hours === '0' ? 'What uses it is refused until it has the new one' : `Until ${exactly(end(Date.now()))}; both work meanwhile`} value={hours} onChange={(event) => setHours(event.currentTarget.value)} data={OVERLAPS} error={said.at('overlapHours')} data-autofocus />
        {key.expiresAt && <Expiry label="The new key ends" value={ending} set={setEnding} said={said.at('expiresAt')} />}
        <div role="alert">{said.else && <p className="problem">{said.else}</p>}</div>
        <div className="row">
          <Button variant="default" className="push" onClick={close}>Cancel</Button>
          <Button type="submit" loading={fetching}>Rotate</Button>
        </div>
      </form>
    </Modal>
  );
}
