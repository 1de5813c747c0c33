import { createGraphiQLFetcher, type Fetcher, type FetcherOpts } from '@graphiql/toolkit';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { createClient } from 'graphql-ws';
import { ask, headersOf } from './caller';

const socket = new URL('/graphql', location.href);
socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:';

/** How the server closes a connection whose key or session does not count. */
const FORBIDDEN = 4403;

const byHTTP = createGraphiQLFetcher({ url: '/graphql', fetch: ask });

/**
 * Each operation goes out with the headers of its tab and with the key of the page, subscriptions on a websocket of their
 * own. One that broke is opened again, unless its key is no longer good: that is told at once.
 */
export const fetcher: Fetcher = (parameters, options) => {
  const headers = headersOf(options?.headers);
  if (!subscribes(options?.documentAST, parameters.operationName)) return byHTTP(parameters, { ...options, headers });
  const client = createClient({ url: socket.href, connectionParams: headers, shouldRetry: (event) => !(event instanceof CloseEvent && event.code === FORBIDDEN) });
  return told(client.iterate(parameters) as AsyncIterableIterator<ExecutionResult>);
};

const subscribes = (document: FetcherOpts['documentAST'], name: string | null | undefined): boolean =>
  document?.definitions.some((of) => of.kind === 'OperationDefinition' && of.operation === 'subscription' && (!name || of.name?.value === name)) ?? false;

/** A stream whose failure is its last answer, as everything else that goes wrong is. */
const told = (answers: AsyncIterableIterator<ExecutionResult>): AsyncIterableIterator<ExecutionResult> => ({
  [Symbol.asyncIterator]() {
    return this;
  },
  next: () => answers.next().catch((error: unknown) => ({ done: false as const, value: { errors: reasons(error) } })),
  return: async () => (await answers.return?.()) ?? { done: true as const, value: undefined },
});

function reasons(error: unknown): readonly GraphQLError[] {
  if (Array.isArray(error)) return error as GraphQLError[];
  if (error instanceof CloseEvent) return [new GraphQLError(`the connection was closed (${error.code}): ${error.reason || 'no reason was given'}`)];
  return [new GraphQLError(error instanceof Error ? error.message : 'the stream ended')];
}
