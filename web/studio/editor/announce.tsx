// Tells people who do not see the screen what just happened on it.
import { useEffect, useState, type ReactNode } from 'react';

const listeners = new Set<(text: string) => void>();

export function announce(text: string): void {
  for (const listener of listeners) listener(text);
}

export function Announcer(): ReactNode {
  const [{ text, turn }, set] = useState({ text: '', turn: 0 });
  useEffect(() => {
    const listener = (text: string): void => set(({ turn }) => ({ text, turn: turn + 1 }));
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  // The same sentence twice is news twice.
  return <div role="status" className="visually-hidden" data-testid="announcer">{text}{turn % 2 === 1 ? '\u00a0' : ''}</div>;
}
