// The whole story of data on a screen, with a real service in a process of its own: one command joins it, a designer binds a
// grid to it and publishes, an open shop follows; the service is killed, and comes back.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { following, notReloaded, Server, settled, sideways, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../..');
const BACK_MS = 15_000; // from a service that answers again to an open page

const DOCUMENT = 'query ProductGrid($first: Int! = 12) { products(first: $first) { edges { node { id name price imageUrl averageStars reviewCount } } } }';
const REVIEWS = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Query { reviewedProducts: Int }
type Product @key(fields: "id") { id: ID! averageStars: Float reviewCount: Int }`;

let browser;
let server;
let visitor;
let folder;
let catalog;
let reviews;

/** The example, in a process of its own. */
class Catalog {
  #listen = '127.0.0.1:0';
  async start() {
    this.child = spawn(path.join(folder, 'catalog'), ['--listen', this.#listen, '--database', path.join(folder, 'catalog.db')], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    this.child.stdout.on('data', (chunk) => (said += chunk));
    this.url = await until(() => /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(said)?.[0], 'the catalog');
    this.#listen = new URL(this.url).host;
  }
  async kill() {
    const end = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await end;
  }
}

/** What the reviews of each product come to: the first has many, the third none. */
const RATED = { p01: [4.7, 128], p02: [3.5, 1], p03: [null, 0] };

/** A second service, that knows of products nothing but their ids. */
async function startReviews() {
  const service = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { variables } = JSON.parse(text);
    const entities = (variables?.representations ?? []).map(({ id }) => {
      const [averageStars, reviewCount] = RATED[id] ?? [5, 12];
      return { __typename: 'Product', averageStars, reviewCount };
    });
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: { _entities: entities } }));
  });
  await new Promise((resolve) => service.listen(0, '127.0.0.1', resolve));
  return service;
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sonata-screen-'));
  await run('go', ['build', '-o', path.join(folder, 'catalog'), './examples/catalog'], { cwd: ROOT });
  browser = await startBrowser();
  // The first answer of a service on a machine that is busy with a browser may take its time.
  server = await Server.start(['--limit-anonymous', '0', '--data-within', '2s']);
  catalog = new Catalog();
  await catalog.start();
  reviews = await startReviews();
  visitor = await Visitor.open(browser, server, { hosts: [new URL(catalog.url).host] });
});
after(async () => {
  try {
    await visitor?.close();
  } finally {
    catalog?.child.kill('SIGKILL');
    reviews?.closeAllConnections();
    reviews?.close();
    await browser?.close();
    await server?.remove();
    if (folder) await rm(folder, { recursive: true, force: true });
  }
});

const sonata = (...args) => run(path.resolve(process.env.BIN), args, { cwd: folder, env: { PATH: process.env.PATH, HOME: folder } });
const gridOf = (page) => page.locator('[data-block="grid"]');
const card = (page, name) => gridOf(page).getByRole('listitem').filter({ hasText: name });

async function clean(page, what) {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html)]), [], what);
  assert.ok((await sideways(page)) <= 0, `${what} scrolls sideways`);
}

/** Light and dark, wide and narrow: no violation, and a picture where those are wanted. */
async function everyWay(what, ready, fill = async () => {}) {
  const pictures = process.env.SCREENSHOTS;
  if (pictures) await mkdir(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, height] of [[1280, 900], [360, 740]]) {
      const who = await Visitor.open(browser, server, { colorScheme, viewport: { width, height }, hosts: [new URL(catalog.url).host] });
      const page = await who.visit('/demo/');
      await following(page);
      await ready(page);
      await gridOf(page).scrollIntoViewIfNeeded();
      await fill(page);
      await clean(page, `${what}, ${colorScheme}, ${width} px`);
      if (pictures) await gridOf(page).screenshot({ path: path.join(pictures, `shop-${what}-${colorScheme}-${width}.png`) });
      await page.close();
      await who.close();
    }
  }
}

let shop; // a tab that stays open
let bound; // what the draft holds

test('one command joins the catalog, and an open shop does not mind', async () => {
  shop = await visitor.visit('/demo/');
  await following(shop);
  await card(shop, 'Fjell').waitFor();
  const { stdout } = await sonata('subgraph', 'publish', '--server', server.url, '--service', 'catalog', '--url', catalog.url, '--introspect');
  assert.match(stdout, /published catalog: version 1 of its schema is in version 1 of the graph/);
  const { subgraphPublish } = await server.graphql('mutation ($input: SubgraphPublishInput!) { subgraphPublish(input: $input) { userErrors { message } } }', { input: { service: 'reviews', url: `http://127.0.0.1:${reviews.address().port}/graphql`, sdl: REVIEWS } });
  assert.deepEqual(subgraphPublish.userErrors, []);
  await writeFile(path.join(folder, 'documents.json'), JSON.stringify({ grid: DOCUMENT }));
  await sonata('documents', 'push', '--server', server.url, '--frontend', 'shop', 'documents.json');
});

test('a designer binds the grid to it, sees real products before anybody else, and publishes: the open shop has them', async () => {
  const page = await visitor.visit('/studio/shop/screens/home?block=grid');
  const form = page.getByTestId('props-form');
  await form.getByRole('button', { name: 'Bind Products of a service to data' }).click();
  const dialog = page.getByRole('dialog', { name: 'Bind Products of a service to data' });
  await dialog.getByRole('list', { name: 'Documents' }).getByRole('button', { name: /^ProductGrid/ }).click();
  await dialog.getByRole('button', { name: 'Next' }).click();
  const tree = dialog.getByRole('radiogroup', { name: 'What to take out of the answer' });
  await until(() => tree.getByRole('radio', { name: /^edges/ }).isChecked(), 'the list that fits to be chosen');
  const properties = dialog.getByRole('list', { name: 'Properties' });
  // Nothing has to be chosen: the names say what is meant.
  for (const [title, pointer] of [['Name', '/node/name'], ['Price', '/node/price'], ['Picture', '/node/imageUrl'], ['Stars', '/node/averageStars'], ['Reviews', '/node/reviewCount']]) {
    assert.equal(await properties.getByLabel(new RegExp(`^${title}`)).inputValue(), pointer, title);
  }
  await dialog.getByRole('region', { name: 'What comes out' }).getByRole('cell', { name: 'Reading lamp' }).waitFor();
  await dialog.getByRole('button', { name: 'Use' }).click();
  await dialog.waitFor({ state: 'detached' });
  await form.getByTestId('bound').getByText('ProductGrid').waitFor();
  await until(async () => (bound = (await server.screen('home')).body.blocks.grid.props.items?.$bind), 'the draft');
  assert.deepEqual([bound.path, bound.map], ['/products/edges', { title: '/node/name', price: '/node/price', image: '/node/imageUrl', stars: '/node/averageStars', reviews: '/node/reviewCount' }]);

  const preview = page.frameLocator('iframe').locator('[data-block="grid"]');
  await preview.getByText('Reading lamp').waitFor();
  await card(shop, 'Fjell').waitFor(); // the shop shows what is live

  await page.getByTestId('publish').click();
  const publish = page.getByRole('dialog');
  await publish.getByText('1 change · no problems').waitFor();
  const button = publish.getByRole('button', { name: /^Publish/ });
  await until(() => button.isEnabled(), 'the button');
  await button.click();
  await page.locator('.toast').filter({ hasText: 'Release 2 is live.' }).waitFor();

  await card(shop, 'Reading lamp').waitFor();
  assert.equal(await gridOf(shop).getByRole('listitem').count(), 12);
  assert.match(await card(shop, 'Reading lamp').innerText(), /€89\b[^]*4\.7[^]*128 reviews/);
  await card(shop, 'Reading lamp').getByText('4.7 of 5 stars').waitFor({ state: 'attached' });
  assert.match(await card(shop, 'Paper lantern').innerText(), /3\.5[^]*1 review$/);
  await card(shop, 'Candle holder').getByText('No reviews yet').waitFor();
  await gridOf(shop).scrollIntoViewIfNeeded();
  await until(() => card(shop, 'Reading lamp').locator('img').evaluate((image) => image.naturalWidth > 0), 'the picture, which the catalog serves');
  await shop.getByTestId('degradations').getByText('as designed').waitFor();
  assert.ok(await notReloaded(shop));
  await page.close();
});

test('an older build, that has no place for data, goes on showing what is written', async () => {
  const page = await visitor.visit('/demo/?build=1.0');
  await following(page);
  await card(page, 'Fjell').waitFor();
  await page.close();
});

test('light and dark, wide and narrow', () => everyWay('products', (page) => card(page, 'Reading lamp').waitFor(), async (page) => {
  for (const image of await gridOf(page).locator('img').all()) await image.scrollIntoViewIfNeeded();
  await until(() => gridOf(page).locator('img').evaluateAll((images) => images.every((image) => image.naturalWidth > 0)), 'all pictures');
}));

test('a picture that cannot be loaded is the first letter of the name', async () => {
  const page = await visitor.context.newPage();
  await page.route('**/images/**', (route) => route.fulfill({ status: 200, contentType: 'image/svg+xml', body: 'no picture' }));
  await page.goto(`${server.url}/demo/`);
  await following(page);
  await card(page, 'Reading lamp').locator('.initial').getByText('R').waitFor();
  await page.close();
});

test('killed, it takes no screen down; back, it is on every open page, without a reload', async (t) => {
  await catalog.kill();
  await shop.reload();
  await shop.evaluate(() => (window.notReloaded = true));
  await following(shop);
  await gridOf(shop).getByText('These products could not be loaded right now.').waitFor();
  await shop.locator('main h1').first().waitFor();
  await shop.locator('[data-block="letter"]').waitFor();
  await gridOf(shop).getByRole('heading', { name: 'Chosen for the dark season' }).waitFor();
  await shop.getByTestId('degradations').getByText('1 without data').click();
  const sheet = shop.getByRole('complementary', { name: 'About this screen' });
  await sheet.getByText('grid', { exact: true }).waitFor();
  await sheet.getByText('its data is not there right now').waitFor();
  await shop.keyboard.press('Escape');
  await everyWay('away', (page) => gridOf(page).getByText('These products could not be loaded right now.').waitFor());

  const services = await visitor.visit('/studio/shop/services?service=catalog');
  const row = services.getByRole('list', { name: 'Services', exact: true }).locator('#service-catalog');
  const looks = () => fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ screen(at: { path: "/" }, context: { frontend: "shop" }) { degradations { reason } } }' }) }).then((answer) => answer.json());
  await until(async () => {
    assert.deepEqual((await looks()).data.screen.degradations, [{ reason: 'DATA_UNAVAILABLE' }]);
    return (await row.getByText('Down', { exact: true }).count()) > 0;
  }, 'that it is down');
  await row.locator('.service-line').getByText('The service "catalog" cannot be reached.').waitFor();

  await catalog.start();
  const began = performance.now();
  await card(shop, 'Reading lamp').waitFor({ timeout: BACK_MS });
  t.diagnostic(`back on the open page after ${Math.round(performance.now() - began)} ms`);
  assert.ok(await notReloaded(shop));
  await shop.getByTestId('degradations').getByText('as designed').waitFor();
  await row.getByText('Healthy', { exact: true }).waitFor();
  await services.close();
  await settled(shop);
});
