// Services in the studio, with a real service in a process of its own: nothing yet, join by the command line, its health while
// it is killed and comes back, versions and what differs, a check, roll back and withdraw; and who may only look, or not even that.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Server, sideways, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../..');

let browser;
let server;
let visitor;
let folder;
let catalog;
let sdl;

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

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sonata-services-'));
  await run('go', ['build', '-o', path.join(folder, 'catalog'), './examples/catalog'], { cwd: ROOT });
  await symlink(path.resolve(process.env.BIN), path.join(folder, 'sonata'));
  sdl = await readFile(path.join(ROOT, 'examples/catalog/schema.graphql'), 'utf8');
  browser = await startBrowser();
  server = await Server.start(['--limit-anonymous', '0']);
  visitor = await Visitor.open(browser, server);
  catalog = new Catalog();
  await catalog.start();
});
after(async () => {
  try {
    await visitor?.close();
  } finally {
    catalog?.child.kill('SIGKILL');
    await browser?.close();
    await server?.remove();
    if (folder) await rm(folder, { recursive: true, force: true });
  }
});

async function open(address = '/studio/shop/services', who = visitor) {
  const page = await who.visit(address);
  await page.getByRole('heading', { name: 'Services', level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  return page;
}

async function clean(page, what) {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html)]), [], what);
  assert.ok((await sideways(page)) <= 0, `${what} scrolls sideways`);
}

const row = (page, name) => page.getByRole('list', { name: 'Services', exact: true }).locator(`#service-${name}`);
const node = (page, name) => page.getByRole('group', { name: /^Map of/ }).getByRole('button', { name: new RegExp(`^${name} `) });
const sonata = (...args) => run(path.join(folder, 'sonata'), args, { cwd: folder, env: { PATH: process.env.PATH, HOME: folder } });
const ask = () => fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ products(first: 2) { totalCount } }' }) }).then((answer) => answer.json());
const MORE = ['"The service that sells things, since the 1980s"', 'type Warranty { years: Int! }'].join('\n');
const larger = () => `${sdl}\n${MORE}\nextend type Product { warranty: Warranty }\n`;
const publish = (text) => server.graphql(
  'mutation ($input: SubgraphPublishInput!) { subgraphPublish(input: $input) { service { live { number } } userErrors { message } } }',
  { input: { service: 'catalog', url: catalog.url, sdl: text } },
);

/** Two services more, that nobody answers for. */
async function others() {
  const stock = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n\ntype Query { stockLevel: Int }\n';
  for (const [name, text] of [['stock', stock], ['reviews', stock.replace('stockLevel', 'reviewCount')]]) {
    await server.graphql('mutation ($input: SubgraphPublishInput!) { subgraphPublish(input: $input) { userErrors { message } } }', { input: { service: name, url: 'http://127.0.0.1:9/graphql', sdl: text, description: name === 'stock' ? 'What is left in which warehouse' : undefined } });
  }
}

test('nothing yet: the page says how a service joins, and shows it when it does, without a reload', async () => {
  const start = await visitor.visit('/studio/shop');
  await start.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: 'Services' }).click();
  await start.getByRole('heading', { name: 'No service is part of the graph yet' }).waitFor();
  await clean(start, 'no service yet');
  assert.equal(await start.getByRole('region', { name: 'The command that starts the example' }).innerText(), 'go run ./examples/catalog');
  const line = await start.getByRole('region', { name: 'The command that publishes its schema' }).innerText();
  assert.match(line, /^sonata subgraph publish --server \S+ --service catalog --url http:\/\/127\.0\.0\.1:8091\/graphql --introspect$/);
  const [, ...args] = line.replace('http://127.0.0.1:8091/graphql', catalog.url).split(' ');
  await sonata(...args, '--owner', 'Team Shelf', '--description', 'Products and categories', '--contact', 'shelf@example.org', '--docs-url', 'https://example.org/catalog');
  await node(start, 'catalog').waitFor();
  await row(start, 'catalog').getByText('v1', { exact: true }).waitFor();
  await ask();
  await row(start, 'catalog').getByText('Healthy', { exact: true }).waitFor();
  await row(start, 'catalog').getByText(/^\d+ calls?$/).waitFor();
  await start.getByText('Nothing is wrong.').waitFor();
  assert.ok(await start.evaluate(() => window.notReloaded));
  await start.close();
});

test('a service that is pressed opens, from the map or from the list, by its address too', async () => {
  const page = await open();
  await node(page, 'catalog').click();
  await row(page, 'catalog').getByRole('heading', { name: 'Schema' }).waitFor();
  await until(() => page.url().endsWith('?service=catalog'), 'the address');
  await row(page, 'catalog').getByText('Team Shelf').first().waitFor();
  await row(page, 'catalog').getByText('breaker: it is asked').waitFor();
  await row(page, 'catalog').getByRole('region', { name: 'Schema of catalog, version 1' }).waitFor();
  await clean(page, 'a service that is open');
  await page.close();
  const linked = await open('/studio/shop/services?service=catalog');
  await row(linked, 'catalog').getByRole('heading', { name: 'Schema' }).waitFor();
  await row(linked, 'catalog').getByRole('button', { name: 'catalog', exact: true }).press('Enter');
  await row(linked, 'catalog').getByRole('heading', { name: 'Schema' }).waitFor({ state: 'detached' });
  await linked.close();
});

test('a check says what does not fit, what breaks and what is safe', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Check a schema' }).click();
  const dialog = page.getByRole('dialog', { name: 'Check a schema' });
  await dialog.getByRole('textbox', { name: 'Service' }).fill('catalog');
  const check = async (text) => {
    await dialog.getByRole('textbox', { name: 'Schema', exact: true }).fill(text);
    await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  };
  await check(sdl);
  await dialog.getByText('The graph stays as it is for clients.').waitFor();
  await check(sdl.replace('type Category @key(fields: "id")', 'type Category @key(fields: "slug")'));
  await dialog.getByText('It would be refused.').waitFor();
  await dialog.getByText('KEY_INVALID_FIELDS').first().waitFor();
  await clean(page, 'a check that found something');
  await check(sdl.replace(/^.*"In cents".*\n/m, '').replace(/^\s*price: Int.*\n/m, ''));
  await dialog.getByText('breaking', { exact: true }).first().waitFor();
  await dialog.getByText('Product.price', { exact: true }).waitFor();
  await check(larger());
  await dialog.getByText('It can be published.').waitFor();
  await dialog.getByText('safe', { exact: true }).first().waitFor();
  await dialog.getByRole('textbox', { name: 'Service' }).fill('Not A Name');
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  await dialog.getByRole('alert').locator('.problem').waitFor();
  await page.close();
});

test('what is published anew is there at once, with what differs; back again is refused while it breaks, and done all the same', async () => {
  const page = await open('/studio/shop/services?service=catalog');
  assert.deepEqual((await publish(larger())).subgraphPublish.userErrors, []);
  await row(page, 'catalog').getByText('v2', { exact: true }).first().waitFor();
  const diff = row(page, 'catalog').getByRole('region', { name: 'catalog, version 1 to 2' });
  await diff.getByText('type Warranty { years: Int! }').waitFor();
  assert.equal(await diff.locator('li[data-kind="removed"]').count(), 0);
  await clean(page, 'a diff');
  await row(page, 'catalog').getByRole('button', { name: 'Roll back to version 1…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Roll catalog back to version 1?' });
  await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
  await dialog.getByText('Nothing was changed.').waitFor();
  await dialog.getByText('Product.warranty', { exact: true }).waitFor();
  await clean(page, 'a roll back that was refused');
  await dialog.getByRole('button', { name: 'Roll back all the same' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row(page, 'catalog').getByText('v1', { exact: true }).first().waitFor();
  await page.getByText('is at version 1 of its schema').waitFor();
  await page.close();
});

test('killed it is down, with the reason, and started again it is healthy; two people see the same', async () => {
  const [page, other] = [await open('/studio/shop/services?service=catalog'), await open()];
  await catalog.kill();
  await until(async () => {
    await ask();
    return (await row(page, 'catalog').getByText('Down', { exact: true }).count()) > 0;
  }, 'that it is down');
  await row(page, 'catalog').locator('.service-line').getByText('The service "catalog" cannot be reached.').waitFor();
  await page.getByText('1 of 1 is down.').waitFor();
  await node(other, 'catalog').getByText('Down').waitFor();
  await until(async () => /\d errors/.test(await row(page, 'catalog').locator('.service-line').innerText()), 'the errors');
  await clean(page, 'a service that is down');
  await catalog.start();
  await row(page, 'catalog').getByText('Healthy', { exact: true }).waitFor({ timeout: 40_000 });
  await node(other, 'catalog').getByText('Healthy').waitFor();
  assert.ok(await page.evaluate(() => window.notReloaded));
  await other.close();
  await page.close();
});

test('light and dark, narrow and wide', async () => {
  await others();
  await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ reviewCount }"}' });
  const pictures = process.env.SCREENSHOTS;
  if (pictures) await mkdir(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, height] of [[1280, 900], [768, 900], [360, 740]]) {
      const who = await Visitor.open(browser, server, { colorScheme, viewport: { width, height } });
      for (const [what, address] of [['services', '/studio/shop/services'], ['service', '/studio/shop/services?service=catalog']]) {
        const page = await open(address, who);
        await row(page, 'stock').getByText('cannot be reached').waitFor();
        await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
        await clean(page, `${what}, ${colorScheme}, ${width} px`);
        if (pictures) {
          await page.setViewportSize({ width, height: Math.max(height, await page.evaluate(() => document.querySelector('#view').scrollHeight + 110)) });
          await page.screenshot({ path: path.join(pictures, `${what}-${colorScheme}-${width}.png`) });
        }
        await page.close();
      }
      await who.close();
    }
  }
});

test('withdrawn it leaves the page of everybody who looks', async () => {
  const [page, other] = [await open('/studio/shop/services?service=catalog'), await open()];
  await row(page, 'catalog').getByRole('button', { name: 'Withdraw…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Withdraw catalog?' });
  await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await dialog.getByText('Query.products was removed').waitFor();
  await dialog.getByRole('button', { name: 'Withdraw all the same' }).click();
  await row(page, 'catalog').waitFor({ state: 'detached' });
  await row(other, 'catalog').waitFor({ state: 'detached' });
  await row(other, 'stock').waitFor();
  assert.match((await ask()).errors[0].message, /Cannot query field "products"/);
  await other.close();
  await page.close();
});

test('a server that was away and came back: what left in between is gone', async () => {
  await others();
  const who = await Visitor.open(browser, server, { serverMayVanish: true });
  const page = await open('/studio/shop/services', who);
  await row(page, 'reviews').waitFor();
  await server.stop('SIGTERM');
  await page.getByText('reconnecting…').waitFor();
  await row(page, 'reviews').waitFor();
  await server.start();
  await server.graphql('mutation { serviceWithdraw(input: { service: "reviews", allowBreaking: true }) { withdrawn } }');
  await row(page, 'reviews').waitFor({ state: 'detached' });
  await row(page, 'stock').waitFor();
  await page.close();
  await who.close();
});
