// axe-core on every page and every view of the studio, light and dark, wide, narrow and at 200 % zoom: no violation of WCAG
// 2.2 A and AA, nor of what axe calls best practice, and nothing that is reached only by scrolling sideways.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { following, Server, sideways, startBrowser, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PAGES = [
  ['the start page', '/', (page) => page.waitForSelector('h1')],
  ['the demo', '/demo/', following],
  ['a product', '/demo/products/lamp', following],
  ['the demo as build 1.0, details open', '/demo/?build=1.0', async (page) => {
    await following(page);
    await page.getByTestId('degradations').click();
    await page.locator('.sheet').waitFor();
  }],
  ['a path that leads nowhere', '/demo/no/such/screen', (page) => page.waitForSelector('.shop[data-phase="missing"][data-connection="open"]')],
  ['a preview that is closed', '/demo/?preview=garbage', (page) => page.waitForSelector('.shop[data-phase="refused"]')],
];

const ready = (locate) => async (page) => {
  await page.getByTestId('connection').filter({ hasText: /^connected$/ }).waitFor({ state: 'attached' });
  await locate(page).first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
};
const heading = (name) => ready((page) => page.getByRole('heading', { name, level: 1 }));
const editor = ready((page) => page.getByRole('tree'));
const opens = (first, press, what) => async (page) => {
  await first(page);
  await press(page);
  await what(page).first().waitFor();
};
const dialog = (page) => page.getByRole('dialog');
const STUDIO = [
  ['home', '/studio/shop', heading('Nordlys')],
  ['screens', '/studio/shop/screens', heading('Screens')],
  ['a new screen', '/studio/shop/screens', opens(heading('Screens'), (page) => page.getByRole('button', { name: 'New screen' }).click(), dialog)],
  ['the editor', '/studio/shop/screens/home', editor],
  ['the editor with a block', '/studio/shop/screens/home?block=hero', ready((page) => page.getByRole('textbox', { name: /^Headline/ }))],
  ['inserting', '/studio/shop/screens/home', opens(editor, (page) => page.getByRole('button', { name: /^Insert/ }).click(), (page) => page.getByRole('option'))],
  ['changes', '/studio/shop/changes', heading('Changes')],
  ['publishing', '/studio/shop/changes', opens(heading('Changes'), (page) => page.getByTestId('publish').click(), (page) => page.getByText(/no problems/))],
  ['releases', '/studio/shop/releases', heading('Releases')],
  ['comparing', '/studio/shop/releases?compare=1..2', heading('Releases')],
  ['components', '/studio/shop/components', heading('Components')],
  ['a component', '/studio/shop/components/hero', heading('Hero')],
  ['documents', '/studio/shop/documents', ready((page) => page.getByRole('list', { name: 'Unknown documents' }))],
  ['a document that is open', '/studio/shop/documents', opens(heading('Documents'), (page) => page.getByRole('button', { name: 'Navigation', exact: true }).click(), (page) => page.getByRole('region', { name: 'Text of Navigation' }))],
  ['registering documents', '/studio/shop/documents', opens(heading('Documents'), (page) => page.getByRole('button', { name: 'Register documents' }).click(), dialog)],
  ['enforcing', '/studio/shop/documents', opens(heading('Documents'), (page) => page.getByRole('button', { name: /^Enforce/ }).click(), (page) => page.locator('.document-standing'))],
  ['services', '/studio/shop/services', ready((page) => page.getByRole('group', { name: /^Map of/ }).getByRole('button', { name: /^stock/ }))],
  ['a service that is open', '/studio/shop/services?service=stock', ready((page) => page.getByRole('region', { name: 'stock, version 1 to 2' }))],
  ['checking a schema', '/studio/shop/services', opens(heading('Services'), (page) => page.getByRole('button', { name: 'Check a schema' }).click(), dialog)],
  ['withdrawing a service', '/studio/shop/services?service=stock', opens(ready((page) => page.getByRole('region', { name: 'stock, version 1 to 2' })), (page) => page.getByRole('button', { name: 'Withdraw…' }).click(), dialog)],
  ['API', '/studio/shop/api', heading('API')],
  ['API keys', '/studio/shop/keys', heading('API keys')],
  ['a new API key', '/studio/shop/keys', opens(heading('API keys'), (page) => page.getByRole('button', { name: 'New key' }).first().click(), dialog)],
  ['members', '/studio/shop/members', heading('Members')],
  ['the audit log, with an entry open', '/studio/shop/audit', opens(heading('Audit log'), (page) => page.getByRole('button', { name: 'Edited blocks' }).first().click(), (page) => page.getByRole('region', { name: 'Inverse ops' }))],
  ['refusals', '/studio/shop/audit?view=refusals', heading('Audit log')],
  ['settings', '/studio/shop/settings', heading('Settings')],
  ['the palette', '/studio/shop', opens(heading('Nordlys'), (page) => page.keyboard.press('Control+k'), (page) => page.getByRole('option'))],
  ['the list of keys', '/studio/shop', opens(heading('Nordlys'), (page) => page.keyboard.press('?'), dialog)],
  ['an address that leads nowhere', '/studio/shop/nowhere', ready((page) => page.getByRole('heading', { name: 'There is nothing here' }))],
  ['a frontend that is not there', '/studio/nobody', (page) => page.getByRole('heading', { name: /There is no frontend/ }).waitFor()],
  ['welcome', '/welcome', (page) => page.getByTestId('hint').waitFor()],
];

let browser;
let server;
before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  // Something to see everywhere: two releases, a draft that differs, a little use.
  await server.setTitle('Evenings are for light');
  const { number } = await server.publish('Another headline');
  await server.graphql(`mutation ($input: UsageReportInput!) { usageReport(input: $input) { accepted } }`, { input: {
    frontend: 'shop', build: '2.0', release: number, screens: [{ screen: 'home', views: 40, blocks: [{ key: 'hero', views: 40, clicks: 7 }, { key: 'grid', views: 22, renderErrors: 1 }] }],
  } });
  await server.setTitle('Light, when it is dark outside');
  // A service that nobody answers for, at its second version.
  for (const sdl of ['type Query { stockLevel: Int }', 'type Query { stockLevel: Int stockName: String }']) {
    const { subgraphPublish } = await server.graphql('mutation ($input: SubgraphPublishInput!) { subgraphPublish(input: $input) { userErrors { message } } }', { input: {
      service: 'stock', url: 'http://127.0.0.1:9/graphql', sdl, owner: 'Logistics', description: 'What is left', contact: 'stock@example.org', repository: 'https://example.org/stock',
    } });
    assert.deepEqual(subgraphPublish.userErrors, []);
  }
  // One document that is registered, one that is not.
  const registered = 'query Navigation { frontend(slug: "shop") { routes(environment: "production") { path title } } }';
  await server.graphql('mutation ($input: DocumentsRegisterInput!) { documentsRegister(input: $input) { added } }', { input: { frontend: 'shop', documents: [{ body: registered }] } });
  await server.graphql('mutation ($input: SafelistSetInput!) { safelistSet(input: $input) { userErrors { message } } }', { input: { frontend: 'shop', mode: 'LOG' } });
  const unknown = 'query Footer { frontend(slug: "shop") { routes(environment: "production") { path } } }';
  for (const query of [registered, unknown]) await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'GraphQL-Client-Name': 'shop', 'GraphQL-Client-Version': '2.0' }, body: JSON.stringify({ query }) });
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const SIZES = [['360 px wide', { width: 360, height: 740 }], ['1280 px wide', { width: 1280, height: 800 }], ['at 200 % zoom', { width: 640, height: 400 }]];

for (const [part, pages] of [['pages', PAGES], ['studio', STUDIO]]) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of SIZES) {
      test(`${part}, ${colorScheme}, ${size}`, async () => {
        const visitor = await Visitor.open(browser, server, { colorScheme, viewport });
        const found = [];
        for (const [name, address, shown] of pages) {
          const page = await visitor.visit(address);
          await shown(page).catch((error) => found.push(`${name}: did not come up: ${error.message.split('\n')[0]}`));
          const over = await sideways(page);
          if (over > 0) found.push(`${name}: scrolls ${over} px sideways`);
          // Evaluated by the debugger, which no content security policy binds: the page itself could not load it.
          await page.evaluate(axe);
          const { violations, passes } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
          assert.ok(passes.length > 10, `${name}: axe looked at nothing`);
          for (const violation of violations) for (const node of violation.nodes) found.push(`${name}: ${violation.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1).join(' ').trim()}`);
          await page.close();
        }
        assert.deepEqual(found, []);
        await visitor.close();
      });
    }
  }
}
