// Pictures of every page, to be looked at. Their folder is SCREENSHOTS, else a temporary one that is named in the output.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { following, Server, startBrowser, until, Visitor } from './harness.mjs';

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

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  folder = process.env.SCREENSHOTS ?? (await mkdtemp(path.join(tmpdir(), 'sonata-screenshots-')));
  await mkdir(folder, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.remove();
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
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} scrolls sideways`);
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

// Small enough to be kept in git, and as wide as a page of documentation: these three are in docs/images/.
for (const [name, colorScheme, width, height, deviceScaleFactor] of [
  ['demo-light', 'light', 1100, 690, 0.82],
  ['demo-dark', 'dark', 1100, 690, 0.82],
  ['demo-phone', 'light', 390, 844, 1],
]) {
  test(`${name}.png for the documentation`, async () => {
    const visitor = await Visitor.open(browser, server, { colorScheme, viewport: { width, height }, deviceScaleFactor });
    const page = await visitor.visit('/demo/');
    await following(page);
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    assert.ok((await stat(file)).size < 250_000, `${name}.png has ${(await stat(file)).size} bytes`);
    await visitor.close();
  });
}
