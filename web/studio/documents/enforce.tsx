import { Button, Modal } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import type { SafelistMode } from '../gql/graphql';
import { useReturnFocus } from '../lib/focus';
import { count, plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { Waiting } from '../ui/waiting';
import { BEFORE_ENFORCING } from './graph';

interface Standing {
  /** Documents that run. */
  readonly runs: number;
  /** Those that the graph cannot run any more. */
  readonly broken: number;
  readonly unknown: number;
}

/** Counts what enforcing would come down on; undefined until that is known, a word when it cannot be. */
function useStandingNow(slug: string): Standing | 'unread' | undefined {
  const client = useClient();
  const [standing, set] = useState<Standing | 'unread'>();
  useEffect(() => {
    let over = false;
    const look = async (): Promise<void> => {
      const found = { runs: 0, broken: 0, unknown: 0 };
      const ask = (after: string | null) => client.query(BEFORE_ENFORCING, { slug, after }, { requestPolicy: 'network-only' }).toPromise();
      for (let after: string | null | undefined = null; after !== undefined;) {
        const { data }: Awaited<ReturnType<typeof ask>> = await ask(after);
        const page = data?.frontend?.documents;
        if (!page) {
          if (!over) set('unread');
          return;
        }
        for (const { node: { retiredAt, valid } } of page.edges) {
          if (retiredAt) continue;
          if (valid) found.runs++;
          else found.broken++;
        }
        found.unknown = data?.frontend?.unknownDocuments?.totalCount ?? 0;
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? undefined) : undefined;
      }
      if (!over) set(found);
    };
    void look();
    return () => {
      over = true;
    };
  }, [client, slug]);
  return standing;
}

interface EnforceProps {
  readonly mode: SafelistMode;
  readonly close: () => void;
  readonly choose: (mode: SafelistMode) => void;
  readonly show: () => void;
}

/** Asks before everything that is not registered is refused, and says what that would be. */
export function Enforce({ mode, close, choose, show }: EnforceProps): ReactNode {
  useReturnFocus();
  const { frontend } = useFrontend();
  const standing = useStandingNow(frontend.slug);
  const run = (next: SafelistMode) => (): void => {
    close();
    choose(next);
  };
  const look = (): void => {
    close();
    setTimeout(show, 30);
  };
  const nothing = typeof standing === 'object' && standing.runs === 0;
  const unlogged = mode === 'OFF';
  return (
    <Modal opened onClose={close} title="Let only registered documents run?" size="34rem" className="document-dialog">
      <div className="stack">
        <p>From then on every request of <bdi>{frontend.name}</bdi> whose document is not registered is refused with <code>DOCUMENT_UNKNOWN</code>, at once and in open streams, too. Sonata’s own studio, SDK and commands go on, and so does who explores with <code>graph:explore</code>.</p>
        {standing === undefined ? <Waiting rows={2} height={36} /> : standing === 'unread' ? <p className="problem" role="alert">What is registered could not be read. Close this and try again in a moment.</p> : (
          <>
            <dl className="document-standing">
              <div><dt>{standing.runs === 1 ? 'document is' : 'documents are'} registered and will run</dt><dd>{count(standing.runs)}</dd></div>
              <div data-tone={standing.unknown > 0 ? 'warning' : undefined}><dt>unknown {standing.unknown === 1 ? 'document was' : 'documents were'} seen and will be refused</dt><dd>{count(standing.unknown)}</dd></div>
            </dl>
            {nothing && <p className="problem"><b>Nothing is registered.</b> Every request of {frontend.slug}’s clients would be refused.</p>}
            {standing.broken > 0 && <p className="denied">{plural(standing.broken, 'registered document')} cannot run any more, whatever is enforced: the list says why.</p>}
            {standing.unknown > 0 && <p><Button variant="default" size="compact-sm" onClick={look}>Look at what would be refused</Button></p>}
            {unlogged && <p className="denied">The safelist is off, so nobody knows what else is sent. Let it log for some days first: it lists what would be refused, and refuses nothing.</p>}
          </>
        )}
        <p className="muted">The way back: choose Log or Off here. It holds at once, and everything runs again. Requests that name no frontend follow the strictest safelist of this server, unless it was started with <code>--safelist</code>.</p>
        <div className="row wrap document-choice">
          <Button variant="default" className="push" onClick={close} data-autofocus>Leave it</Button>
          {unlogged && <Button variant="default" onClick={run('LOG')}>Log first</Button>}
          <Button {...(nothing || (typeof standing === 'object' && standing.unknown > 0) ? { className: 'danger' } : {})} disabled={typeof standing !== 'object'} onClick={run('ENFORCE')}>Enforce</Button>
        </div>
      </div>
    </Modal>
  );
}
