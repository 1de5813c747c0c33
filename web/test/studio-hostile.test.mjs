// A frontend that was made to do harm, in every view of the studio, in the preview and in a page of the SDK's: what it holds
// is text. Pictures that were made to do harm are refused, or what is served of them is new.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { assertHarmless, LONG, SCRIPT, Server, startBrowser, TURNED, until, Visitor } from './harness.mjs';

const NAME = `<img src=x onerror="window.harmed='name'">${TURNED}`;
const WORDS = `${SCRIPT}${TURNED}${LONG}`;
const UNSAFE = 'javascript:window.harmed=1'; // never saved
const LINK = '/"><script>window.harmed=1</script>';

let browser;
let server;
let app;
let visitor;
let pixels; // a PNG, made by the browser
let asset;

/** A page that stands on the SDK's module, at an origin of its own. */
const appPage = () => `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>App</title><main style="overflow-wrap: anywhere"></main><script type="module" src="/app.js"></script>`;
const appScript = () => `
  import { createSonata, treeOf } from '${server.url}/sdk/sonata.js';
  const sonata = createSonata({ endpoint: '${server.url}', frontend: 'hostile', build: '1', previewToken: new URLSearchParams(location.search).get('preview') });
  const draw = ({ block, slots }) => {
    const element = document.createElement('section');
    element.dataset.block = block.key;
    element.dir = 'auto';
    element.append(JSON.stringify(block.props));
    for (const { branches } of slots) for (const branch of branches) element.append(draw(branch));
    return element;
  };
  sonata.follow('/', ({ snapshot }) => snapshot && document.querySelector('main').replaceChildren(draw(treeOf(snapshot))));
`;

// JSON.parse makes __proto__ a property of its own, an object literal would not.
const schema = JSON.parse(JSON.stringify({
  type: 'object', title: NAME, description: WORDS, required: ['toString'],
  properties: {
    PROTO: { type: 'string', title: NAME, description: WORDS, maxLength: 10_000 },
    constructor: { type: 'object', title: NAME, properties: { prototype: { type: 'object', properties: { polluted: { type: 'string' } } } } },
    toString: { title: NAME, enum: [NAME, '__proto__', 'constructor'] },
    valueOf: { type: 'array', title: NAME, items: { type: 'object', properties: { hasOwnProperty: { type: 'string' } } } },
    text: { type: 'string', title: 'Text' },
    picture: { type: 'object', title: 'Picture', format: 'asset' },
  },
}).replace('"PROTO"', '"__proto__"'));
const propsOf = (text) => JSON.parse(JSON.stringify({
  PROTO: text, constructor: { prototype: { polluted: 'yes' } }, toString: NAME, valueOf: [{ hasOwnProperty: text }], text,
  picture: { $asset: asset.hash, alt: SCRIPT }, unknown: { PROTO: { polluted: 'yes' } },
}).replaceAll('"PROTO"', '"__proto__"'));

/** What the demo's own blocks draw, with schemas that let every address through. */
const loose = (href) => ({
  title: SCRIPT, text: WORDS, eyebrow: TURNED, label: SCRIPT, href, src: href, link: { label: 'Go', href }, secondaryLink: { label: LONG, href }, brand: NAME,
  items: [{ title: NAME, text: SCRIPT, icon: 'constructor', question: SCRIPT, answer: SCRIPT }], links: [{ label: NAME, href }], quote: WORDS, author: NAME, art: '__proto__', endsAt: SCRIPT,
});
const KNOWN = ['hero', 'banner', 'image', 'footer', 'faq', 'feature-list', 'rich-text', 'testimonial', 'countdown', 'newsletter'];

function bodyOf(text, href = LINK) {
  const blocks = { root: { component: 'page', major: 1, props: loose(href), slots: { children: ['constructor', 'toString', ...KNOWN] } } };
  blocks.constructor = { component: 'constructor', major: 1, props: propsOf(text), slots: { toString: ['valueOf'] } };
  blocks.toString = { component: 'value-of', major: 1, props: { text }, slots: {} };
  blocks.valueOf = { component: 'constructor', major: 1, props: propsOf(NAME), slots: {} };
  for (const key of KNOWN) blocks[key] = { component: key, major: key === 'hero' ? 2 : 1, props: loose(href), slots: {} };
  return { format: 1, root: 'root', blocks };
}

const screenOf = () => server.graphql('{ frontend(slug: "hostile") { screens(first: 10) { edges { node { id key version body } } } } }').then(({ frontend }) => frontend.screens.edges.map(({ node }) => node).find(({ key }) => key === 'constructor'));

const put = (page, query, bytes, type) => page.evaluate(async ([query, bytes, type]) => {
  const answer = await fetch(`/assets?${query}`, { method: 'PUT', headers: { 'content-type': type }, body: Uint8Array.from(bytes) });
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
}, [query, [...bytes], type]);

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  const pages = createServer(({ url }, answer) => {
    const [type, text] = url === '/app.js' ? ['text/javascript', appScript()] : ['text/html', appPage()];
    answer.writeHead(200, { 'content-type': type, 'content-security-policy': `default-src 'none'; script-src 'self' ${server.url}; style-src 'unsafe-inline'; connect-src ${server.url} ${server.url.replace('http', 'ws')}; img-src data:` }).end(text);
  });
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
  app = { url: `http://127.0.0.1:${pages.address().port}`, host: `127.0.0.1:${pages.address().port}`, close: () => pages.close() };
  visitor = await Visitor.open(browser, server, { hosts: [app.host] });
  const page = await visitor.visit('/studio/shop/settings');
  pixels = Buffer.from(await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
    canvas.getContext('2d').fillRect(3, 3, 20, 20);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }));
  const { frontendCreate } = await server.graphql('mutation ($input: FrontendCreateInput!) { frontendCreate(input: $input) { userErrors { message } } }', { input: { slug: 'hostile', name: NAME } });
  assert.deepEqual(frontendCreate.userErrors, []);
  const uploaded = await put(page, `frontend=hostile&name=${encodeURIComponent(`../${NAME}.png`)}`, pixels, 'image/png');
  assert.equal(uploaded.status, 201, JSON.stringify(uploaded));
  asset = uploaded.body;
  await page.close();

  const anything = { propsSchema: { type: 'object' } };
  const { buildRegister } = await server.graphql('mutation ($input: BuildRegisterInput!) { buildRegister(input: $input) { userErrors { message } } }', { input: { frontend: 'hostile', name: '1', components: [
    { key: 'page', version: '1.0', title: NAME, category: '__proto__', slots: ['children', 'constructor'], ...anything },
    { key: 'constructor', version: '1.0', title: WORDS.slice(0, 100), category: 'constructor', slots: ['toString', 'hasOwnProperty', 'constructor'], propsSchema: schema, uiSchema: JSON.parse(`{"order":["__proto__","constructor"],"__proto__":{"widget":"textarea","group":"__proto__"},"toString":{"group":${JSON.stringify(NAME)},"help":${JSON.stringify(WORDS)}}}`), examples: [{ title: SCRIPT, props: { toString: NAME, text: WORDS } }], fallback: { component: 'banner', major: 1, props: { title: SCRIPT } } },
    { key: 'value-of', version: '1.0', title: NAME, category: NAME, ...anything },
    ...KNOWN.map((key) => ({
      key, version: key === 'hero' ? '2.1' : '1.0', title: `${key} ${TURNED}`, category: 'toString',
      propsSchema: { type: 'object', properties: { link: { type: 'object', title: 'Link', properties: { href: { type: 'string', title: 'Target' } } } } },
    })),
  ] } });
  assert.deepEqual(buildRegister.userErrors, []);
  const refused = await server.graphql('mutation ($input: ScreenCreateInput!) { screenCreate(input: $input) { userErrors { message } } }', { input: { frontend: 'hostile', key: 'unsafe', title: 'Unsafe', body: bodyOf('', UNSAFE) } });
  assert.match(refused.screenCreate.userErrors[0].message, /javascript: can run script/);
  const { screenCreate } = await server.graphql('mutation ($input: ScreenCreateInput!) { screenCreate(input: $input) { userErrors { message path } } }', { input: { frontend: 'hostile', key: 'constructor', title: WORDS.slice(0, 100), path: '/', body: bodyOf('First') } });
  assert.deepEqual(screenCreate.userErrors, []);
  const publish = await server.graphql('mutation ($title: String!, $notes: String!) { releasePublish(input: { frontend: "hostile", title: $title, notes: $notes, acknowledgeWarnings: true }) { userErrors { message } } }', { title: SCRIPT.slice(0, 200), notes: WORDS });
  assert.deepEqual(publish.releasePublish.userErrors, []);
  await edit([{ setProps: { key: 'constructor', patch: JSON.parse(JSON.stringify({ PROTO: WORDS, text: WORDS }).replace('"PROTO"', '"__proto__"')) } }, { setProps: { key: 'valueOf', patch: { text: TURNED } } }]);
});
after(async () => {
  try {
    await visitor?.close();
  } finally {
    await browser?.close();
    app?.close();
    await server?.remove();
  }
});

async function edit(ops) {
  const { id, version } = await screenOf();
  const { screenEdit } = await server.graphql('mutation ($input: ScreenEditInput!) { screenEdit(input: $input) { userErrors { message } } }', { input: { screen: id, expectedVersion: version, ops } });
  assert.deepEqual(screenEdit.userErrors, []);
}

async function studio(at) {
  const page = await visitor.visit(`/studio/hostile${at}`);
  await page.getByTestId('connection').filter({ hasText: /^connected$/ }).waitFor({ state: 'attached' });
  await page.locator('main h1, main h2').first().waitFor();
  return page;
}

/** Page and frames at two widths. */
async function harmless(page, what) {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await assertHarmless(page, `${what} at ${width}`);
  }
  // A frame hears of its new width in its own time, being another process: harm stays, a width that is on its way does not.
  for (const frame of page.frames().slice(1)) {
    let fault;
    await until(async () => !(fault = await assertHarmless(frame, `the preview in ${what}`).then(() => undefined, (error) => error)), 'a harmless frame', 3_000).catch(() => assert.fail(fault));
  }
}

test('every view shows it as text', async () => {
  for (const [at, seen] of [
    ['', (page) => page.getByRole('region', { name: /to publish$/ }).waitFor()],
    ['/screens', (page) => page.getByRole('link', { name: /script/ }).first().waitFor()],
    ['/changes', async (page) => {
      await page.locator('main ins').first().waitFor();
      await harmless(page, '/changes in words');
      await page.getByRole('button', { name: 'JSON' }).click();
      await page.getByRole('region', { name: /^JSON of/ }).first().waitFor();
    }],
    ['/releases', (page) => page.getByRole('link', { name: /script/ }).first().waitFor()],
    ['/releases?compare=1..1', (page) => page.getByLabel('After').waitFor()],
    ['/releases?view=time', (page) => page.frameLocator('iframe').locator('[data-block="constructor"]').waitFor()],
    ['/releases?view=log', (page) => page.getByText('script').first().waitFor()],
    ['/components', (page) => page.locator('main a').first().waitFor()],
    ['/components/constructor', (page) => page.frameLocator('iframe').locator('[data-block]').first().waitFor()],
    ['/api', (page) => page.getByRole('region', { name: /^Snippet/ }).first().waitFor()],
    ['/settings', (page) => page.getByRole('textbox', { name: 'Name', exact: true }).waitFor()],
  ]) {
    const page = await studio(at);
    await seen(page);
    await harmless(page, at || 'home');
    if (at === '') {
      await page.keyboard.press('ControlOrMeta+K');
      await page.getByRole('combobox', { name: 'Search or do' }).fill('script');
      await page.getByRole('option').first().waitFor();
      await harmless(page, 'the palette');
      await page.keyboard.press('Escape');
      await page.getByTestId('publish').click();
      await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).waitFor();
      await harmless(page, 'the publish dialog');
    }
    await page.close();
  }
});

test('the editor stays usable, and what it publishes is text elsewhere', async () => {
  const page = await studio('/screens/constructor?block=constructor');
  const frame = page.frameLocator('iframe').first();
  await frame.locator('[data-block="hero"]').waitFor();
  const form = page.getByTestId('props-form');
  await form.getByLabel('Text', { exact: true }).waitFor();
  await form.getByText(/40 × 30/).waitFor();
  await harmless(page, 'the editor');
  await form.getByRole('button', { name: /^Library/ }).click();
  await page.getByRole('dialog').getByRole('list', { name: 'Pictures' }).getByRole('button').first().waitFor();
  await harmless(page, 'the library');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('main').getByRole('treeitem').first().focus();
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Insert a block' }).waitFor();
  await harmless(page, 'the insert palette');
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Insert a block' }).waitFor({ state: 'detached' });
  const share = page.getByRole('button', { name: 'Share a preview link' });
  await share.click();
  await page.getByRole('button', { name: 'Make a link' }).waitFor();
  await harmless(page, 'the share form');
  await share.click();
  await page.getByRole('button', { name: 'Make a link' }).waitFor({ state: 'detached' });

  // Clicks on links in the preview choose, whatever the links hold; then that block is edited. A click counts while its
  // frame has the focus, which the form that was just closed may take once more.
  await until(async () => {
    await frame.locator('[data-block="hero"]').getByText('Go', { exact: true }).click();
    return page.waitForURL('**/constructor?block=hero', { timeout: 1_000 }).then(() => true, () => false);
  }, 'the click to choose');
  const target = form.getByLabel('Target', { exact: true });
  await target.fill(UNSAFE);
  await form.getByText(/can run script/).first().waitFor();
  await frame.locator('[data-block="hero"]').getByText('Go', { exact: true }).click();
  await harmless(page, 'a link that is not saved');
  await target.fill('/safe');
  await until(async () => (await screenOf()).body.blocks.hero.props.link.href === '/safe', 'the safe link to be saved');
  await page.goto(`${server.url}/studio/hostile/screens/constructor?block=constructor`);
  await form.getByLabel('Text', { exact: true }).fill(`${SCRIPT} edited`);
  await until(async () => (await screenOf()).body.blocks.constructor.props.text === `${SCRIPT} edited`, 'the edit to be saved');
  await form.getByRole('button', { name: 'Edit as JSON' }).click();
  await form.getByRole('textbox', { name: /^Everything/ }).waitFor();
  await harmless(page, 'the form as JSON');

  await page.getByTestId('publish').click();
  const dialog = page.getByRole('dialog');
  const send = dialog.getByRole('button', { name: /^Publish/ });
  await dialog.getByRole('textbox', { name: 'Title' }).fill(SCRIPT.slice(0, 100));
  await until(() => send.isEnabled(), 'a publish that is possible');
  await send.click();
  await page.locator('.toast').filter({ hasText: 'is live' }).waitFor();
  await harmless(page, 'the editor after a publish');
  await page.goto(`${server.url}/studio/hostile/releases?compare=1..2`);
  await page.locator('main ins').first().waitFor();
  await harmless(page, 'two releases');
  await page.close();

  const { frontendUpdate } = await server.graphql('mutation ($input: FrontendUpdateInput!) { frontendUpdate(input: $input) { userErrors { message } } }', { input: { id: 'hostile', previewUrl: app.url, origins: [app.url] } });
  assert.deepEqual(frontendUpdate.userErrors, []);
  const own = await visitor.context.newPage();
  await own.goto(app.url);
  await own.locator('[data-block="valueOf"]').waitFor();
  assert.ok((await own.locator('[data-block="constructor"]').textContent()).includes(JSON.stringify(`${SCRIPT} edited`)));
  assert.deepEqual(await own.evaluate(() => [window.harmed ?? null, {}.polluted ?? null, document.images.length]), [null, null, 0]);
  await own.close();
  const framed = await studio('/screens/constructor?block=constructor');
  await framed.locator('.preview[data-state="connected"]').waitFor();
  await framed.getByTestId('props-form').getByLabel('Text', { exact: true }).fill(`${TURNED} in the frame`);
  const inside = framed.frames().find((candidate) => candidate.url().startsWith(app.url));
  await until(async () => (await inside.locator('[data-block="constructor"]').textContent()).includes('in the frame'), 'what was typed to be in the other page');
  assert.deepEqual(await inside.evaluate(() => [window.harmed ?? null, {}.polluted ?? null, document.images.length]), [null, null, 0]);
  await harmless(framed, 'the editor with a page of another origin');
  await framed.close();
});

test('a preview address that is too long for a QR code, or none that a browser knows, breaks nothing', async () => {
  for (const [previewUrl, said] of [[`https://shop.example/?q=${'\u00fc'.repeat(1_000)}`, 'too long for a QR code'], ['https://999.999.999.999/', 'no preview address that the link could lead to']]) {
    const { frontendUpdate } = await server.graphql('mutation ($input: FrontendUpdateInput!) { frontendUpdate(input: $input) { userErrors { message } } }', { input: { id: 'shop', previewUrl } });
    assert.deepEqual(frontendUpdate.userErrors, []);
    const page = await visitor.visit('/studio/shop/screens/footer'); // a shared part is drawn here, so nobody is asked at that address
    await page.locator('.preview[data-state="connected"]').waitFor();
    await page.getByRole('button', { name: 'Share a preview link' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    await page.getByText(said).waitFor();
    await page.close();
  }
});

test('pictures that were made to do harm', async () => {
  const ascii = (text) => Buffer.from(text, 'latin1');
  const html = ascii(`<!doctype html><script>window.harmed = 'picture'</script>`);
  const huge = Buffer.from(pixels);
  huge.writeUInt32BE(50_000, 16);
  huge.writeUInt32BE(50_000, 20);
  const page = await visitor.visit('/studio/hostile/settings');
  // Chromium notes every refusal on its console, which the watch would take for a fault: these come as from a browser, without one.
  const send = async (name, bytes, type) => {
    const answer = await fetch(`${server.url}/assets?frontend=hostile&name=${encodeURIComponent(name)}`, { method: 'PUT', headers: { 'content-type': type, origin: server.url }, body: bytes });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
  };
  for (const [what, name, bytes, type, said] of [
    ['an SVG with script', 'a.svg', ascii('<svg xmlns="http://www.w3.org/2000/svg" onload="window.harmed=1"><script>window.harmed=1</script></svg>'), 'image/svg+xml', /SVG/],
    ['an SVG that says PNG', 'a.png', ascii('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/png', /SVG/],
    ['a page that says JPEG', 'a.jpg', html, 'image/jpeg', /HTML/],
    ['a page after the mark of a GIF', 'a.gif', Buffer.concat([ascii('GIF89a/*'), html, ascii('*/=1')]), 'image/gif', /./],
    ['50,000 by 50,000', 'a.png', huge, 'image/png', /at most/],
    ['half a picture', 'a.png', pixels.subarray(0, 60), 'image/png', /broken/],
    ['nothing', 'a.png', Buffer.alloc(0), 'image/png', /empty/],
    ['10 MB and a byte', 'a.png', Buffer.concat([pixels, Buffer.alloc((10 << 20) + 1 - pixels.length)]), 'image/png', /10 MB/],
  ]) {
    const answer = await send(name, bytes, type);
    assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status}`);
    assert.match(answer.type, /^application\/problem\+json/, what);
    assert.match(answer.body.detail, said, what);
  }
  // A picture and a page at once: what is served has nothing of the page.
  const exif = ascii('tEXtComment\0<script>window.harmed=1</script> GPS 59.9N');
  for (const [what, name, bytes, type] of [
    ['a page after the end', '"><script>.html', Buffer.concat([pixels, html]), 'text/html'],
    ['a page in a comment', '.htaccess', Buffer.concat([pixels.subarray(0, 33), chunk(exif), pixels.subarray(33)]), 'application/x-php'],
  ]) {
    const { status, body } = await put(page, `frontend=hostile&name=${encodeURIComponent(name)}`, bytes, type);
    assert.ok(status === 200 || status === 201, `${what}: ${JSON.stringify(body)}`);
    assert.equal(body.hash, asset.hash, `${what}: the pixels are the same, and nothing else is kept`);
    const served = await fetch(server.url + body.url);
    assert.match(served.headers.get('content-type'), /^image\/(png|jpeg|webp)$/);
    assert.equal(served.headers.get('x-content-type-options'), 'nosniff');
    assert.match(served.headers.get('content-security-policy'), /sandbox/);
    assert.doesNotMatch(Buffer.from(await served.arrayBuffer()).toString('latin1'), /script|GPS|Comment/);
  }
  for (const at of ['/assets/..%2f..%2fetc%2fpasswd', `/assets/${asset.url.slice(8).toUpperCase()}`, `${asset.url}/x`, `${asset.url}?w=1`, `${asset.url}?w=0x280`, `${asset.url}%00`, '/sdk/..%2f..%2fgo.mod', '/sdk/.git', '/sdk/sonata.js.gz', '/sdk/sonata.js.map']) {
    const { status } = await fetch(server.url + at);
    assert.ok(status === 400 || status === 404, `${at}: ${status}`);
  }
  await assertHarmless(page, 'after all of them');
  await page.close();
});

/** A chunk of a PNG. */
function chunk(body) {
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(body.length - 4, 0);
  body.copy(out, 4);
  out.writeUInt32BE(~crc >>> 0, body.length + 4);
  return out;
}
