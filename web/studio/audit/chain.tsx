import type { ReactNode } from 'react';
import { useFresh } from '../lib/fresh';
import { Ago } from '../ui/ago';
import { Code } from '../ui/code';
import { HEAD } from './documents';

const NOTHING: readonly never[] = [];

/** How the log is verified, and what to note for it. */
export function Chain({ whole }: { readonly whole: boolean }): ReactNode {
  const [{ data }] = useFresh({ query: HEAD, variables: {}, on: NOTHING });
  const head = data?.auditLog?.edges[0]?.node;
  if (!head) return null;
  return (
    <section className="card audit-chain" aria-labelledby="audit-chain">
      <header><h2 id="audit-chain">Verify the log</h2></header>
      <div className="body stack">
        <p>Each entry carries the hash of the one before: keep {whole ? 'the present head' : 'the hash of the newest entry that you see'} where nobody who can write the database can write, and this command tells at any time later whether anything up to it was altered, removed or added.</p>
        <Code label={whole ? 'Verify up to the present head' : 'Verify up to the newest entry'} text={`sonata audit verify --head ${head.hash}`} />
        <p className="faint">It was written <Ago at={head.at} />.</p>
      </div>
    </section>
  );
}
