import type { ReactNode } from 'react';
import { Empty } from './empty';

/** Instead of a view that cannot be read right now. It is read by itself once the server is back. */
export function Away({ alone = false }: { readonly alone?: boolean }): ReactNode {
  return <Empty alone={alone} title="The server does not answer">This view comes back by itself as soon as it does. What you typed is kept.</Empty>;
}
