import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { Feed } from '../feed.js'
import { contribution } from '../resolvers.js'
import { serve } from '../server.js'
import { Store } from '../store.js'
import { subgraph } from '../subgraph.js'

const sdl = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8')
const newFile = () => join(mkdtempSync(join(tmpdir(), 'reviews-')), 'new', 'reviews.db')

/** Starts the service on a free port; queries are what its database was asked. @param {import('node:test').TestContext} t */
async function start(t) {
  /** @type {string[]} */
  const queries = []
  const store = new Store(newFile(), (sql) => queries.push(sql))
  const feed = new Feed()
  const followed = new Promise((resolve) => {
    const follow = feed.follow.bind(feed)
    feed.follow = (wanted) => (resolve(undefined), follow(wanted))
  })
  const { resolvers, entities } = contribution(store, feed)
  const { server, stop } = serve(subgraph(sdl, resolvers, entities))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/graphql`
  t.after(stop)
  /** @param {string} query @param {object} [variables] @param {Record<string, string>} [headers] @returns {Promise<any>} */
  const ask = async (query, variables, headers) => {
    queries.length = 0
    const body = JSON.stringify({ query, variables })
    const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body })
    return response.json()
  }
  return { url, store, queries, ask, followed }
}

test('what a batch of entities asks for is one question to the database for each kind of thing', async (t) => {
  const { ask, queries } = await start(t)
  const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Review { stars } ... on Product { id averageStars reviewCount'
  const products = ['p01', 'p08', 'p02', 'p01'].map((id) => ({ __typename: 'Product', id }))

  assert.deepEqual((await ask(`${entities} } } }`, { of: products })).data._entities, [
    { __typename: 'Product', id: 'p01', averageStars: 4.7, reviewCount: 3 },
    { __typename: 'Product', id: 'p08', averageStars: null, reviewCount: 0 },
    { __typename: 'Product', id: 'p02', averageStars: 3.5, reviewCount: 2 },
    { __typename: 'Product', id: 'p01', averageStars: 4.7, reviewCount: 3 },
  ])
  assert.equal(queries.length, 1)

  const pages = 'a: reviews(first: 1) { edges { node { id } } pageInfo { hasNextPage } } b: reviews(first: 5) { edges { node { id } } } } } }'
  const joined = (await ask(`${entities} ${pages}`, { of: products })).data._entities
  assert.deepEqual(joined[0].a, { edges: [{ node: { id: '17' } }], pageInfo: { hasNextPage: true } })
  assert.deepEqual(joined[1].a, { edges: [], pageInfo: { hasNextPage: false } })
  assert.deepEqual(joined[2].b, { edges: [{ node: { id: '15' } }, { node: { id: '5' } }] })
  assert.equal(queries.length, 2)

  const mixed = [{ __typename: 'Review', id: '3' }, { __typename: 'Review', id: 'gone' }, products[0], { __typename: 'Review', id: '5' }]
  assert.deepEqual((await ask('query ($of: [_Any!]!) { _entities(representations: $of) { ... on Review { stars } ... on Product { id } } }', { of: mixed })).data._entities, [
    { stars: 5 }, null, { id: 'p01' }, { stars: 3 },
  ])
  assert.equal(queries.length, 1)
})

test('pages follow each other without a gap and end', async (t) => {
  const { ask } = await start(t)
  const ids = []
  for (let after = null; ; ) {
    const { data } = await ask(
      `query ($of: [_Any!]!, $after: String) { _entities(representations: $of) { ... on Product {
        reviews(first: 1, after: $after) { edges { node { id } } totalCount pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`,
      { of: [{ __typename: 'Product', id: 'p01' }], after },
    )
    const { edges, totalCount, pageInfo } = data._entities[0].reviews
    assert.equal(totalCount, 3)
    assert.equal(pageInfo.hasPreviousPage, after !== null)
    ids.push(...edges.map((/** @type {any} */ e) => e.node.id))
    if (!pageInfo.hasNextPage) break
    after = pageInfo.endCursor
  }
  assert.deepEqual(ids, ['17', '9', '1'])
})

test('bad input is told in words', async (t) => {
  const { ask, url } = await start(t)
  for (const [query, message, code] of [
    ['{ latestReviews(first: 0) { id } }', 'first is a number from 1 to 100', 'BAD_USER_INPUT'],
    ['{ latestReviews(first: 1) { product { reviews(first: 101) { totalCount } } } }', 'first is a number from 1 to 100', 'BAD_USER_INPUT'],
    ['{ latestReviews(first: 1) { product { reviews(after: "%") { totalCount } } } }', 'after is the cursor of an edge, as it was answered', 'BAD_USER_INPUT'],
    ['{ _entities(representations: [{ __typename: "Shop", id: 1 }]) { __typename } }', 'Shop is no entity of this service', 'BAD_USER_INPUT'],
    [`{ latestReviews { ${'product { reviews { edges { node { '.repeat(4)} id ${'} } } }'.repeat(4)} } }`, 'the operation is deeper than 12 fields', 'LIMIT'],
  ]) {
    const { errors } = await ask(query)
    assert.deepEqual([errors[0].message, errors[0].extensions.code], [message, code])
  }
  const add = 'mutation ($input: ReviewAddInput!) { reviewAdd(input: $input) { review { id } userErrors { message code path } } }'
  assert.deepEqual((await ask(add, { input: { product: ' ', stars: 6, body: '', author: 'x'.repeat(81) } })).data.reviewAdd, {
    review: null,
    userErrors: [
      { message: 'product is the id of a product', code: 'INVALID', path: ['product'] },
      { message: 'stars is a number from 1 to 5', code: 'INVALID', path: ['stars'] },
      { message: 'body has 1 to 2000 characters', code: 'INVALID', path: ['body'] },
      { message: 'author has 1 to 80 characters', code: 'INVALID', path: ['author'] },
    ],
  })
  assert.equal((await fetch(url)).status, 405)
  assert.equal((await fetch(url, { method: 'POST', body: 'x'.repeat(2 << 20) })).status, 413)
})

test('a review that is added is counted and streamed, once however often its request comes', async (t) => {
  const { ask, url, followed } = await start(t)
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket })
  const stream = client.iterate({ query: 'subscription { reviewAdded(product: "p08") { body product { averageStars } } }' })
  const next = stream.next()
  const add = 'mutation ($input: ReviewAddInput!) { reviewAdd(input: $input) { review { id createdAt product { reviewCount } } userErrors { message } } }'
  const input = { product: 'p08', stars: 4, body: ' Room for the cat, too. ', author: 'Ida' }
  await followed
  await ask(add, { input: { ...input, product: 'p07' } })
  const once = await ask(add, { input }, { 'Idempotency-Key': 'k1' })
  const twice = await ask(add, { input }, { 'Idempotency-Key': 'k1' })
  assert.equal(once.data.reviewAdd.review.product.reviewCount, 1)
  assert.match(once.data.reviewAdd.review.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(twice, once)
  assert.deepEqual((await next).value.data.reviewAdded, { body: 'Room for the cat, too.', product: { averageStars: 4 } })
  await stream.return?.()
  await client.dispose()
})

test('a reader that is slow ends, and one that is gone is forgotten', async () => {
  const feed = new Feed()
  const slow = feed.follow(() => true)
  const review = { id: '1', product: 'p01', stars: 5, author: 'A', body: 'B', createdAt: '' }
  for (let i = 0; i < 1001; i++) feed.publish(review)
  let got = 0
  for await (const _ of slow) got++
  assert.equal(got, 1000)
  const gone = feed.follow(() => true)
  const next = gone.next()
  await gone.return?.()
  assert.equal((await next).done, true)
})

test('what is wrong with the database is not told to clients', async (t) => {
  const { ask, store } = await start(t)
  t.mock.method(console, 'error', () => {})
  store.close()
  const { errors, data } = await ask('{ latestReviews { id } }')
  assert.deepEqual([errors[0].message, errors[0].extensions.code, data.latestReviews], ['internal error', 'INTERNAL', null])
})

test('it starts with one command, keeps what it has, and ends when told to', async () => {
  const database = newFile()
  for (let i = 0; i < 2; i++) {
    const main = new URL('../main.js', import.meta.url).pathname
    const service = spawn(process.execPath, [main, '--listen', '127.0.0.1:0', '--database', database])
    let said = ''
    for await (const chunk of service.stdout) {
      said += chunk
      if (said.includes('Ctrl-C')) break
    }
    const url = /publish --service reviews --url (\S+) --introspect/.exec(said)?.[1] ?? ''
    const body = JSON.stringify({ query: '{ latestReviews(first: 100) { id } }' })
    const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
    assert.equal((await response.json()).data.latestReviews.length, 18)
    service.kill('SIGTERM')
    assert.deepEqual(await once(service, 'exit'), [0, null])
  }
})
