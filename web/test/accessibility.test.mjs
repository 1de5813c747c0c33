// axe-core on every page that people see, light and dark, wide and narrow: no violation of WCAG 2.2 A and AA, nor of what
// axe calls best practice.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { following, Server, startBrowser, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A view of the studio is there once no skeleton stands in for it. */
async function studio(page) {
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
}

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
  ...['', '/components', '/components/hero', '/api', '/settings'].map((at) => [`the studio${at || ', home'}`, `/studio/shop${at}`, studio]),
  ['the palette', '/studio/shop', async (page) => {
    await studio(page);
    await page.keyboard.press('ControlOrMeta+K');
    await page.getByRole('option', { name: 'New screen' }).waitFor();
  }],
  ['a preview that is closed', '/demo/?preview=garbage', (page) => page.waitForSelector('.shop[data-phase="refused"]')],
];

let browser;
let server;
before(async () => {
  browser = await startBrowser();
  server = await Server.start();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1280]) {
    test(`${colorScheme}, ${width} px wide`, async () => {
      const visitor = await Visitor.open(browser, server, { colorScheme, viewport: { width, height: 844 } });
      const found = [];
      for (const [name, address, ready] of PAGES) {
        const page = await visitor.visit(address);
        await ready(page);
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
