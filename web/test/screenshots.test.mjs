// Pictures of every page, to be looked at. Their folder is SCREENSHOTS, else a temporary one that is named in the output.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { following, Server, sideways, startBrowser, until, Visitor } from './harness.mjs';

const PAGES = [
  ['home', '/', (page) => page.waitForSelector('h1')],
  ['demo', '/demo/', following],
  ['demo-product', '/demo/products/lamp', following],
  ['demo-build-1.0', '/demo/?build=1.0', following],
  ['graphiql', '/graphiql', (page) => page.waitForSelector('.graphiql-query-editor .view-line', { state: 'attached' })],
];

let browser;
let server;
let folder;
let backend; // of the services

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  folder = process.env.SCREENSHOTS ?? (await mkdtemp(path.join(tmpdir(), 'sonata-screenshots-')));
  await mkdir(folder, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.remove();
  backend?.close();
});

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    test(`${colorScheme}, ${width} px wide`, async (t) => {
      const visitor = await Visitor.open(browser, server, { colorScheme, viewport: { width, height }, deviceScaleFactor: width < 500 ? 2 : 1 });
      for (const [name, address, ready] of PAGES) {
        const page = await visitor.visit(address);
        await ready(page);
        // Pictures that are loaded when they come into view are part of the picture.
        await page.evaluate(() => document.querySelectorAll('img').forEach((image) => (image.loading = 'eager')));
        await until(() => page.evaluate(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)), `the images of ${name}`);
        assert.ok((await sideways(page)) <= 0, `${name} scrolls sideways`);
        const at = (kind) => path.join(folder, `${name}-${colorScheme}-${width}${kind}.png`);
        await page.screenshot({ path: at('') });
        if (name !== 'graphiql') {
          // A window as high as the page, so that what keeps to the edge of the window is at the edge of the picture.
          await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
          await page.screenshot({ path: at('-full') });
        }
        await page.close();
      }
      await visitor.close();
      t.diagnostic(`written to ${folder}`);
    });
  }
}

// Small enough to be kept in git: these are in docs/images/.

/** The views of the studio, each as somebody finds it in the middle of a day's work. */
const connected = (page) => page.getByTestId('connection').filter({ hasText: /^connected$/ }).waitFor({ state: 'attached' });
const preview = async (page) => {
  await page.locator('.preview[data-state=connected]').waitFor();
  const frame = await until(() => page.frames().find((entry) => /\/demo\/renderer/.test(entry.url())), 'the preview');
  await frame.locator('h1').first().waitFor();
};
const VIEWS = [
  ['studio-home', '/studio/shop'],
  ['studio-screens', '/studio/shop/screens'],
  ['studio-editor', '/studio/shop/screens/home?block=hero', preview],
  ['studio-insert', '/studio/shop/screens/home?block=hero', async (page) => {
    await preview(page);
    await page.getByRole('button', { name: /^Insert/ }).click();
    await page.getByRole('listbox', { name: 'Blocks' }).getByRole('option').first().waitFor();
  }],
  ['studio-changes', '/studio/shop/changes'],
  ['studio-publish', '/studio/shop/changes', async (page) => {
    await page.getByTestId('publish').click();
    await page.getByText(/no problems/).waitFor();
  }],
  ['studio-releases', '/studio/shop/releases'],
  ['studio-components', '/studio/shop/components/hero', (page) => page.frameLocator('iframe').locator('h1').first().waitFor()],
  ['studio-documents', '/studio/shop/documents'],
  ['studio-services', '/studio/shop/services', (page) => page.getByText('Nothing is wrong with any of the 3.').waitFor()],
  ['studio-service', '/studio/shop/services?service=catalog', (page) => page.getByRole('region', { name: 'catalog, version 1 to 2' }).waitFor()],
  ['studio-api', '/studio/shop/api'],
  ['studio-keys', '/studio/shop/keys'],
  ['studio-palette', '/studio/shop', async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
  }],
  ['studio-settings', '/studio/shop/settings'],
  ['studio-audit', '/studio/shop/audit', async (page) => {
    await page.getByRole('button', { name: 'Edited blocks' }).first().click();
    await page.getByRole('region', { name: 'Inverse ops' }).waitFor();
  }],
];

/** A key of every kind. */
async function keys() {
  const create = async (input) => {
    const { apiKeyCreate } = await server.graphql('mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { apiKey { id } userErrors { message } } }', { input: { frontend: 'shop', ...input } });
    assert.deepEqual(apiKeyCreate.userErrors, []);
    return apiKeyCreate.apiKey.id;
  };
  const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  await create({ name: 'Price service', scopes: ['services:write'], services: ['prices', 'stock'], requestsPerMinute: 600 });
  await create({ name: 'Campaign bot', scopes: ['content:write', 'release:write'], environments: ['staging'], expiresAt: inDays(6) });
  await create({ name: 'GitHub Actions', scopes: ['components:write'], expiresAt: inDays(300) });
  await create({ name: 'Shop pages', scopes: ['delivery:read'], publishable: true });
  const id = await create({ name: 'Warehouse import', scopes: ['content:read'] });
  await server.graphql('mutation ($input: ApiKeyRotateInput!) { apiKeyRotate(input: $input) { userErrors { message } } }', { input: { id } });
}

/** Documents that are registered and used, one that was retired, and two that a client sends without having registered them. */
async function documents() {
  const screen = (fields) => `screen(at: { path: $path }, context: { frontend: "shop" }) { ${fields} }`;
  const bodies = [
    'query OldNavigation { frontend(slug: "shop") { routes(environment: "production") { path } } }',
    'mutation ReportUse($input: UsageReportInput!) { usageReport(input: $input) { accepted } }',
    'subscription FollowRelease { release(frontend: "shop", environment: "production") { release { number } } }',
    'query Navigation { frontend(slug: "shop") { routes(environment: "production") { path title } } }',
    `query ShowScreen($path: String!) { ${screen('title blocks { key component version props }')} }`,
  ];
  const { documentsRegister } = await server.graphql('mutation ($input: DocumentsRegisterInput!) { documentsRegister(input: $input) { documents { id } userErrors { message } } }', { input: { frontend: 'shop', documents: bodies.map((body) => ({ body })) } });
  assert.deepEqual(documentsRegister.userErrors, []);
  await server.graphql('mutation ($input: DocumentRetireInput!) { documentRetire(input: $input) { userErrors { message } } }', { input: { id: documentsRegister.documents[0].id } });
  await server.graphql('mutation ($input: SafelistSetInput!) { safelistSet(input: $input) { userErrors { message } } }', { input: { frontend: 'shop', mode: 'LOG' } });
  const sent = [[bodies[4], 64], [bodies[3], 23], [`query Teaser($path: String!) { ${screen('title')} }`, 12], ['{ frontend(slug: "shop") { routes(environment: "production") { title } } }', 3]];
  for (const [query, times] of sent) {
    for (let i = 0; i < times; i++) {
      const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'GraphQL-Client-Name': 'shop', 'GraphQL-Client-Version': i % 4 ? '2.0' : '1.0' }, body: JSON.stringify({ query, variables: { path: '/' } }) });
      await answer.arrayBuffer();
    }
  }
  await until(async () => (await server.graphql('{ frontend(slug: "shop") { unknownDocuments { totalCount } } }')).frontend.unknownDocuments.totalCount === 2, 'the unknown documents');
}

/** Three services that answer, one of them at its second version, and clients that ask them. */
async function services() {
  backend = createServer((_, answer) => setTimeout(() => answer.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"__typename":"Query","stockLevel":42,"reviewCount":7,"productCount":12}}'), 4 + 20 * Math.random() ** 3));
  await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const product = 'type Product @key(fields: "id") {\n  id: ID!\n  name: String!\n  "In cents"\n  price: Int!\n}\n';
  const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n\n';
  const all = [
    ['catalog', 'Products and categories', 'Team Shelf', `${link}type Query {\n  product(id: ID!): Product\n  productCount: Int\n}\n\n${product}`],
    ['catalog', 'Products and categories', 'Team Shelf', `${link}type Query {\n  product(id: ID!): Product\n  productCount: Int\n}\n\n${product.replace('  price: Int!\n', '  price: Int!\n  "In grams"\n  weight: Int\n')}`],
    ['reviews', 'What people say of products', 'Team Voice', 'type Query { reviewCount: Int }'],
    ['stock', 'What is left in which warehouse', 'Logistics', 'type Query { stockLevel: Int }'],
  ];
  for (const [service, description, owner, sdl] of all) {
    const { subgraphPublish } = await server.graphql('mutation ($input: SubgraphPublishInput!) { subgraphPublish(input: $input) { userErrors { message } } }', { input: {
      service, description, owner, sdl, url: `http://127.0.0.1:${backend.address().port}/graphql`, contact: `${service}@nordlys.example`, repository: `https://git.nordlys.example/${service}`, docsUrl: `https://docs.nordlys.example/${service}`,
    } });
    assert.deepEqual(subgraphPublish.userErrors, []);
  }
  for (const [query, times] of [['{ productCount }', 90], ['{ reviewCount }', 30], ['{ stockLevel }', 8]]) for (let i = 0; i < times; i++) await server.graphql(query);
}

test('the studio, view by view', async (t) => {
  await server.setTitle('Evenings are for light');
  const { number } = await server.publish('A calmer headline');
  await server.graphql('mutation ($input: UsageReportInput!) { usageReport(input: $input) { accepted } }', { input: {
    frontend: 'shop', build: '2.0', release: number,
    screens: [
      { screen: 'home', views: 412, blocks: [{ key: 'hero', views: 412, clicks: 61 }, { key: 'grid', views: 288, clicks: 97 }, { key: 'letter', views: 120, clicks: 9, renderErrors: 2 }] },
      { screen: 'product', views: 167, blocks: [{ key: 'product', views: 167, clicks: 44 }] },
    ],
  } });
  await keys();
  await documents();
  await services();
  await server.edit('home', [{ setProps: { key: 'hero', patch: { title: 'Light, when it is dark outside' } } }, { move: { key: 'drop', parent: 'root', index: 2 } }]);
  for (const colorScheme of ['light', 'dark']) {
    const visitor = await Visitor.open(browser, server, { colorScheme, viewport: { width: 1180, height: 740 } });
    for (const [name, address, then] of VIEWS) {
      const page = await visitor.visit(address);
      await connected(page);
      await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
      await then?.(page);
      await page.evaluate(() => document.fonts.ready);
      const file = path.join(folder, `${name}-${colorScheme}.png`);
      await page.screenshot({ path: file });
      assert.ok((await stat(file)).size < 450_000, `${name} has ${(await stat(file)).size} bytes`);
      await page.close();
    }
    await visitor.close();
  }
  t.diagnostic(`written to ${folder}`);
});

test('welcome.png: the draft has another headline, the shop does not', async () => {
  const visitor = await Visitor.open(browser, server, { viewport: { width: 1280, height: 720 } });
  const page = await visitor.visit('/welcome');
  await page.frameLocator('iframe[title="Studio"]').getByRole('textbox', { name: /^Headline/ }).waitFor();
  const renderer = await until(() => page.frames().find((entry) => /\/demo\/renderer/.test(entry.url())), 'the preview');
  await renderer.locator('h1', { hasText: 'Light, when it is dark outside' }).waitFor();
  await page.frameLocator('iframe[title="Live shop"]').locator('h1', { hasText: 'Evenings are for light' }).waitFor();
  const file = path.join(folder, 'welcome.png');
  await page.screenshot({ path: file });
  assert.ok((await stat(file)).size < 450_000, `welcome.png has ${(await stat(file)).size} bytes`);
  await visitor.close();
});
