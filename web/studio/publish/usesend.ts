import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { problemOf } from '../lib/failed';
import { ago } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { onceKey } from '../lib/once';
import { saveAll } from '../lib/publish';
import { toast } from '../lib/toast';
import { client } from '../lib/client';
import { moved } from './moved';
import { CANCEL, PUBLISH, SCHEDULE } from './plan';
import { momentWords } from './moment';

export interface Wanted {
  readonly title: string;
  readonly notes: string;
  readonly screens: readonly string[] | undefined;
  readonly expectedLiveHash: string | null;
  readonly acknowledgeWarnings: boolean;
  /** Undefined: at once. */
  readonly at: Date | undefined;
}

interface Sending {
  readonly sending: boolean;
  readonly problem: string | undefined;
  /** What was sent without an answer: whether it was done is not known. */
  readonly lost: Wanted | undefined;
  readonly run: (wanted: Wanted) => Promise<void>;
}

/** Sends what was decided. The same decision sent twice, since an answer got lost, is carried out once. */
export function useSend({ environment, close, again }: { readonly environment: string; readonly close: () => void; readonly again: () => void }): Sending {
  const { frontend } = useFrontend();
  const [, publish] = useMutation(PUBLISH);
  const [, schedule] = useMutation(SCHEDULE);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [lost, lose] = useState<Wanted>();
  const sent = useRef<{ readonly what: string; readonly key: string }>(undefined);

  const send = async (wanted: Wanted): Promise<void> => {
    const { at, notes, screens, ...rest } = wanted;
    await saveAll();
    const input = { frontend: frontend.id, environment, ...rest, ...(notes ? { notes } : {}), ...(screens ? { screens: [...screens] } : {}) };
    const what = JSON.stringify([input, at]);
    if (sent.current?.what !== what) sent.current = { what, key: onceKey() };
    const idempotencyKey = sent.current.key;
    if (at) {
      const { data, error } = await schedule({ input: { ...input, at: at.toISOString(), idempotencyKey } });
      if (data?.releaseSchedule?.schedule) {
        const { id, release } = data.releaseSchedule.schedule;
        close();
        scheduled(id, `Release ${release.number} goes live on ${momentWords(at)}, ${ago(at.getTime())}.`);
        return;
      }
      refused(wanted, error, data?.releaseSchedule?.userErrors);
      return;
    }
    const { data, error } = await publish({ input: { ...input, idempotencyKey } });
    if (data?.releasePublish?.activation) {
      close();
      moved({ frontend: frontend.id, environment, activation: data.releasePublish.activation });
      return;
    }
    refused(wanted, error, data?.releasePublish?.userErrors);
  };

  const refused = (wanted: Wanted, error: Parameters<typeof problemOf>[0], errors: readonly { readonly message: string; readonly code: string }[] = []): void => {
    if (error?.networkError) {
      lose(wanted);
      setProblem('The server does not answer. What is written here stays. Try again once it is back: the same is sent, and it is done once, even if it arrived already.');
      return;
    }
    // What is live now, and what stands against it, is told by the plan.
    again();
    lose(undefined);
    sent.current = undefined;
    setProblem(errors.some(({ code }) => code === 'LIVE_MOVED') ? undefined : problemOf(error, errors));
  };

  return {
    sending,
    problem,
    lost,
    run: async (wanted) => {
      setSending(true);
      setProblem(undefined);
      try {
        await send(wanted);
      } finally {
        setSending(false);
      }
    },
  };
}

function scheduled(id: string, message: string): void {
  const cancel = async (): Promise<void> => {
    const { data, error } = await client.mutation(CANCEL, { input: { id } }).toPromise();
    const refusal = problemOf(error, data?.releaseScheduleCancel?.userErrors);
    toast(refusal === undefined ? { message: 'It does not go live. The release stays in the list.' } : { message: refusal, tone: 'bad' });
  };
  toast({ message, tone: 'good', stays: 12_000, action: { label: 'Undo', run: () => void cancel() } });
}
