import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { exactly } from '../lib/format';
import type { Key } from './documents';

const DAY = 86_400_000;

/** In so many days, never, or at the end of a day that is chosen. */
export interface Ending {
  readonly in: 'never' | '7' | '30' | '90' | '365' | 'day';
  /** As a date field holds it. */
  readonly day: string;
}

export const NEVER: Ending = { in: 'never', day: '' };

const two = (n: number): string => String(n).padStart(2, '0');
const dayOf = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** Undefined for never, and for a day that is not chosen yet. */
export function endsAt(ending: Ending, now = Date.now()): Date | undefined {
  if (ending.in === 'never') return undefined;
  const at = ending.in === 'day' ? new Date(`${ending.day}T23:59:59`) : new Date(now + Number(ending.in) * DAY);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** The choice nearest to how long a key was made for. */
export function sameTerm({ createdAt, expiresAt }: Pick<Key, 'createdAt' | 'expiresAt'>): Ending {
  const days = expiresAt ? (new Date(expiresAt).getTime() - new Date(createdAt).getTime()) / DAY : Number.POSITIVE_INFINITY;
  return { in: days > 120 ? '365' : days > 60 ? '90' : days > 15 ? '30' : '7', day: '' };
}

interface ExpiryProps {
  readonly label: string;
  /** Whether it may go on for ever. */
  readonly never?: boolean;
  readonly value: Ending;
  readonly set: (ending: Ending) => void;
  readonly said: string | undefined;
}

/** When the key ends by itself. */
export function Expiry({ label, never = false, value, set, said }: ExpiryProps): ReactNode {
  const at = endsAt(value);
  return (
    <div className="stack key-expiry">
      <NativeSelect
        label={label} description={at ? `On ${exactly(at.getTime())}` : value.in === 'never' ? 'Works until it is revoked' : 'Choose the day'} value={value.in} error={value.in === 'day' ? undefined : said}
        onChange={(event) => set({ ...value, in: event.currentTarget.value as Ending['in'] })}
        data={[...(never ? [{ value: 'never', label: 'Never by itself' }] : []), { value: '7', label: 'In 7 days' }, { value: '30', label: 'In 30 days' }, { value: '90', label: 'In 90 days' }, { value: '365', label: 'In a year' }, { value: 'day', label: 'After a day…' }]}
      />
      {value.in === 'day' && <TextInput type="date" aria-label="Last day" value={value.day} min={dayOf(new Date())} onChange={(event) => set({ ...value, day: event.currentTarget.value })} required error={said} />}
    </div>
  );
}
