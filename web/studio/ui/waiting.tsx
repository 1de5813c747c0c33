import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';

/** The shape of what is coming, so that nothing jumps when it is there. */
export function Waiting({ rows = 4, height = 44 }: { readonly rows?: number; readonly height?: number }): ReactNode {
  return (
    <div className="stack" aria-busy="true">
      <span className="visually-hidden" role="status">Loading</span>
      {Array.from({ length: rows }, (_, i) => <Skeleton key={i} height={height} radius="md" />)}
    </div>
  );
}
