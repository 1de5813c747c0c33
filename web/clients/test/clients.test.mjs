// Clients as their own documentation says, against a running Sonata: nothing is made to fit.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createEvents } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import WebSocket from 'ws';
import { Server, until } from '../../test/harness.mjs';

const server = await Server.start();
const http = `${server.url}/graphql`;
const ws = http.replace('http', 'ws');
after(() => server.remove());

const SCREEN = `query Screen($path: String!) { screen(at: { path: $path }, context: { frontend: "shop" }) { id key title release { number } blocks { key component props } } }`;
const RELEASE = `subscription Live { release(frontend: "shop") { kind release { number } } }`;
const PRESENCE = `mutation Here($input: ScreenUpdateInput!) { screenUpdate(input: $input) { screen { id title } userErrors { code message } } }`;
const BROKEN = `query Broken { nothing }`;

let edits = 0;
/** Publishes a change, and returns the number of the release. */
async function publish() {
  await server.setTitle(`Edit ${++edits}`);
  return (await server.publish()).number;
}

/** Follows releases with a client and sees the one that is live at first, and the next. */
async function follows(subscribe) {
  const seen = [];
  let failure;
  const stop = subscribe((release) => seen.push(release), (error) => (failure = error));
  const came = (count) => until(() => {
    if (failure) throw failure;
    return seen.length >= count;
  }, `event ${count}`);
  await came(1);
  assert.equal(seen[0].kind, 'INITIAL');
  const number = await publish();
  await came(2);
  assert.deepEqual(seen[1], { ...seen[1], kind: 'PUBLISH', release: { ...seen[1].release, number } });
  stop();
}

describe('Apollo Client', () => {
  const socket = createSocket({ url: ws, webSocketImpl: WebSocket, lazy: true });
  const make = (options = {}) => new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ query }) => { const main = getMainDefinition(query); return main.kind === 'OperationDefinition' && main.operation === 'subscription'; },
      new GraphQLWsLink(socket), new HttpLink({ uri: http, ...options }),
    ),
  });
  after(() => socket.dispose());

  test('queries, by POST and by GET, and keeps what has an id once', async () => {
    for (const client of [make(), make({ useGETForQueries: true })]) {
      const { data, error } = await client.query({ query: gql(SCREEN), variables: { path: '/' } });
      assert.equal(error, undefined);
      assert.equal(data.screen.key, 'home');
      assert.ok(Object.keys(client.cache.extract()).some((id) => id.startsWith('ScreenSnapshot:')), 'a snapshot has an id of its own in the cache');
    }
  });

  test('mutates, and the cache follows', async () => {
    const client = make();
    const { id, version } = await server.screen('home');
    const SCREENS = gql`query { node(id: "${id}") { id ... on Screen { title } } }`;
    await client.query({ query: SCREENS });
    const { data } = await client.mutate({ mutation: gql(PRESENCE), variables: { input: { id, expectedVersion: version, title: 'Named by Apollo' } } });
    assert.deepEqual(data.screenUpdate.userErrors, []);
    assert.equal(client.readQuery({ query: SCREENS }).node.title, 'Named by Apollo');
  });

  test('follows a subscription over graphql-ws', () => follows((next, error) => {
    const subscription = make().subscribe({ query: gql(RELEASE) }).subscribe({ next: ({ data }) => next(data.release), error });
    return () => subscription.unsubscribe();
  }));

  test('tells what is wrong with a document', async () => {
    await assert.rejects(make().query({ query: gql(BROKEN) }), /Cannot query field "nothing"/);
  });
});

describe('urql', () => {
  const socket = createSocket({ url: ws, webSocketImpl: WebSocket });
  after(() => socket.dispose());
  const overSocket = subscriptionExchange({
    forwardSubscription: (request) => ({ subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink) }) }),
  });
  const make = (...more) => new Client({ url: http, exchanges: [cacheExchange, ...more, fetchExchange], preferGetMethod: 'within-url-limit' });

  test('queries by GET, and by POST when told so', async () => {
    const asked = [];
    const watched = (address, options) => {
      asked.push(options.method ?? 'GET');
      return fetch(address, options);
    };
    for (const [preferGetMethod, method] of [['within-url-limit', 'GET'], [false, 'POST']]) {
      const client = new Client({ url: http, exchanges: [fetchExchange], fetch: watched, preferGetMethod });
      const { data, error } = await client.query(SCREEN, { path: '/' }).toPromise();
      assert.equal(error, undefined);
      assert.equal(data.screen.key, 'home');
      assert.equal(asked.at(-1), method);
    }
  });

  test('mutates', async () => {
    const { id, version } = await server.screen('home');
    const { data, error } = await make().mutation(PRESENCE, { input: { id, expectedVersion: version, title: 'Named by urql' } }).toPromise();
    assert.equal(error, undefined);
    assert.equal(data.screenUpdate.screen.title, 'Named by urql');
  });

  test('follows a subscription over graphql-ws', () => follows((next, failed) => {
    const { unsubscribe } = make(overSocket).subscription(RELEASE, {}).subscribe(({ data, error }) => (error ? failed(error) : next(data.release)));
    return unsubscribe;
  }));

  test('follows a subscription over its own server-sent events', () => follows((next, failed) => {
    const client = new Client({ url: http, exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod: false });
    const { unsubscribe } = client.subscription(RELEASE, {}).subscribe(({ data, error }) => (error ? failed(error) : data && next(data.release)));
    return unsubscribe;
  }));

  test('tells what is wrong with a document', async () => {
    const { error } = await make().query(BROKEN, {}).toPromise();
    assert.match(error.message, /Cannot query field "nothing"/);
    assert.equal(error.response.status, 400);
  });
});

describe('graphql-ws', () => {
  const client = createSocket({ url: ws, webSocketImpl: WebSocket });
  after(() => client.dispose());
  const once = async (query, variables) => {
    for await (const answer of client.iterate({ query, variables })) return answer;
  };

  test('asks a query and a mutation over the socket', async () => {
    assert.equal((await once(SCREEN, { path: '/' })).data.screen.key, 'home');
    const { id, version } = await server.screen('home');
    assert.deepEqual((await once(PRESENCE, { input: { id, expectedVersion: version, title: 'Named over a socket' } })).data.screenUpdate.userErrors, []);
  });

  test('follows a subscription', () => follows((next, error) => client.subscribe({ query: RELEASE }, { next: ({ data }) => next(data.release), error, complete() {} })));

  test('is told what is wrong with a document, and goes on', async () => {
    await assert.rejects(once(BROKEN), ([error]) => /Cannot query field "nothing"/.test(error.message));
    assert.equal((await once(SCREEN, { path: '/' })).data.screen.key, 'home');
  });
});

describe('graphql-sse', () => {
  const client = createEvents({ url: http });
  after(() => client.dispose());
  const once = (query, variables) => new Promise((resolve, reject) => {
    let answer;
    client.subscribe({ query, variables }, { next: (value) => (answer = value), error: reject, complete: () => resolve(answer) });
  });

  test('asks a query', async () => assert.equal((await once(SCREEN, { path: '/' })).data.screen.key, 'home'));
  test('follows a subscription', () => follows((next, error) => client.subscribe({ query: RELEASE }, { next: ({ data }) => next(data.release), error, complete() {} })));
  test('is told what is wrong with a document', async () => assert.match(JSON.stringify(await once(BROKEN).catch((error) => String(error))), /Cannot query field|400/));
});
