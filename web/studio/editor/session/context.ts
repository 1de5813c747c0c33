import { createContext, useContext } from 'react';
import type { Facts } from './remote';
import type { Session } from './session';

/** What only the frame of the editor needs, beside what all its parts share. */
export interface Own {
  readonly session: Session;
  readonly facts: Facts;
  readonly deleted: boolean;
  /** What the others call whoever is here. */
  readonly name: string;
  readonly setName: (name: string) => void;
}

export const SessionContext = createContext<Own | null>(null);

export function useOwn(): Own {
  const own = useContext(SessionContext);
  if (!own) throw new Error('a part of the editor was shown outside of it');
  return own;
}
