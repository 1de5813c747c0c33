import { TextInput } from '@mantine/core';
import { Eye, EyeOff } from 'lucide-react';
import { useState, type ReactNode } from 'react';

/** The server's rule for passwords. */
export const SHORTEST = 12;
export const LONGEST = 256;

interface PasswordProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  /** A new one is measured while it is typed. */
  readonly fresh?: boolean;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
}

/** A password, hidden unless one wants to see it. */
export function Password({ label, value, set, fresh = false, error, autoFocus = false }: PasswordProps): ReactNode {
  const [seen, see] = useState(false);
  const Icon = seen ? EyeOff : Eye;
  return (
    <TextInput
      label={label} type={seen ? 'text' : 'password'} value={value} onChange={(event) => set(event.currentTarget.value)} required size="md"
      maxLength={LONGEST} autoComplete={fresh ? 'new-password' : 'current-password'} autoCapitalize="none" spellCheck={false} error={error} {...(autoFocus ? { 'data-autofocus': true, autoFocus: true } : {})}
      {...(fresh ? { minLength: SHORTEST, description: <Measure value={value} /> } : {})}
      rightSection={<button type="button" className="signin-eye" aria-label={seen ? 'Hide the password' : 'Show the password'} aria-pressed={seen} onClick={() => see(!seen)}><Icon size={16} aria-hidden="true" /></button>}
    />
  );
}

/** Says what the rule is, and how far it is met. */
function Measure({ value }: { readonly value: string }): ReactNode {
  const letters = [...value].length;
  const kinds = new Set([...value]).size;
  const strength = letters === 0 ? 0 : letters < SHORTEST || kinds < 5 ? 1 : letters < 16 ? 2 : letters < 20 ? 3 : 4;
  const words = letters === 0 ? `At least ${SHORTEST} characters. Some words that belong together only for you are easy to keep.`
    : letters < SHORTEST ? `${SHORTEST - letters} more ${SHORTEST - letters === 1 ? 'character' : 'characters'}`
      : kinds < 5 ? 'Too easy to guess: use more different characters' : strength === 2 ? 'Good' : strength === 3 ? 'Strong' : 'Very strong';
  return (
    <span className="measure" data-strength={strength}>
      <span className="measure-bar" aria-hidden="true"><i /><i /><i /><i /></span>
      <span role="status">{words}</span>
    </span>
  );
}
