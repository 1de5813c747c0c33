// The demo shop while the server goes away and comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clock, connection, following, h1, notReloaded, Server, shows, startBrowser, stopwatch, Visitor } from './harness.mjs';

const SEEDED = 'Light for long evenings';
// A stop waits neither for open streams nor for the spare connections that browsers keep.
const STOPS_WITHIN = 4_000;
const vanishing = { serverMayVanish: true };

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

async function withVisitor(run) {
  const server = await Server.start();
  const visitor = await Visitor.open(browser, server, vanishing);
  try {
    await run(server, visitor);
    await visitor.close();
  } finally {
    await visitor.context.close();
    await server.remove();
  }
}

for (const [signal, ending] of [['SIGKILL', { code: null, signal: 'SIGKILL' }], ['SIGTERM', { code: 0, signal: null }]]) {
  test(`the page outlives a server that ends with ${signal}`, (t) => withVisitor(async (server, visitor) => {
    const page = await visitor.visit('/demo/');
    await following(page);
    await page.locator('.newsletter input').scrollIntoViewIfNeeded();
    await page.locator('.newsletter input').click();
    await page.keyboard.type('half a wo');
    await server.setTitle('Before the end');
    await server.publish();
    await shows(page, 'Before the end');
    // What is kept is the place in the window: a shorter headline above makes the page shorter.
    const place = () => page.locator('.newsletter input').evaluate((field) => Math.round(field.getBoundingClientRect().top));
    const here = await place();

    const { ms, ...end } = await server.stop(signal);
    t.diagnostic(`${signal}: the process ended within ${ms} ms, with one page open`);
    assert.deepEqual(end, ending);
    assert.ok(ms < STOPS_WITHIN, `took ${ms} ms`);
    await connection(page, 'away');
    assert.equal(await page.locator('.bar .state').textContent(), 'reconnecting…');
    assert.equal(await h1(page).textContent(), 'Before the end', 'the page lost its content');

    const begins = clock();
    await server.start();
    const ready = clock();
    await connection(page, 'open');
    t.diagnostic(`${signal}: ready again after ${Math.round(ready - begins)} ms, page live again ${Math.round(clock() - ready)} ms later`);
    assert.equal(await page.locator('.bar .state').textContent(), 'live');

    await server.setTitle('After the restart');
    const arrived = await stopwatch(page, 'main h1', 'After the restart');
    const sent = clock();
    await server.publish();
    t.diagnostic(`${signal}: a publish after the restart arrived in ${Math.round((await arrived()) - sent)} ms`);
    await page.waitForSelector('.shop[data-release="3"]');
    assert.ok(await notReloaded(page));
    assert.ok(Math.abs((await place()) - here) <= 1, `moved by ${(await place()) - here} px`);
    await page.keyboard.type('rd');
    assert.equal(await page.locator('.newsletter input').inputValue(), 'half a word');
  }));
}

test('what was published while the page was cut off is shown after it comes back', (t) => withVisitor(async (server, visitor) => {
  const page = await visitor.visit('/demo/');
  await following(page);
  await server.stop('SIGKILL');
  await connection(page, 'away');
  await visitor.context.setOffline(true);
  await server.start();
  const reached = await page.evaluate((address) => new Promise((resolve) => {
    const socket = new WebSocket(address, 'graphql-transport-ws');
    socket.onopen = () => resolve('the server');
    socket.onerror = () => resolve('nobody');
  }), `${server.url.replace('http', 'ws')}/graphql`);
  assert.equal(reached, 'nobody', 'the page is not cut off, so this test would prove nothing');
  await server.setTitle('While you were away');
  await server.publish();
  await server.setTitle('While you were away, twice');
  await server.publish();
  assert.equal(await page.evaluate(() => document.querySelector('.shop').dataset.connection), 'away');
  assert.equal(await h1(page).textContent(), SEEDED);

  const arrived = await stopwatch(page, 'main h1', 'While you were away, twice');
  const back = clock();
  await visitor.context.setOffline(false);
  t.diagnostic(`shown ${Math.round((await arrived()) - back)} ms after the network came back`);
  await connection(page, 'open');
  await page.waitForSelector('.shop[data-release="3"]');
  assert.ok(await notReloaded(page));
}));

test('a screen that was visited can be visited while the server is away', () => withVisitor(async (server, visitor) => {
  const page = await visitor.visit('/demo/');
  await following(page);
  await page.locator('.card', { hasText: 'Lumi' }).first().click();
  await shows(page, 'Lumi');
  await server.stop('SIGKILL');
  await connection(page, 'away');
  await page.goBack();
  await shows(page, SEEDED);
  // What was never seen says so, in words, and comes by itself.
  await page.locator('.card', { hasText: 'Skog' }).first().click();
  await page.waitForSelector('.shop[data-phase="away"]');
  assert.equal(await h1(page).textContent(), 'One moment');
  await server.start();
  await shows(page, 'Skog');
  assert.ok(await notReloaded(page));
}));

test('a stop with many open pages is orderly, and each comes back', (t) => withVisitor(async (server, visitor) => {
  const pages = []; // one after the other: four browsers starting at once is not what this is about
  for (const at of ['/demo/', '/demo/products/lamp', '/demo/?build=1.0', '/demo/?env=staging']) pages.push(await visitor.visit(at));
  await Promise.all(pages.map((page) => connection(page, 'open')));
  const { code, ms } = await server.stop('SIGTERM');
  t.diagnostic(`ended within ${ms} ms, with ${pages.length} pages open`);
  assert.equal(code, 0);
  assert.ok(ms < STOPS_WITHIN, `took ${ms} ms`);
  await Promise.all(pages.map((page) => connection(page, 'away')));
  await server.start();
  await Promise.all(pages.map((page) => connection(page, 'open')));
  for (const page of pages) assert.ok(await notReloaded(page));
}));
