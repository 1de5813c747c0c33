import { Checkbox, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ago } from '../lib/format';
import { momentWords } from './moment';

const DAY = 86_400_000;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const two = (n: number): string => String(n).padStart(2, '0');
const fieldOf = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;

/** The next morning: what is scheduled is mostly wanted before people come. */
export function tomorrow(): string {
  const at = new Date(Date.now() + DAY);
  at.setHours(9, 0, 0, 0);
  return fieldOf(at);
}

/** The moment that a field holds; undefined when it holds none, or one that cannot be. */
export function momentOf(field: string): Date | undefined {
  const at = new Date(field);
  return field === '' || Number.isNaN(at.getTime()) || at.getTime() <= Date.now() || at.getTime() > Date.now() + 366 * DAY ? undefined : at;
}

interface WhenProps {
  /** Undefined: at once. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** Now, or at a time. */
export function When({ value, onChange }: WhenProps): ReactNode {
  const at = value === undefined ? undefined : momentOf(value);
  return (
    <div className="publish-when">
      <Checkbox label="At a time, not now" checked={value !== undefined} onChange={(event) => onChange(event.currentTarget.checked ? tomorrow() : undefined)} />
      {value !== undefined && (
        <>
          <TextInput type="datetime-local" aria-label="Date and time" value={value} min={fieldOf(new Date())} onChange={(event) => onChange(event.currentTarget.value)} error={at === undefined} aria-describedby="publish-moment" required />
          <p id="publish-moment" className={at ? 'muted' : 'publish-wrong'} aria-live="polite">{at ? `Goes live on ${momentWords(at)} (${zone}), ${ago(at.getTime())}. What is frozen now goes live then; if something else is published before, it does not.` : 'Choose a time in the future, at most a year ahead.'}</p>
        </>
      )}
    </div>
  );
}
