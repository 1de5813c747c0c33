import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { count } from '../lib/format';

interface TrendProps {
  readonly now: number;
  readonly before: number;
  /** "the 24 hours before" */
  readonly against: string;
  /** Whether fewer is better. */
  readonly less?: boolean;
}

/** A figure against the window before; below ten there is nothing to take a percentage of, and nothing before says nothing. */
export function Trend({ now, before, against, less = false }: TrendProps): ReactNode {
  if (now === before || (before === 0 && !less)) return null;
  const up = now > before;
  const change = before < 10 ? `${up ? '+' : '−'}${count(Math.abs(now - before))}` : `${up ? '+' : '−'}${count(Math.round((Math.abs(now - before) / before) * 100))} %`;
  return (
    <Tooltip label={`${count(before)} in ${against}`}>
      <span className="trend" data-good={less ? !up : undefined} data-bad={less ? up : undefined}>
        <span aria-hidden="true">{up ? '↗' : '↘'}</span> {change}<span className="visually-hidden"> against {count(before)} in {against}</span>
      </span>
    </Tooltip>
  );
}
