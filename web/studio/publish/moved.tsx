// What is said after an environment was pointed at another release, wherever that was asked for: how many open frontends
// have it already, from what the server counted, and the way back.
import { useEffect, useState, type ReactNode } from 'react';
import { graphql } from '../gql';
import type { ActivationKind } from '../gql/graphql';
import { client } from '../lib/client';
import { problemOf } from '../lib/failed';
import { duration, plural } from '../lib/format';
import { PRODUCTION } from '../lib/frontend';
import { onceKey } from '../lib/once';
import { toast } from '../lib/toast';

const REACHED = graphql(`
  query StudioReached($id: ID!) {
    node(id: $id) { ... on Activation { delivery { streams frontends lastMs } } }
  }
`);

const UNDO = graphql(`
  mutation StudioUndo($input: ReleaseRollBackInput!) {
    releaseRollBack(input: $input) {
      activation { id kind release { id number hash } previous { id number } }
      userErrors { message code ... on LiveMoved { live { number } } }
    }
  }
`);

export interface Move {
  /** Id of the frontend. */
  readonly frontend: string;
  /** Key of the environment. */
  readonly environment: string;
  readonly activation: {
    readonly id: string;
    readonly kind: ActivationKind;
    readonly release: { readonly id: string; readonly number: number; readonly hash: string };
    readonly previous?: { readonly id: string; readonly number: number } | null | undefined;
  };
}

/** Says that an environment was moved, and offers to move it back. */
export function moved(move: Move, back = 'Undo'): void {
  const { activation, environment } = move;
  const { release, previous } = activation;
  toast({
    tone: 'good',
    stays: 12_000,
    message: (
      <>
        Release {release.number} is live{activation.kind === 'ROLL_BACK' && ' again'}{environment !== PRODUCTION && <> in {environment}</>}.
        <Reach activation={activation.id} />
      </>
    ),
    ...(previous ? { action: { label: back, run: () => void moveBack(move, previous.id, back) } } : {}),
  });
}

/** Points the environment back at what it showed before, unless somebody moved it since. */
async function moveBack(move: Move, to: string, word: string, idempotencyKey = onceKey()): Promise<void> {
  const { frontend, environment, activation: { release } } = move;
  const { data, error } = await client.mutation(UNDO, {
    input: { frontend, environment, toRelease: to, reason: `${word} of release ${release.number}`, expectedLiveHash: release.hash, idempotencyKey },
  }).toPromise();
  const payload = data?.releaseRollBack;
  if (payload?.activation) {
    moved({ frontend, environment, activation: payload.activation }, word === 'Undo' ? 'Redo' : 'Undo');
    return;
  }
  const since = payload?.userErrors.find(({ code }) => code === 'LIVE_MOVED');
  toast({
    tone: 'bad',
    message: since ? `${movedWords('live' in since ? since.live?.number : undefined)}, so nothing was taken back. Look at Releases and choose what to go back to.` : problemOf(error, payload?.userErrors),
    ...(error?.networkError ? { action: { label: 'Try again', run: () => void moveBack(move, to, word, idempotencyKey) } } : {}),
  });
}

/** What happened when another release is live than was seen. */
export const movedWords = (number: number | undefined): string => (number === undefined ? 'Somebody changed what is live meanwhile' : `Somebody made release ${number} live meanwhile`);

const AGAIN = 300;
const TIMES = 6;

/** How an activation got to open frontends. The figures grow for a moment after the answer: they are read until they stay. */
export function Reach({ activation }: { readonly activation: string }): ReactNode {
  const [reached, set] = useState<{ readonly frontends: number; readonly ms: number | null; readonly settled: boolean }>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const read = async (last: string, times: number): Promise<void> => {
      const { data } = await client.query(REACHED, { id: activation }, { requestPolicy: 'network-only' }).toPromise();
      const delivery = data?.node && 'delivery' in data.node ? data.node.delivery : undefined;
      const now = JSON.stringify(delivery ?? null);
      const settled = now === last;
      if (gone) return;
      if (delivery) set({ frontends: delivery.frontends, ms: delivery.lastMs ?? null, settled });
      if (!settled && times < TIMES) timer = setTimeout(() => void read(now, times + 1), AGAIN);
    };
    void read('', 1);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [activation]);
  if (!reached) return null;
  if (reached.frontends > 0) return <> Sent to {plural(reached.frontends, 'open frontend')}{reached.ms !== null && <> in {duration(reached.ms)}</>}.</>;
  return reached.settled ? <> No frontend is open right now.</> : null;
}
