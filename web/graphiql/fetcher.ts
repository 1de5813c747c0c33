import { createGraphiQLFetcher, type Fetcher, isAsyncIterable } from '@graphiql/toolkit';
import { GraphQLError } from 'graphql';
import { createClient } from 'graphql-ws';
import { ask, headersOf } from './caller';

const socket = new URL('/graphql', location.href);
socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:';

/** How the server closes a connection whose key or session does not count. */
const FORBIDDEN = 4403;

/**
 * Each operation goes out with the headers of its tab and with the key of the page, subscriptions on a websocket of their
 * own. One that broke is opened again, unless its key is no longer good: that is told at once.
 */
export const fetcher: Fetcher = async (parameters, options) => {
  const headers = headersOf(options?.headers);
  const wsClient = createClient({ url: socket.href, connectionParams: headers, shouldRetry: (event) => !(event instanceof CloseEvent && event.code === FORBIDDEN) });
  const answer = await createGraphiQLFetcher({ url: '/graphql', fetch: ask, wsClient })(parameters, { ...options, headers });
  return isAsyncIterable(answer) ? told(answer, (message) => ({ errors: [new GraphQLError(message)] })) : answer;
};

/** A stream whose failure is its last answer. GraphiQL would show one that is thrown, and throw it once more at nobody. */
function told<T>(answers: AsyncIterable<T>, failed: (message: string) => T): AsyncIterable<T> {
  const each = answers[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => each.next().catch((error: unknown) => ({ done: false as const, value: failed(error instanceof Error ? error.message : 'the stream ended') })),
      return: async () => (await each.return?.()) ?? { done: true as const, value: undefined },
    }),
  };
}
