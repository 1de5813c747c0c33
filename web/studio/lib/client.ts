// The one connection to the server: queries and mutations over fetch, subscriptions over one websocket that comes back
// by itself. The studio uses the public graph and nothing else.
import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { useSyncExternalStore } from 'react';
import { guarded } from '../access/guard';
import { ask, currentStanding, follow } from '../access/viewer';
import { isLink } from '../signin/token';
import { address, fetchOptions } from './address';

/** `away` means that the server does not answer; what is shown may be old, and what is typed is kept. */
export type Connection = 'connecting' | 'open' | 'away';

let state: Connection = 'connecting';
const listeners = new Set<() => void>();

function set(next: Connection): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

// The server pings every 20 s; a line that is silent for longer than two of them is dead, whatever the socket believes.
const SILENCE = 45_000;

const socket = createClient({
  url: address.href.replace(/^http/, 'ws'),
  // The first subscription opens the line; while there is one it stays, so that its state says whether the server is there.
  lazy: false,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (attempt) => new Promise((resolve) => setTimeout(resolve, Math.min(4_000, 200 * 2 ** attempt) * (0.5 + Math.random() / 2))),
  onNonLazyError: () => set('away'),
  on: {
    connected: () => set('open'),
    closed: () => {
      set('away');
      // The server ends the line of a session that has ended.
      void ask();
    },
    opened: (opened) => watch(opened as WebSocket),
  },
});

function watch(line: WebSocket): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => line.close(4_499, 'silent'), SILENCE);
  };
  heard();
  line.addEventListener('message', heard);
  line.addEventListener('close', () => clearTimeout(timer));
}

window.addEventListener('offline', () => set('away'));

// A line belongs to whoever opened it: after a sign-in there is a new one.
let before = currentStanding();
const byLink = isLink(location.pathname); // there nobody asks who this is: the line was opened by somebody else, or nobody
follow(() => {
  const now = currentStanding();
  if (now.times !== before.times && (before.phase !== 'asking' || byLink) && before.phase !== 'away') socket.terminate();
  before = now;
});

export const client = new Client({
  url: address.href,
  preferGetMethod: false,
  fetchOptions,
  requestPolicy: 'cache-and-network',
  // A query that is asked once is let go of with its first answer; aborting it then only makes the browser complain.
  fetch: (input, init) => guarded(input, { ...init, signal: null }),
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (operation) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ query: operation.query ?? '', variables: operation.variables ?? {} }, sink as never),
        }),
      }),
    }),
  ],
});

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
