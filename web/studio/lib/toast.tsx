// Short messages at the edge of the screen, with at most one thing to do about each. They are announced, they wait while
// somebody points at them or has the focus in them, and the keyboard reaches them.
import { Button, CloseButton } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import './toast.css';

export interface Toast {
  readonly message: ReactNode;
  readonly tone?: 'good' | 'bad' | 'plain';
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Milliseconds; 7 seconds when omitted, and until it is closed for what went wrong. */
  readonly stays?: number;
}

interface Shown extends Toast {
  readonly id: number;
}

let shown: readonly Shown[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(list: readonly Shown[]): void {
  shown = list;
  for (const listener of listeners) listener();
}

const MOST = 4;

/** Shows a message and returns how to take it away. */
export function toast(message: Toast): () => void {
  const id = next++;
  change([...shown.slice(-(MOST - 1)), { ...message, id }]);
  return () => change(shown.filter((entry) => entry.id !== id));
}

export function Toasts(): ReactNode {
  const list = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => shown);
  return (
    <section className="toasts" aria-label="Messages">
      <div role="status" aria-live="polite">{list.filter((entry) => entry.tone !== 'bad').map((entry) => <One key={entry.id} entry={entry} />)}</div>
      <div role="alert">{list.filter((entry) => entry.tone === 'bad').map((entry) => <One key={entry.id} entry={entry} />)}</div>
    </section>
  );
}

function One({ entry }: { readonly entry: Shown }): ReactNode {
  const [held, hold] = useState(false);
  const close = (): void => change(shown.filter(({ id }) => id !== entry.id));
  const stays = entry.stays ?? (entry.tone === 'bad' ? Number.POSITIVE_INFINITY : 7_000);
  useEffect(() => {
    if (held || !Number.isFinite(stays)) return;
    const timer = setTimeout(close, stays);
    return () => clearTimeout(timer);
  });
  return (
    <div className="toast" data-tone={entry.tone ?? 'plain'} onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)} onFocus={() => hold(true)} onBlur={() => hold(false)}>
      <span className="grow">{entry.message}</span>
      {entry.action && <Button size="compact-sm" variant="subtle" onClick={() => { close(); entry.action?.run(); }}>{entry.action.label}</Button>}
      <CloseButton size="sm" aria-label="Close this message" onClick={close} />
    </div>
  );
}
