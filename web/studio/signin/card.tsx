import { Button } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTitle } from '../ui/page';
import './signin.css';

interface CardProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
  /** Below the card. */
  readonly foot?: ReactNode;
}

/** A page with one thing to do: what is shown to who is not signed in. */
export function Card({ title, lead, children, foot }: CardProps): ReactNode {
  useTitle(title);
  return (
    <main className="signin">
      <div className="signin-side" aria-hidden="true">
        <svg viewBox="0 0 640 900" preserveAspectRatio="xMidYMid slice" fill="none">
          {Array.from({ length: 9 }, (_, i) => <path key={i} d={`M-20 ${470 + i * 34}c80 0 80 ${-150 + i * 12} 160 ${-150 + i * 12}s80 ${220 - i * 10} 170 ${220 - i * 10} 90 ${-260 + i * 22} 180 ${-260 + i * 22} 90 ${170 - i * 14} 190 ${170 - i * 14}`} stroke="currentColor" strokeWidth="1.5" opacity={0.75 - i * 0.075} />)}
        </svg>
        <p>Change what your app shows.<br />Publish it. Take it back.</p>
      </div>
      <div className="signin-main">
        <section className="signin-card" aria-labelledby="signin-title">
          <img src="/favicon.svg" alt="Sonata" width="40" height="40" />
          <h1 id="signin-title">{title}</h1>
          <p className="muted">{lead}</p>
          {children}
        </section>
        {foot && <p className="signin-foot faint">{foot}</p>}
      </div>
    </main>
  );
}

interface FormProps {
  readonly submit: () => Promise<void>;
  readonly label: string;
  readonly busy: boolean;
  /** Seconds to wait before it can be tried again. */
  readonly wait?: number;
  readonly problem: string | undefined;
  readonly children: ReactNode;
}

/** The form in it: fields, what went wrong, one button. */
export function Form({ submit, label, busy, wait = 0, problem, children }: FormProps): ReactNode {
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy && wait === 0) void submit();
  };
  return (
    <form className="stack signin-form" onSubmit={send}>
      {children}
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      <Button type="submit" size="md" fullWidth loading={busy} {...(wait > 0 ? { 'aria-disabled': true, 'data-disabled': true } : {})}>{wait > 0 ? `Try again in ${wait > 90 ? `${Math.ceil(wait / 60)} min` : `${wait} s`}` : label}</Button>
    </form>
  );
}
