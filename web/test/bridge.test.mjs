// The framed side of the preview bridge, with the studio's side played by the test: in the demo, which is any frontend that
// stands on the SDK, and in the built-in renderer.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { following, h1, Server, startBrowser, until, Visitor } from './harness.mjs';

const SEEDED = 'Light for long evenings';

let browser;
let server;
let visitor;
let host; // a page of this server that frames what is tested

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});
beforeEach(async () => {
  visitor = await Visitor.open(browser, server);
  host = await visitor.visit('/');
});
afterEach(() => visitor?.context.close());

/** Opens a frame as the studio does and answers how to speak with it. */
async function open(src, { sandbox, nonce, hello = {} } = {}) {
  await host.evaluate(([src, sandbox, nonce, hello]) => {
    const frame = document.createElement('iframe');
    if (sandbox) frame.sandbox = sandbox;
    frame.style.cssText = 'position: fixed; inset: 0; width: 1000px; height: 700px; border: 0; z-index: 9';
    frame.src = src;
    document.body.append(frame);
    const bridge = (window.bridge = { heard: [], port: undefined, readies: 0 });
    const timer = setInterval(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        if (data.type === 'ready') {
          bridge.port = port1;
          bridge.readies++;
        }
        bridge.heard.push(data);
      };
      frame.contentWindow?.postMessage({ sonata: 'preview', type: 'hello', protocol: 1, ...(nonce && { nonce }), ...hello }, sandbox ? '*' : location.origin, [port2]);
      if (bridge.readies > 0 && bridge.more-- <= 0) clearInterval(timer);
    }, 50);
    bridge.more = 3; // a few too many, as a slow studio sends them
  }, [src, sandbox, nonce, hello]);
  const frame = await until(() => host.frames().find((f) => f !== host.mainFrame() && f.url().includes(src.split(/[?#]/)[0])), 'the frame');
  const heard = (type) => host.evaluate((type) => window.bridge.heard.filter((m) => m.type === type), type);
  return {
    frame,
    heard,
    last: async (type) => (await heard(type)).at(-1),
    said: (type, check = () => true) => until(async () => (await heard(type)).findLast(check), `a message ${type}`),
    say: (message) => host.evaluate((message) => window.bridge.port.postMessage(message), message),
    forget: () => host.evaluate(() => (window.bridge.heard.length = 0)),
  };
}

const token = async () => (await server.graphql('mutation { previewLinkCreate(input: { frontend: "shop" }) { token } }')).previewLinkCreate.token;
const draft = async () => (await server.graphql(`{ screen(at: {key: "home"}, context: {frontend: "shop", perspective: {draft: true}}) {
  id key title path params contentHash release { number } root blocks { key component version props slots { name blocks } } degradations { blockKey wanted served reason } } }`)).screen;
const titled = (snapshot, title) => ({ ...snapshot, blocks: snapshot.blocks.map((block) => (block.key === 'hero' ? { ...block, props: { ...block.props, title } } : block)) });
const showsIn = (frame, text) => until(async () => (await frame.locator('h1').first().textContent().catch(() => '')) === text, `the headline ${text}`);

describe('a framed preview of a frontend', () => {
  test('is edited, measured, hovered, clicked and scrolled', async (t) => {
    const { frame, heard, last, said, say, forget } = await open(`/demo/?preview=${encodeURIComponent(await token())}`);
    const ready = await said('ready');
    assert.match(ready.manifest, /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual({ ...ready, manifest: null }, { type: 'ready', frontend: 'shop', build: '2.0', manifest: null });
    await showsIn(frame, SEEDED);

    // Where the blocks are, as the frame sees them.
    const { viewport } = await said('rects', ({ rects }) => rects.some(({ key }) => key === 'hero'));
    assert.deepEqual(viewport, { w: await frame.evaluate(() => innerWidth), h: 700 });
    const rectOf = async (key) => (await last('rects')).rects.find((rect) => rect.key === key);
    const inFrame = (key) => frame.locator(`[data-block="${key}"]`).evaluate((element) => { const { x, y, width: w, height: h } = element.getBoundingClientRect(); return { key: element.dataset.block, x, y, w, h }; });
    await until(async () => JSON.stringify(await rectOf('hero')) === JSON.stringify(await inFrame('hero')), 'the place of the hero');

    // What is typed is there at once, and the server's own answers do not undo it.
    const snapshot = await draft();
    const began = performance.now();
    await say({ type: 'patch', snapshot: titled(snapshot, 'As it is typed') });
    await showsIn(frame, 'As it is typed');
    t.diagnostic(`a patch was shown after ${Math.round(performance.now() - began)} ms`);
    const elsewhere = await visitor.visit(`/demo/?preview=${encodeURIComponent(await token())}`);
    await following(elsewhere);
    await server.setTitle('Saved by somebody');
    await showsIn(elsewhere, 'Saved by somebody');
    assert.equal(await frame.locator('h1').first().textContent(), 'As it is typed', 'the server undid what is being typed');
    await elsewhere.close();
    await host.bringToFront();
    await say({ type: 'patch', snapshot: titled(snapshot, 'As it is typed, again') });
    await showsIn(frame, 'As it is typed, again');
    await say({ type: 'patch', snapshot: null });
    await showsIn(frame, 'Saved by somebody');

    // Junk and messages of a later protocol.
    for (const junk of [{ type: 'patch', snapshot: { key: 'home' } }, { type: 'patch', snapshot: 7 }, { type: 'scroll', ratio: 'x' }, { type: 'select', key: 7 }]) await say(junk);
    for (const [message, received] of [[{ type: 'dance' }, 'dance'], [7, ''], [null, '']]) {
      await forget();
      await say(message);
      assert.deepEqual(await said('unknown'), { type: 'unknown', received });
    }
    await showsIn(frame, 'Saved by somebody');

    // Pointing and choosing: nothing leads anywhere.
    await frame.locator('h1').hover();
    await said('hover', ({ key }) => key === 'hero');
    await frame.locator('[data-block="hero"] .button').click();
    assert.deepEqual(await said('click'), { type: 'click', key: 'hero' });
    await forget();
    await frame.locator('.card').first().click();
    assert.deepEqual(await said('click'), { type: 'click', key: 'grid' });
    await frame.locator('.faq summary').first().click();
    await frame.locator('.newsletter input').fill('ida@example.org');
    await frame.locator('.newsletter button').click();
    await said('click', ({ key }) => key === 'letter');
    assert.equal(await frame.locator('.faq details[open]').count(), 0);
    assert.equal(await frame.locator('.newsletter form').count(), 1, 'a form was sent');
    assert.equal(await frame.evaluate(() => location.pathname), '/demo/');

    // Scrolling together, without an echo.
    await say({ type: 'scroll', ratio: 1 });
    await until(() => frame.evaluate(() => Math.abs(scrollY - (document.documentElement.scrollHeight - innerHeight)) < 2), 'the end of the page');
    await forget();
    await frame.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
    assert.ok((await said('scrolled')).ratio < 0.001);
    await until(async () => Math.abs((await rectOf('hero'))?.y - (await inFrame('hero')).y) < 1, 'the place after scrolling');
    await say({ type: 'select', key: 'letter' });
    await until(async () => { const { y, h } = await inFrame('letter'); return y >= 0 && y + h <= 700; }, 'the chosen block in view');
    assert.equal((await heard('ready')).length, 0, 'a second hello was answered');
    assert.equal(await host.evaluate(() => window.bridge.readies), 1);
    await server.setTitle(SEEDED);
    visitor.check();
  });

  test('shows what another build would be served', async () => {
    const { builds } = (await server.graphql('{ frontend(slug: "shop") { builds { edges { node { name manifest } } } } }')).frontend;
    const { manifest } = builds.edges.map(({ node }) => node).find(({ name }) => name === '1.0');
    const { frame, said, say } = await open(`/demo/?preview=${encodeURIComponent(await token())}`);
    await said('ready');
    await frame.locator('.countdown').waitFor();
    await say({ type: 'context', manifest });
    await frame.locator('[data-block="drop"].banner').waitFor();
    assert.equal(await frame.locator('.countdown').count(), 0);
    await say({ type: 'context', manifest: null });
    await frame.locator('.countdown').waitFor();
    visitor.check();
  });

  test('tells which block could not be drawn, and shows the rest', async () => {
    const { frame, said, say } = await open(`/demo/?preview=${encodeURIComponent(await token())}`);
    await said('ready');
    const snapshot = await draft();
    const blocks = snapshot.blocks.map((block) => (block.key === 'grid' ? { ...block, props: { products: [{ name: 'Half a letter' }] } } : block));
    await host.evaluate((message) => {
      // Half a letter does not survive the way from the test into the page.
      message.snapshot.blocks.find(({ key }) => key === 'grid').props.products[0].handle = '\ud800';
      window.bridge.port.postMessage(message);
    }, { type: 'patch', snapshot: { ...snapshot, blocks } });
    const { key, message } = await said('renderError');
    assert.equal(key, 'grid');
    assert.match(message, /URI malformed/);
    assert.equal(await frame.locator('[data-block="grid"]').count(), 0);
    assert.equal(await frame.locator('h1').first().textContent(), SEEDED);
    await say({ type: 'patch', snapshot });
    await frame.locator('[data-block="grid"]').waitFor();
  });

  test('speaks with nobody else', async () => {
    const preview = `/demo/?preview=${encodeURIComponent(await token())}`;
    const { frame } = await open(preview, { hello: { protocol: 2 } });
    await following(frame);
    // A frame beside it is not its parent.
    await host.evaluate(() => document.body.append(Object.assign(document.createElement('iframe'), { src: '/demo/?env=production' })));
    const beside = await until(() => host.frames().find((f) => f.url().includes('env=production')), 'the frame beside it');
    await following(beside);
    const answered = await beside.evaluate(() => new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(true);
      setTimeout(() => resolve(false), 300);
      parent.frames[0].postMessage({ sonata: 'preview', type: 'hello', protocol: 1 }, location.origin, [port2]);
    }));
    assert.equal(answered, false);
    assert.equal(await host.evaluate(() => window.bridge.readies), 0);
    // Clicks do what they do for everybody.
    await frame.locator('.card').first().click();
    await until(async () => (await frame.locator('h1').first().textContent()) === 'Lumi', 'the product');
    visitor.check();
  });

  test('costs others nothing', async () => {
    const page = await visitor.visit('/demo/');
    await following(page);
    const { frame } = await open('/demo/?env=production'); // framed, but no preview
    await following(frame);
    const preview = await visitor.visit(`/demo/?preview=${encodeURIComponent(await token())}`); // a preview, but not framed
    await following(preview);
    assert.deepEqual(visitor.requests.filter((address) => new URL(address).pathname.endsWith('/guest.js')), []);
    assert.equal(await host.evaluate(() => window.bridge.readies), 0);
    visitor.check();
  });
});

describe('the built-in renderer', () => {
  const opaque = { sandbox: 'allow-scripts' };

  test('draws any draft without an origin, a request or a storage', async () => {
    const { frame, said, say } = await open('/demo/renderer#n0nce', { ...opaque, nonce: 'n0nce' });
    assert.deepEqual(await said('ready'), { type: 'ready', frontend: null, build: null, manifest: null });
    assert.equal(await frame.evaluate(() => self.origin), 'null');
    const before = visitor.requests.length;
    const snapshot = await draft();
    await say({ type: 'patch', snapshot: titled(snapshot, 'In the renderer') });
    await showsIn(frame, 'In the renderer');
    // Its style came, though it has no origin.
    assert.match(await frame.locator('.hero').evaluate((hero) => getComputedStyle(hero).display), /grid/);
    await said('rects', ({ rects }) => rects.some(({ key, w }) => key === 'hero' && w > 500));
    await frame.locator('.card').first().click();
    assert.deepEqual(await said('click'), { type: 'click', key: 'grid' });
    const asked = visitor.requests.slice(before).map((address) => new URL(address).pathname);
    assert.deepEqual(asked.filter((at) => at.startsWith('/graphql')), []);
    visitor.check();
  });

  test('shows what it does not know as a card, with what is in it', async () => {
    const { frame, said, say } = await open('/demo/renderer#n0nce', { ...opaque, nonce: 'n0nce' });
    await said('ready');
    const block = (key, component, props = {}, slots = []) => ({ key, component, version: '1.0', props, slots });
    await say({ type: 'patch', snapshot: { id: '', key: 'x', title: 'X', path: '/x', params: null, contentHash: '', release: null, root: 'root', degradations: [], blocks: [
      block('root', 'page', {}, [{ name: 'children', blocks: ['a'] }]),
      block('a', 'price-table', { title: '<img src=x onerror=alert(1)>', rows: [1, 2], nested: { a: 1 }, on: true, empty: '' }, [{ name: 'left', blocks: ['b'] }, { name: 'right', blocks: ['c', 'a'] }]),
      block('b', 'banner', { title: 'Known inside' }), block('c', 'constructor', {}),
    ] } });
    const card = frame.locator('[data-block="a"]');
    await card.waitFor();
    assert.equal(await card.locator('> .name').textContent(), 'price-table 1.0');
    assert.deepEqual(await card.locator('> dl > div').allTextContents(), ['title<img src=x onerror=alert(1)>', 'rows2 entries', 'ontrue']);
    assert.equal(await card.locator('[data-block="b"].banner .title').textContent(), 'Known inside');
    assert.equal(await card.locator('[data-block="c"] .name').textContent(), 'constructor 1.0');
    await said('rects', ({ rects }) => ['root', 'a', 'b', 'c'].every((key) => rects.some((rect) => rect.key === key)));
    visitor.check();
  });

  test('listens to nobody without the nonce', async () => {
    for (const [src, nonce] of [['/demo/renderer#right', 'wrong'], ['/demo/renderer#right', undefined], ['/demo/renderer', '']]) {
      const { frame } = await open(src, { ...opaque, nonce });
      await frame.waitForFunction(() => document.readyState === 'complete');
      await new Promise((resolve) => setTimeout(resolve, 400)); // several hellos
      assert.equal(await host.evaluate(() => window.bridge.readies), 0);
      await host.evaluate(() => document.querySelectorAll('iframe').forEach((element) => element.remove()));
    }
    visitor.check();
  });

  test('is a page that says what it is for when somebody opens it', async () => {
    const page = await visitor.visit('/demo/renderer');
    assert.equal(await page.locator('.waiting').textContent(), 'The studio shows drafts here.');
    assert.equal(await h1(page).count(), 0);
    visitor.check();
  });
});
