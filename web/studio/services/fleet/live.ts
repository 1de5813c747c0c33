// The processes as they are now: a stream of what joined, changed and left, at most every two seconds.
import type { TypedDocumentNode } from '@urql/core';
import { useEffect, useState } from 'react';
import { useClient, type AnyVariables } from 'urql';
import { useStanding } from '../../access/viewer';
import { useConnection } from '../../lib/client';
import { after, type Followed } from './events';
import { FLEET, SUMMARY, type Instance, type Summary } from './graph';

function useFollowed<I extends { readonly id: string }, V extends AnyVariables & object>(document: TypedDocumentNode<Followed<I>, V>, variables: V, pause: boolean): readonly I[] | undefined {
  const client = useClient();
  const { times } = useStanding();
  const away = useConnection() === 'away';
  const [instances, set] = useState<readonly I[]>();
  const of = JSON.stringify(variables);
  useEffect(() => {
    if (pause || away) return;
    return client.subscription(document, JSON.parse(of) as V).subscribe(({ data }) => {
      if (data) set((before = []) => after(before, data.fleet));
    }).unsubscribe;
  }, [client, document, of, pause, away, times]);
  return instances;
}

const ALL = {};

/** Of all services, what the list shows; undefined until it is known. */
export const useSummary = (pause: boolean): readonly Summary[] | undefined => useFollowed(SUMMARY, ALL, pause);

/** Of one service, the eldest first. */
export const useInstances = (service: string): readonly Instance[] | undefined => useFollowed(FLEET, { service }, false);
