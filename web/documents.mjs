// Collects the operations that the pages and the SDK send, each exactly as it goes over the wire. The server compares
// hashes: a document that is missing here is refused for frontends that let only registered ones through.
import { cacheExchange, Client, fetchExchange, stringifyDocument, subscriptionExchange } from '@urql/core';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The exports of a module that imports nothing. */
async function exportsOf(file) {
  const { code } = await transformWithOxc(await readFile(here + file, 'utf8'), file);
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

const isOperation = ({ definitions: [first] }) => first?.kind === 'OperationDefinition';

/** What urql makes of a document: it asks for type names where it caches. */
function asSent(document) {
  return new Promise((resolve, reject) => {
    const client = new Client({
      url: 'http://localhost/graphql',
      preferGetMethod: false,
      fetch: (_, { body }) => {
        resolve(JSON.parse(body).query);
        return new Promise(() => {});
      },
      exchanges: [
        cacheExchange,
        fetchExchange,
        subscriptionExchange({ forwardSubscription: ({ query }) => (resolve(query), { subscribe: () => ({ unsubscribe() {} }) }) }),
      ],
    });
    const [{ operation }] = document.definitions;
    const run = { query: 'query', mutation: 'mutation', subscription: 'subscription' }[operation];
    if (!run) reject(new Error(`what is a ${operation}?`));
    client[run](document, {}).subscribe(() => {});
  });
}

/** The sources of all operations, in a stable order. */
export async function documentsSent() {
  const sources = new Set([...Object.values(await exportsOf('sdk/src/documents.ts')), ...Object.values(await exportsOf('sdk/former.ts'))]);
  for (const source of Object.values(await exportsOf('graphiql/documents.ts'))) sources.add(source);
  for (const document of Object.values(await exportsOf('studio/gql/graphql.ts'))) {
    if (document?.kind !== 'Document' || !isOperation(document)) continue;
    sources.add(stringifyDocument(document)); // asked without urql's cache
    sources.add(await asSent(document));
  }
  return [...sources].sort();
}
