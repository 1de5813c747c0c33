import type { ReactNode } from 'react';
import './empty.css';

interface EmptyProps {
  readonly title: string;
  /** What this place is for, and how to begin. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** True where it is all that the page shows: its title is then the page's. */
  readonly alone?: boolean;
}

/** What is shown where there is nothing yet: an empty place teaches. */
export function Empty({ title, children, actions, alone = false }: EmptyProps): ReactNode {
  const Title = alone ? 'h1' : 'h2';
  return (
    <div className="empty">
      <svg viewBox="0 0 120 48" fill="none" aria-hidden="true"><path d="M4 30c12 0 12-18 24-18s12 26 24 26 12-30 24-30 10 22 20 22 10-8 20-8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" /></svg>
      <Title>{title}</Title>
      <p>{children}</p>
      {actions && <div className="row wrap">{actions}</div>}
    </div>
  );
}
