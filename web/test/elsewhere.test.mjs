// A frontend at an origin of its own, without a bundler: one module from the server, live screens, and the preview bridge
// across origins.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { clock, Server, startBrowser, stopwatch, until } from './harness.mjs';

let browser;
let server;
let app;
let stranger;

/** A server with one page. Its address is an origin of its own. */
async function onePage(html) {
  const pages = createServer((request, answer) => answer.setHeader('content-type', 'text/html').end(html()));
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${pages.address().port}`, close: () => pages.close() };
}

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  app = await onePage(() => `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>App</title>
    <h1 data-block="hero" data-screen="home"></h1><p id="phase"></p>
    <div data-block="boxes" style="display: contents"><i style="position: absolute; left: 10px; top: 300px; width: 20px; height: 10px"></i><div style="display: contents"><b style="position: absolute; left: 50px; top: 320px; width: 50px; height: 30px"></b></div></div>
    <div data-block="text" style="display: contents">Only text</div><div data-block="nothing" style="display: contents"></div>
    <script type="module">
      import { createSonata, treeOf } from '${server.url}/sdk/sonata.js';
      const sonata = createSonata({ endpoint: '${server.url}', frontend: 'shop', build: '2.0', previewToken: new URLSearchParams(location.search).get('preview') });
      sonata.follow('/', ({ phase, snapshot }) => {
        document.querySelector('#phase').textContent = phase;
        if (snapshot) document.querySelector('h1').textContent = treeOf(snapshot).slots[0].branches.find(({ block }) => block.key === 'hero').block.props.title;
      });
    </script>`);
  stranger = await onePage(() => '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Stranger</title>');
  const { frontendUpdate } = await server.graphql('mutation ($origins: [String!]!) { frontendUpdate(input: {id: "shop", origins: $origins}) { userErrors { message } } }', { origins: [app.url] });
  assert.deepEqual(frontendUpdate.userErrors, []);
});
after(async () => {
  await browser?.close();
  app?.close();
  stranger?.close();
  await server?.remove();
});

async function open(address) {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
  await page.goto(address);
  return page;
}

test('follows what is live through the module alone', async (t) => {
  const page = await open(app.url);
  await page.locator('h1', { hasText: 'Light for long evenings' }).waitFor();
  await server.setTitle('Seen elsewhere');
  const arrived = await stopwatch(page, 'h1', 'Seen elsewhere');
  const sent = clock();
  await server.publish();
  t.diagnostic(`a publish was shown after ${Math.round((await arrived()) - sent)} ms`);
  assert.deepEqual(page.faults, []);
  await page.close();
});

/** Frames the app's preview in a page and says hello as the studio does. */
const frame = (page, address, hello = {}) => page.evaluate(([address, hello]) => {
  const element = document.createElement('iframe');
  element.src = address;
  element.style.cssText = 'position: fixed; inset: 0; width: 600px; height: 400px; z-index: 9';
  document.body.append(element);
  window.heard = [];
  setInterval(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      if (data.type === 'ready') window.bridge = port1;
      window.heard.push(data);
    };
    element.contentWindow.postMessage({ sonata: 'preview', type: 'hello', protocol: 1, ...hello }, new URL(address).origin, [port2]);
  }, 100);
}, [address, hello]);

test('is previewed in the studio across origins, and by nobody else', async () => {
  const { previewLinkCreate } = await server.graphql('mutation { previewLinkCreate(input: { frontend: "shop" }) { token } }');
  const address = `${app.url}/?preview=${encodeURIComponent(previewLinkCreate.token)}`;

  const studio = await open(`${server.url}/studio`);
  await frame(studio, address);
  const ready = await until(() => studio.evaluate(() => window.heard.find(({ type }) => type === 'ready')), 'the app to be ready');
  assert.equal(ready.frontend, 'shop');
  await until(() => studio.evaluate(() => window.heard.some(({ type, rects }) => type === 'rects' && rects.some(({ key, w }) => key === 'hero' && w > 100))), 'the place of the headline');
  // Blocks without a box of their own are where their boxes are, or their text.
  const places = await studio.evaluate(() => window.heard.findLast(({ type }) => type === 'rects').rects);
  assert.deepEqual(places.find(({ key }) => key === 'boxes'), { key: 'boxes', x: 10, y: 300, w: 90, h: 50 });
  assert.ok(places.find(({ key }) => key === 'text').w > 20);
  assert.equal(places.find(({ key }) => key === 'nothing'), undefined);
  const { screen } = await server.graphql('{ screen(at: {key: "home"}, context: {frontend: "shop", perspective: {draft: true}}) { id key title path params contentHash root blocks { key component version props slots { name blocks } } degradations { blockKey wanted served reason } } }');
  screen.blocks.find(({ key }) => key === 'hero').props.title = 'Typed in the studio';
  await studio.evaluate((snapshot) => window.bridge.postMessage({ type: 'patch', snapshot: { ...snapshot, release: null } }), screen);
  const inside = studio.frames().find((f) => f.url().startsWith(app.url));
  await until(async () => (await inside.locator('h1').textContent()) === 'Typed in the studio', 'the patch');
  assert.deepEqual(studio.faults, []);
  await studio.close();

  // Another page may frame the app, and may even know the token: it is not the studio.
  const other = await open(stranger.url);
  await frame(other, address);
  await until(async () => (await other.frames().find((f) => f.url().startsWith(app.url))?.locator('#phase').textContent().catch(() => '')) === 'shown', 'the app in the frame');
  await new Promise((resolve) => setTimeout(resolve, 500)); // several hellos
  assert.deepEqual(await other.evaluate(() => window.heard), []);
  await other.close();
});
