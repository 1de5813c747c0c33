// The preview in the screen editor: in the built-in renderer, and in a frontend on another origin.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { clock, following, h1, PATIENCE, Server, shows, startBrowser, stopwatch, until, Visitor } from './harness.mjs';

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

const source = (file) => runnerImport(fileURLToPath(new URL(`../studio/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

describe('what the studio makes of a draft', () => {
  let snapshotOf;
  let draftOf;
  before(async () => {
    ({ snapshotOf } = await source('preview/snapshot.ts'));
    ({ draftOf } = await source('editor/model/draft.ts'));
  });

  /** Compares every screen of a frontend, as the studio makes it and as the server serves its draft. */
  async function compare(slug) {
    const { frontend } = await server.graphql(`query ($slug: String!) { frontend(slug: $slug) {
      components(first: 100) { edges { node { key title category versions { version slots } } } }
      screens(first: 100) { edges { node { key title path blocks { key component major props slots { name blocks } } } } } } }`, { slug });
    const catalogue = new Map(frontend.components.edges.map(({ node }) => [node.key, {
      ...node, versions: node.versions.map((v) => ({ ...v, major: Number(v.version.split('.')[0]), minor: Number(v.version.split('.')[1]) })),
    }]));
    const screens = frontend.screens.edges.map(({ node }) => ({ ...node, draft: draftOf(node.blocks) }));
    const parts = new Map(screens.map(({ key, draft }) => [key, draft]));
    let blocks = 0;
    for (const screen of screens) {
      const mine = snapshotOf({ screen, draft: screen.draft, parts, catalogue, serve: (props) => props, params: {}, turn: 1 });
      const { screen: theirs } = await server.graphql(`query ($slug: ID!, $key: String!) { screen(at: { key: $key }, context: { frontend: $slug, perspective: { draft: true } }) {
        key title path params root release { number } blocks { key component version props slots { name blocks } } degradations { blockKey } } }`, { slug, key: screen.key });
      const { id: _id, contentHash: _hash, ...rest } = mine ?? {};
      assert.deepEqual(mine && rest, theirs, `${slug}/${screen.key}`);
      blocks += theirs?.blocks.length ?? 0;
    }
    return { screens: screens.length, blocks };
  }

  test('is what the server serves of the demo', async (t) => {
    const { screens, blocks } = await compare('shop');
    assert.ok(screens >= 3 && blocks > 20);
    t.diagnostic(`${screens} screens, ${blocks} blocks`);
  });

  test('is what the server serves of any draft', async (t) => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    t.diagnostic(`SEED=${seed}`);
    let state = seed + 1;
    const below = (n) => ((state = (state * 48_271) % 2_147_483_647), state % n);
    const pick = (list) => list[below(list.length)];
    await server.graphql('mutation { frontendCreate(input: { slug: "random", name: "Random" }) { userErrors { message } } }');
    const support = (key, version, slots) => ({ key, version, slots, propsSchema: { type: 'object' } });
    const register = async (name, ...components) => {
      const { buildRegister } = await server.graphql('mutation ($input: BuildRegisterInput!) { buildRegister(input: $input) { userErrors { message } } }', { input: { frontend: 'random', name, components } });
      assert.deepEqual(buildRegister.userErrors, []);
    };
    await register('1', support('box', '1.0', ['main', 'aside']), support('page', '1.0', ['children']));
    await register('2', support('box', '1.2', ['aside', 'main', 'foot']), support('box', '2.0', ['main']), support('text', '1.1', []));
    const keys = Array.from({ length: 24 }, (_, i) => `screen-${i}`);
    for (const [i, key] of keys.entries()) {
      const blocks = { root: { component: below(12) === 0 ? 'include' : pick(['page', 'box']), major: 1, props: {}, slots: {} } };
      if (blocks.root.component === 'include') blocks.root.props.screen = pick(keys);
      const places = [['root', 'children']];
      for (let n = below(14); n > 0; n--) {
        const [parent, slot] = pick(places);
        const component = pick(['box', 'box', 'text', 'include', 'unheard-of']);
        const block = `b${n}`;
        const props = component === 'include' ? { screen: pick([...keys, 'nobody', '']) } : pick([{}, { text: 'Grüße \u202E' }, { constructor: 'x', list: [1, { a: true }] }]);
        blocks[block] = { component, major: 1 + below(3), props, slots: {} };
        (blocks[parent].slots[slot] ??= []).push(block);
        for (const name of ['main', 'aside', 'foot', 'zone', 'alpha']) places.push([block, name]);
      }
      const { screenCreate } = await server.graphql('mutation ($input: ScreenCreateInput!) { screenCreate(input: $input) { userErrors { message } } }', {
        input: { frontend: 'random', key, title: `Screen ${i}`, path: below(3) === 0 ? null : `/${key}/:id`, body: { format: 1, root: 'root', blocks } },
      });
      assert.deepEqual(screenCreate.userErrors, [], JSON.stringify(blocks));
    }
    const { blocks } = await compare('random');
    assert.ok(blocks > 50);
    t.diagnostic(`${keys.length} screens, ${blocks} blocks`);
  });
});

// ---- the studio

const SEEDED = 'Light for long evenings';

/** The frame of the draft, or of what is live, once the studio and it have found each other. */
async function frameOf(page, title = /^Preview of/) {
  await page.locator('.preview[data-state="connected"]').waitFor();
  const frame = await (await page.getByTitle(title).elementHandle()).contentFrame();
  await frame.locator('[data-block]').first().waitFor();
  return frame;
}

const choose = (page, name) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).first().click();
const outline = (page, kind) => page.locator(`.outline[data-kind="${kind}"]`).first();
const titleField = (page) => page.getByRole('textbox', { name: /^Headline/ }).first();
const selected = (page) => new URL(page.url()).searchParams.get('block');

/** Types the last letter of a title and returns how long it took to be seen in the frame. */
async function typed(page, frame, text) {
  await titleField(page).fill(text.slice(0, -1));
  await shows(frame, text.slice(0, -1), frame.locator('h1').first());
  const arrived = await stopwatch(frame, 'h1', text);
  await titleField(page).focus();
  await page.keyboard.press('End');
  const began = clock();
  await page.keyboard.press(text.slice(-1));
  return (await arrived()) - began;
}

async function fast(t, page, frame) {
  const times = [];
  for (const text of ['A warm light', 'A warm lamp', 'A warm room']) times.push(await typed(page, frame, text));
  t.diagnostic(`a letter was on the preview after ${times.map(Math.round).join(', ')} ms`);
  // The aim is 100 ms; a machine that runs other things meanwhile may take longer once.
  assert.ok(Math.min(...times) <= 100 && Math.max(...times) <= 250, String(times));
}

describe('the preview in the built-in renderer', () => {
  let visitor;
  let page;
  let frame;
  before(async () => {
    visitor = await Visitor.open(browser, server);
    page = await visitor.visit('/studio/shop/screens/home');
    frame = await frameOf(page);
  });
  after(() => visitor?.close());

  test('shows what is typed at once, and visitors see nothing of it', async (t) => {
    const shop = await visitor.visit('/demo/');
    await following(shop);
    await page.bringToFront();
    await shows(frame, SEEDED, frame.locator('h1').first());
    await choose(page, 'Hero');
    await fast(t, page, frame);
    await until(async () => (await server.screen('home')).body.blocks.hero.props.title === 'A warm room', 'the draft to be saved');
    assert.equal(await h1(shop).textContent(), SEEDED);
    await shop.close();
  });

  test('is pointed at and clicked, and the keyboard stays in the studio', async () => {
    await frame.locator('h1').first().hover();
    await choose(page, 'Newsletter');
    await frame.locator('[data-block="letter"]').hover();
    await until(() => frame.locator('[data-block="letter"]').evaluate((element) => element.getBoundingClientRect().top < innerHeight), 'the chosen block to be in sight');
    const grid = frame.locator('[data-block="grid"]');
    await grid.scrollIntoViewIfNeeded();
    await grid.locator('h2').hover();
    await until(async () => (await outline(page, 'hovered').getAttribute('data-of').catch(() => '')) === 'grid', 'the outline of what is pointed at');
    assert.equal(await outline(page, 'hovered').textContent(), 'Product grid');
    await grid.locator('h2').click();
    await until(() => selected(page) === 'grid', 'the click to choose');
    const line = outline(page, 'selected');
    await until(async () => (await line.getAttribute('data-of')) === 'grid', 'the outline of what is chosen');
    const [around, block] = [await line.boundingBox(), await grid.boundingBox()];
    assert.ok(Math.abs(around.width - block.width) <= 8 && Math.abs(around.y - Math.max(block.y, around.y)) <= 8, JSON.stringify([around, block]));
    await until(() => page.evaluate(() => document.activeElement?.matches('[role="treeitem"][aria-selected="true"]')), 'the focus to be on the row of the block');
    // Twice leads to what can be changed. The click before is half of no double click any more.
    await page.waitForTimeout(500);
    await grid.locator('h2').dblclick();
    await until(() => page.evaluate(() => document.activeElement?.closest('[aria-label="Props"]') && document.activeElement.matches('input, textarea')), 'the focus to be in the first field');
    // What is included is one block of the draft.
    await frame.locator('[data-block^="footer/"]').last().click();
    await until(() => selected(page) === 'footer', 'the shared part to be chosen');
    assert.equal(frame.isDetached(), false);
  });

  test('is as wide as a phone, a tablet, a laptop, or the place', async () => {
    await page.locator('.preview').focus();
    for (const [key, width] of [['1', 360], ['2', 768], ['3', 1280]]) {
      await page.keyboard.press(key);
      await until(async () => (await frame.evaluate(() => innerWidth)) === width, `a width of ${width}`);
    }
    const { width } = await page.getByTitle(/^Preview of/).boundingBox();
    assert.equal(await page.locator('.zoom').textContent(), `${Math.round((width / 1280) * 100)} %`);
    assert.ok(width < 1280);
    await page.keyboard.press('4');
    await until(async () => (await page.locator('.zoom').textContent()) === '100 %', 'the full width');
    assert.equal(frame.isDetached(), false, 'a change of width loaded the page again');
  });

  test('plays an older build, and says what is different for it', async () => {
    await server.edit('home', [{ insert: { key: 'soon', parent: 'root', index: 1, component: 'countdown', props: { title: 'Doors open soon', endsAt: '2030-01-01T00:00:00Z' } } }]);
    await frame.locator('[data-block="soon"].countdown').waitFor();
    await page.getByRole('button', { name: 'Shown as the newest build' }).click();
    await page.getByRole('menuitem', { name: /Build 1\.0/ }).click();
    await frame.locator('[data-block="soon"].banner', { hasText: 'Doors open soon' }).waitFor();
    const entry = page.getByRole('region', { name: 'As build 1.0' }).getByRole('button', { name: /Countdown 1\.0.*Banner 1\.0/ }).first();
    await entry.click();
    await until(() => selected(page) === 'soon', 'the block to be chosen');
    // Edits reach it, too, once they are saved.
    await server.edit('home', [{ setProps: { key: 'soon', patch: { title: 'Doors are open' } } }]);
    await frame.locator('[data-block="soon"].banner', { hasText: 'Doors are open' }).waitFor();
    await page.getByRole('button', { name: 'Shown as build 1.0' }).click();
    await page.getByRole('menuitem', { name: /Newest/ }).click();
    await frame.locator('[data-block="soon"].countdown').waitFor();
  });

  test('stands beside what is live, and both scroll', async () => {
    await page.getByRole('button', { name: 'Draft beside live' }).click();
    const live = await frameOf(page, /^Live/);
    await shows(live, SEEDED, live.locator('h1').first());
    assert.equal(await live.locator('[data-block="soon"]').count(), 0);
    await frame.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await until(() => live.evaluate(() => scrollY > 100 && scrollY >= document.documentElement.scrollHeight - innerHeight - 2), 'the live side to follow');
    await live.evaluate(() => scrollTo(0, 0));
    await until(() => frame.evaluate(() => scrollY === 0), 'the draft to follow');
    await server.publish();
    await live.locator('[data-block="soon"]').waitFor();
    await page.getByText('release 2', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Draft beside live' }).click();
    await page.getByTitle(/^Live/).waitFor({ state: 'detached' });
  });

  test('is shared by a link that shows the draft without the studio', async () => {
    await server.setTitle('Only for friends');
    await page.getByRole('button', { name: 'Share a preview link' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const url = await page.getByRole('textbox', { name: 'Preview link' }).inputValue();
    assert.equal(await page.getByRole('img', { name: 'QR code of the preview link' }).count(), 1);
    await page.getByText(/^Works until/).waitFor();
    await page.keyboard.press('Escape');
    const friend = await Visitor.open(browser, server);
    const there = await friend.visit(url.slice(server.url.length));
    await shows(there, 'Only for friends');
    await friend.close();
  });

  test('shows a screen of many addresses as one of them', async () => {
    await page.goto(`${server.url}/studio/shop/screens/product`);
    const product = await frameOf(page);
    await product.locator('h1', { hasText: 'Lumi' }).waitFor();
    await page.getByRole('button', { name: 'Preview as /products/lamp' }).click();
    await page.getByRole('textbox', { name: 'handle' }).fill('sofa');
    await product.locator('h1', { hasText: 'Fjell' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Preview as /products/sofa' }).waitFor();
    await (await frameOf(page)).locator('h1', { hasText: 'Fjell' }).waitFor();
  });
});

/** A server with one page. Its address is an origin of its own. */
async function onePage(html) {
  const pages = createServer((request, answer) => answer.setHeader('content-type', 'text/html').end(html(new URL(request.url, 'http://localhost'))));
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${pages.address().port}`, host: `127.0.0.1:${pages.address().port}`, close: () => pages.close() };
}

const document = (script) => `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>App</title><main></main><script type="module">${script}</script>`;

/** Any frontend that stands on the SDK: draws what it is given, and breaks at a title that says so. */
const withSdk = ({ pathname }) => document(`
  import { createSonata, treeOf } from '${server.url}/sdk/sonata.js';
  const sonata = createSonata({ endpoint: '${server.url}', frontend: 'shop', build: '2.0', previewToken: new URLSearchParams(location.search).get('preview') });
  const draw = (snapshot, { block, slots }) => {
    const element = document.createElement('section');
    element.dataset.block = block.key;
    element.style.cssText = 'min-height: 120px; padding: 8px';
    const text = typeof block.props.title === 'string' ? block.props.title : '';
    if (text === 'Break!') sonata.reportError(snapshot, block.key, new Error('<b>no such title</b>'));
    else element.append(Object.assign(document.createElement(block.component === 'hero' ? 'h1' : 'p'), { textContent: text }));
    for (const { branches } of slots) for (const branch of branches) element.append(draw(snapshot, branch));
    return element;
  };
  sonata.follow(${JSON.stringify(pathname)}, ({ snapshot }) => snapshot && document.querySelector('main').replaceChildren(draw(snapshot, treeOf(snapshot))));
`);

/** Takes every port and says anything. */
const hostile = () => document(`
  const junk = [null, 7, 'x', [], { type: '__proto__' }, { type: 'click', key: 'hero' }, { type: 'click', key: '__proto__' }, { type: 'hover', key: 'constructor' }, { type: 'scrolled', ratio: Infinity },
    { type: 'renderError', key: '__proto__', message: 'x' }, { type: 'renderError', key: 'hero', message: '<img src=x onerror=alert(1)>' },
    { type: 'rects', rects: Array(20_000).fill({ key: 'hero', x: 0, y: 0, w: 1e6, h: 1e6 }) }, { type: 'rects', rects: [{ key: 'toString', x: 1e308, y: NaN, w: 1, h: 1 }] }];
  document.querySelector('main').innerHTML = '<section data-block="hero"><h1>Hostile</h1></section>';
  window.read = [];
  addEventListener('message', ({ data, ports }) => {
    window.heard = (window.heard ?? 0) + 1;
    for (const port of ports) {
      port.onmessage = () => port.postMessage({ type: 'unknown', received: 'all' });
      port.postMessage({ type: 'ready', frontend: {}, build: 'x'.repeat(1e6), manifest: [] });
      for (let i = 0; i < 50; i++) for (const message of junk) port.postMessage(message);
    }
    for (const message of [{ type: 'click', key: 'hero' }, { sonata: 'preview', type: 'hello', protocol: 1 }]) parent.postMessage(message, '*');
    for (const attempt of [() => parent.document.title, () => parent.localStorage.length, () => (top.location = 'about:blank'), () => top.location.assign('/'), () => window.open('about:blank')?.document.title ?? 'closed']) {
      try {
        window.read.push(String(attempt()));
      } catch (error) {
        window.read.push(error.name);
      }
    }
  });
`);

describe('the preview in a frontend on another origin', () => {
  let app;
  let stranger;
  let visitor;
  before(async () => {
    app = await onePage((url) => withSdk(url));
    await server.edit('home', [{ setProps: { key: 'hero', patch: { title: SEEDED } } }]);
  });
  after(() => app?.close());
  beforeEach(async () => (visitor = await Visitor.open(browser, server, { hosts: [app.host] })));
  afterEach(async () => {
    stranger?.close();
    stranger = undefined;
    await visitor?.context.close();
  });

  async function previewAt(previewUrl, origins) {
    const { frontendUpdate } = await server.graphql('mutation ($input: FrontendUpdateInput!) { frontendUpdate(input: $input) { userErrors { message } } }', { input: { id: 'shop', previewUrl, origins } });
    assert.deepEqual(frontendUpdate.userErrors, []);
  }

  test('is connected, edited, clicked, and tells what it cannot draw', async (t) => {
    await previewAt(`${app.url}/?shop=1`, [app.url]);
    const page = await visitor.visit('/studio/shop/screens/home');
    const frame = await frameOf(page);
    assert.equal(new URL(frame.url()).searchParams.get('shop'), '1');
    assert.ok(new URL(frame.url()).searchParams.get('preview'));
    await frame.locator('[data-block="hero"]').click();
    await until(() => selected(page) === 'hero', 'the click to choose');
    await fast(t, page, frame);

    await titleField(page).fill('Break!');
    await page.getByRole('button', { name: '1 block could not be drawn' }).click();
    await page.getByRole('menuitem', { name: 'Hero <b>no such title</b>' }).waitFor();
    await outline(page, 'failed').waitFor();
    await page.keyboard.press('Escape');
    await titleField(page).fill('Whole again');
    await shows(frame, 'Whole again', frame.locator('h1').first());
    await page.getByRole('button', { name: /could not be drawn/ }).waitFor({ state: 'detached' });

    // A page that loads itself again is found again.
    await frame.evaluate(() => location.reload());
    await titleField(page).fill('After a reload');
    await until(async () => (await (await frameOf(page)).locator('h1').first().textContent().catch(() => '')) === 'After a reload', 'the reloaded page to be connected');

    // A shared part has no address there.
    const part = await visitor.visit('/studio/shop/screens/footer');
    assert.match((await frameOf(part)).url(), /\/demo\/renderer#/);
    await part.close();

    // It asks the server for what an older build gets, and shows what the studio hands it.
    await page.getByRole('button', { name: 'Shown as the newest build' }).click();
    await page.getByRole('menuitem', { name: /Build 1\.0/ }).click();
    await page.getByRole('region', { name: 'As build 1.0' }).getByRole('button', { name: /Hero 2\.\d.*Hero 2\.0/ }).waitFor();
    visitor.check();
  });

  test('says what to do when the page does not answer, and remembers who shall draw instead', async () => {
    stranger = await onePage(() => document(''));
    await visitor.context.close();
    visitor = await Visitor.open(browser, server, { hosts: [stranger.host] });
    await previewAt(stranger.url, []);
    const page = await visitor.visit('/studio/shop/screens/home');
    const notice = page.locator('.notice');
    await notice.getByText('does not answer').waitFor();
    assert.match(await notice.textContent(), /Its origin is not registered/);
    await notice.getByRole('button', { name: 'Use the built-in renderer' }).click();
    await frameOf(page);
    await page.reload();
    assert.match((await frameOf(page)).url(), /\/demo\/renderer#/);
    assert.equal(await notice.count(), 0);
    visitor.check();
  });

  test('is refused at the origin of the studio', async () => {
    await previewAt(`${server.url}/demo/`, []);
    const page = await visitor.visit('/studio/shop/screens/home');
    await page.getByText('where the studio is').waitFor();
    assert.match((await frameOf(page)).url(), /\/demo\/renderer#/);
    visitor.check();
  });

  test('can do nothing but make noise', async () => {
    stranger = await onePage(hostile);
    await previewAt(stranger.url, [stranger.url]);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('dialog', (dialog) => (faults.push(dialog.message()), void dialog.dismiss()));
    await page.goto(`${server.url}/studio/shop/screens/home`);
    const frame = await frameOf(page);
    await until(() => frame.evaluate(() => window.heard > 0), 'the guest to hear the studio');
    await page.getByRole('button', { name: '1 block could not be drawn' }).waitFor();
    const rows = page.locator('[role="treeitem"][aria-selected="true"]');
    assert.equal(await rows.count(), 0, 'the guest chose a block by itself');
    await choose(page, 'Newsletter');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.match(await rows.textContent(), /^Newsletter/, 'the guest chose a block by itself');
    assert.equal(page.url().startsWith(`${server.url}/studio/shop/screens/home`), true);
    assert.deepEqual([...new Set(await frame.evaluate(() => window.read))].filter((word) => !['SecurityError', 'closed'].includes(word)), []);
    assert.equal(await page.evaluate(() => ({}).polluted ?? Object.keys(Object.prototype).length), 0);
    // The studio still works.
    await choose(page, 'Hero');
    await titleField(page).fill('Still here');
    await until(async () => (await server.screen('home')).body.blocks.hero.props.title === 'Still here', 'the edit to be saved');
    assert.deepEqual(faults, []);
    assert.equal(context.pages().length, 1);
    await context.close();
  });
});
