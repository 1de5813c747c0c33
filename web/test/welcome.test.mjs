// The first five minutes, as somebody new has them: /welcome, a headline, a publish, an undo, an older build, the one query.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { press, Server, shows, startBrowser, stopwatch, until, Visitor } from './harness.mjs';

const SEEDED = 'Light for long evenings';
const HEADLINE = 'Light for short days';
const KEYSTROKE_MS = 100; // to the preview
const PUBLISH_MS = 300; // to another tab

let browser;
let server;
let visitor;
before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  visitor = await Visitor.open(browser, server, { viewport: { width: 1440, height: 900 } });
});
after(async () => {
  try {
    await visitor?.close();
  } finally {
    await browser?.close();
    await server?.remove();
  }
});

const h1In = (frame) => frame.locator('h1').first();
const now = () => performance.timeOrigin + performance.now();

test('from nothing to a published headline, back, an older build and the query', async (t) => {
  const began = performance.now();
  const minute = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;

  // 0. What the console says is where things are.
  for (const place of ['/welcome', '/studio', '/demo/', '/graphiql', '/graphql']) assert.ok(server.said.includes(`${server.url}${place}`), `the console names ${place}`);
  assert.match(server.said, /Database +\S+sonata\.db/);
  assert.match(server.said, /Live +shop\/production release 1/);

  // 1. Studio and shop side by side. Typing changes the draft, and nothing else.
  const page = await visitor.visit('/welcome');
  const studio = page.frameLocator('iframe[title="Studio"]');
  const shop = page.frameLocator('iframe[title="Live shop"]');
  const shopFrame = await until(() => page.frames().find((frame) => /\/demo\/$/.test(frame.url())), 'the shop');
  await shows(page, SEEDED, h1In(shop));
  await shopFrame.waitForSelector('.shop[data-connection="open"]');
  await until(async () => /Change the headline/.test(await page.getByTestId('hint').textContent()), 'the first hint');
  const headline = studio.getByRole('textbox', { name: /^Headline/ });
  await headline.waitFor();
  const previewFrame = await until(() => page.frames().find((frame) => /\/demo\/renderer/.test(frame.url())), 'the preview');
  await until(async () => (await previewFrame.locator('h1').first().textContent()) === SEEDED, 'the draft in the preview');
  t.diagnostic(`everything is there: ${minute()}`);

  await headline.fill('');
  await headline.pressSequentially(HEADLINE.slice(0, -1));
  const seen = await stopwatch(previewFrame, 'h1', HEADLINE);
  const pressed = now();
  await headline.press(HEADLINE.at(-1));
  const keystroke = (await seen()) - pressed;
  t.diagnostic(`keystroke to preview: ${keystroke.toFixed(0)} ms`);
  assert.ok(keystroke < KEYSTROKE_MS * 2.5, `a keystroke took ${keystroke.toFixed(0)} ms to the preview`);
  assert.equal(await h1In(shop).textContent(), SEEDED, 'the shop shows what is live');
  await until(async () => /Publish/.test(await page.getByTestId('hint').locator('b').textContent()), 'the second hint');

  // 2. Publish: the shop follows without a reload and stays where it was; undo is one press.
  await shopFrame.evaluate(() => {
    window.notReloaded = true;
    window.scrollTo({ top: 240, behavior: 'instant' });
  });
  const live = await stopwatch(shopFrame, 'main h1', HEADLINE);
  await studio.getByTestId('publish').click();
  const dialog = studio.getByRole('dialog');
  await dialog.getByText('1 change · no problems').waitFor();
  const button = dialog.getByRole('button', { name: /^Publish/ });
  await until(() => button.isEnabled(), 'the button');
  const studioFrame = await until(() => page.frames().find((frame) => /\/studio\//.test(frame.url())), 'the studio');
  const sent = await press(studioFrame, button);
  const publish = (await live()) - sent;
  t.diagnostic(`publish to the other tab: ${publish.toFixed(0)} ms`);
  assert.ok(publish < PUBLISH_MS, `a publish took ${publish.toFixed(0)} ms to the shop`);
  assert.equal(await shopFrame.evaluate(() => window.notReloaded === true && window.scrollY), 240, 'no reload, and where it was');
  const toast = studio.locator('.toast').filter({ hasText: 'Release 2 is live.' });
  await until(async () => /Sent to 1 open frontend in \d+ ms/.test(await toast.textContent()), 'the figures');
  const back = await stopwatch(shopFrame, 'main h1', SEEDED);
  const undone = await press(studioFrame, toast.getByRole('button', { name: 'Undo' }));
  const undo = (await back()) - undone;
  t.diagnostic(`undo to the other tab: ${undo.toFixed(0)} ms`);
  assert.ok(undo < PUBLISH_MS, `an undo took ${undo.toFixed(0)} ms`);
  await until(async () => /whole loop/.test(await page.getByTestId('hint').textContent()), 'the last hint');
  t.diagnostic(`published and undone: ${minute()}`);

  // 3. A countdown above the grid, seen as build 1.0: a banner, and the degradation is listed.
  const tab = await visitor.visit('/studio/shop/screens/home?block=promises');
  await tab.getByRole('treeitem', { name: /Feature list/ }).waitFor();
  await tab.getByRole('button', { name: /^Insert/ }).click();
  await tab.getByRole('combobox', { name: 'Insert a block' }).fill('countdown');
  await tab.getByRole('option', { name: /Countdown/ }).first().waitFor();
  await tab.keyboard.press('Enter');
  await until(async () => {
    const { body } = await server.screen('home');
    const { children } = body.blocks.root.slots;
    return children.indexOf('grid') > 0 && /^countdown/.test(children[children.indexOf('grid') - 1]);
  }, 'a countdown above the grid');
  await tab.getByRole('button', { name: 'Shown as the newest build' }).click();
  await tab.getByRole('menuitem', { name: /1\.0/ }).or(tab.getByRole('menuitemradio', { name: /1\.0/ })).first().click();
  const renderer = await until(() => tab.frames().find((frame) => /\/demo\/renderer/.test(frame.url())), 'the preview');
  await renderer.locator('[data-block^="countdown"] .banner, .banner[data-block^="countdown"]').first().waitFor();
  await tab.getByRole('region', { name: 'As build 1.0' }).getByRole('button', { name: /Countdown 1\.0.*Banner 1\.0/ }).first().waitFor();
  t.diagnostic(`as build 1.0: ${minute()}`);

  // 4. The one query: run in GraphiQL and, by the line that is shown, in a shell; the props of every component as types.
  await tab.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: 'API', exact: true }).click();
  await tab.getByRole('heading', { name: 'API', level: 1 }).waitFor();
  const line = await tab.getByRole('region', { name: 'Snippet for curl' }).innerText();
  const folder = await mkdtemp(path.join(tmpdir(), 'sonata-welcome-'));
  const inShell = async (text) => (await promisify(execFile)('bash', ['-c', text], { cwd: folder })).stdout;
  try {
    const { data, errors } = JSON.parse(await inShell(line));
    assert.equal(errors, undefined);
    assert.equal(data.screen.key, 'home');

    const [graphiql] = await Promise.all([visitor.context.waitForEvent('page'), tab.getByRole('link', { name: 'Run it in GraphiQL' }).click()]);
    await graphiql.bringToFront();
    await graphiql.locator('.graphiql-query-editor .view-line', { hasText: 'screen' }).first().waitFor();
    const [answer] = await Promise.all([
      graphiql.waitForResponse((response) => new URL(response.url()).pathname === '/graphql' && /query Screen/.test(response.request().postData() ?? '')),
      graphiql.locator('.graphiql-execute-button').click(),
    ]);
    // The editor draws with hard spaces, and only what is in view.
    await until(async () => /"key": "home"/.test((await graphiql.locator('.graphiql-response .view-lines').innerText()).replaceAll(/\s+/g, ' ')), 'the answer in GraphiQL');
    assert.deepEqual((await answer.json()).data, data, 'GraphiQL and the shell are answered the same');
    await graphiql.close();
    await tab.bringToFront();

    await tab.getByText('TypeScript', { exact: true }).click();
    await inShell(await tab.getByRole('region', { name: 'Install' }).innerText());
    const types = await readFile(path.join(folder, 'blocks.d.ts'), 'utf8');
    const union = /export type Block =([^;]+);/.exec(types)[1].split('|').map((name) => name.trim()).filter(Boolean);
    const named = union.map((name) => new RegExp(`export interface ${name} \\{[^}]*?readonly component: "([^"]+)"`).exec(types)?.[1]);
    const { frontend } = await server.graphql('{ frontend(slug: "shop") { components(first: 100) { edges { node { key } } } } }');
    assert.deepEqual([...new Set(named)].sort(), frontend.components.edges.map(({ node }) => node.key).sort());
    for (const { component } of data.screen.blocks) assert.ok(named.includes(component), component);
  } finally {
    await rm(folder, { recursive: true });
  }
  t.diagnostic(`the whole of it: ${minute()}`);
});
