// The screen editor, used by one and by two, with a server that dies and a network that goes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { Server, sideways, startBrowser, until, Visitor } from './harness.mjs';
import { random, randomDraft, randomOps } from './ops.mjs';

const source = (file) => runnerImport(fileURLToPath(new URL(`../studio/editor/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);
const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';

let server;
let browser;
before(async () => {
  server = await Server.start();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const blocksOf = async (key) => (await server.screen(key)).body.blocks;
const saved = (page) => page.waitForSelector('[data-testid=saved][data-saving=saved]');
const rows = (page) => page.getByRole('treeitem');
const row = (page, key) => page.locator(`[data-row="${key}"]`);
const form = (page) => page.getByTestId('props-form');
const headline = (page) => form(page).getByRole('textbox', { name: /^Headline/ });

async function open(visitor, key = 'home', block = 'hero') {
  const page = await visitor.visit(`/studio/shop/screens/${key}${block ? `?block=${block}` : ''}`);
  await saved(page);
  return page;
}

async function make(key, blocks) {
  const body = { format: 1, root: blocks[0].key, blocks: Object.fromEntries(blocks.map(({ key, component, major, props, slots }) => [key, { component, major, props, slots: Object.fromEntries(slots.map(({ name, blocks }) => [name, blocks])) }])) };
  const { screenCreate } = await server.graphql('mutation ($input: ScreenCreateInput!) { screenCreate(input: $input) { screen { id } userErrors { message } } }', { input: { frontend: 'shop', key, title: key, path: `/${key}`, body } });
  assert.deepEqual(screenCreate.userErrors, []);
  return screenCreate.screen.id;
}

describe('the screen editor', () => {
  test('carries out ops as the server does', async (t) => {
    const { apply } = await source('model/apply.ts');
    const { draftOf, bodyOf } = await source('model/draft.ts');
    const { inputOf } = await source('session/wire.ts');
    const chance = random(20260101);
    const id = await make('oracle', randomDraft(chance, 15));
    let carried = 0;
    for (let i = 0; i < 250; i++) {
      const { node } = await server.graphql('query ($id: ID!) { node(id: $id) { ... on Screen { version blocks { key component major props slots { name blocks } } } } }', { id });
      const draft = draftOf(node.blocks);
      const ops = randomOps(chance, draft, 1 + Math.floor(chance() * 4));
      // Most random lists have one op that cannot be; both sides have to say so, and both have to do the rest.
      const one = (() => { try { return apply(draft, ops); } catch { return undefined; } })();
      const ask = (list) => server.graphql(`mutation ($input: ScreenEditInput!) { screenEdit(input: $input) { screen { body } inverse { kind key component major parent slot index props patch } userErrors { code message } } }`, { input: { screen: id, expectedVersion: node.version, ops: list.map(inputOf) } });
      const { screenEdit } = await ask(ops);
      assert.equal(screenEdit.userErrors.length > 0, one === undefined, JSON.stringify([ops, screenEdit.userErrors]));
      if (!one) continue;
      carried += ops.length;
      assert.deepEqual(bodyOf(one.draft), screenEdit.screen.body, JSON.stringify(ops));
      const fields = (op) => Object.fromEntries(Object.entries(op).filter(([, value]) => value !== null));
      assert.deepEqual(one.inverse, screenEdit.inverse.map(fields));
    }
    t.diagnostic(`${carried} ops, each with its inverse, gave the same on both sides`);
    assert.ok(carried > 150);
  });

  test('two people see each other, merge, and choose where they collide', async (t) => {
    const [ann, bob] = await Promise.all([Visitor.open(browser, server), Visitor.open(browser, server, { serverMayVanish: true })]);
    const [a, b] = [await open(ann), await open(bob, 'home', 'questions')];
    await a.getByRole('button', { name: /^Who is here: 2/ }).waitFor();
    await until(async () => (await row(a, 'questions').locator('.people').count()) === 1, 'the other to be shown at its block');
    await a.getByRole('button', { name: /^Who is here/ }).click();
    await a.getByRole('textbox', { name: 'Your name' }).fill('Ann');
    await a.keyboard.press('Enter');
    await b.getByRole('button', { name: /^Who is here/ }).hover();
    await until(async () => (await row(b, 'hero').locator('.people').getAttribute('aria-label').catch(() => '')) === 'Ann here', 'the new name');

    // Different blocks: both win, and nobody's caret moves.
    const title = form(b).getByRole('textbox', { name: /^Heading/ });
    await title.click();
    await title.press('End');
    await headline(a).fill('Light from Ann');
    await title.pressSequentially(' to know!', { delay: 15 });
    await until(async () => (await row(b, 'hero').textContent()).includes('Light from Ann'), 'the edit of the other');
    await Promise.all([saved(a), saved(b)]);
    assert.equal(await title.inputValue(), 'Good to know to know!');
    assert.equal(await b.evaluate(() => document.activeElement.value), 'Good to know to know!');
    const blocks = await blocksOf('home');
    assert.deepEqual([blocks.hero.props.title, blocks.questions.props.title], ['Light from Ann', 'Good to know to know!']);

    // The same block: both values, and a choice.
    await row(b, 'hero').click();
    await bob.context.setOffline(true);
    await headline(b).fill('Light from Bob');
    await headline(a).fill('Light from Ann again');
    await saved(a);
    await bob.context.setOffline(false);
    await b.getByTestId('conflicts').waitFor();
    assert.equal(await headline(b).inputValue(), 'Light from Bob');
    const choice = form(b).locator('.conflict');
    await choice.getByText('Light from Ann again').waitFor();
    await choice.getByText('Light from Bob').waitFor();
    await choice.getByRole('button', { name: 'Keep mine' }).click();
    await saved(b);
    await until(async () => (await row(a, 'hero').textContent()).includes('Light from Bob'), 'the choice to reach the other');
    assert.equal(await headline(a).inputValue(), 'Light from Bob', 'a field in which nobody types any more shows what is true');
    assert.equal((await blocksOf('home')).hero.props.title, 'Light from Bob');

    // Title and path are fields, too, and no edit of a block stands in their way.
    await headline(b).fill('Light from Bob.');
    await a.getByRole('textbox', { name: 'Title of the screen' }).fill('Start');
    await a.keyboard.press('Enter');
    await until(async () => (await b.getByRole('textbox', { name: 'Title of the screen' }).inputValue()) === 'Start', 'the new title');
    await Promise.all([saved(a), saved(b)]);

    // What is selected is deleted by the other.
    await row(a, 'letter').click();
    await row(b, 'letter').click();
    await row(b, 'letter').press('Delete');
    await a.getByText(/deleted Newsletter/).waitFor();
    await until(async () => (await row(a, 'root').getAttribute('aria-selected')) === 'true', 'the parent to be selected');
    t.diagnostic(`${ann.requests.length + bob.requests.length} addresses asked for`);
    await Promise.all([ann.close(), bob.close()]);
  });

  test('a server that is killed in the middle of an edit loses nothing', async () => {
    const visitor = await Visitor.open(browser, server, { serverMayVanish: true });
    const page = await open(visitor);
    await headline(page).fill('Before');
    await saved(page);
    await headline(page).press('End');
    await page.keyboard.type(' and', { delay: 20 });
    await server.stop('SIGKILL');
    await page.keyboard.type(' after', { delay: 20 });
    await page.waitForSelector('[data-testid=saved][data-saving=waiting]');
    await row(page, 'hero').focus();
    await page.keyboard.press(`${MOD}+d`);
    await server.start();
    await saved(page);
    assert.equal(await headline(page).inputValue(), 'Before and after');
    const blocks = await blocksOf('home');
    assert.deepEqual([blocks.hero.props.title, blocks['hero-2'].props.title], ['Before and after', 'Before and after']);
    assert.deepEqual(blocks.root.slots.children.slice(0, 2), ['hero', 'hero-2']);
    await page.keyboard.press(`${MOD}+z`);
    await saved(page);
    assert.equal((await blocksOf('home'))['hero-2'], undefined);
    await page.locator('.head .tag', { hasText: 'edited' }).waitFor();
    const { releasePublish } = await server.graphql('mutation { releasePublish(input: { frontend: "shop", title: "Home", acknowledgeWarnings: true, screens: ["home"] }) { userErrors { message } } }');
    assert.deepEqual(releasePublish.userErrors, []);
    await page.locator('.head .tag', { hasText: 'live' }).waitFor();
    await visitor.close();
  });

  test('what is typed without a network survives the tab, and is sent once', async () => {
    const visitor = await Visitor.open(browser, server, { serverMayVanish: true });
    const page = await open(visitor);
    // The answer to the first edit gets lost after the server has it.
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('StudioEditorEdit')) return route.fallback();
      await route.fetch();
      await route.abort('connectionreset');
    });
    const { version } = await server.screen('home');
    await row(page, 'hero').focus();
    await page.keyboard.press(`${MOD}+d`);
    await page.waitForSelector('[data-testid=saved][data-saving=waiting]');
    await headline(page).fill('Typed with no network');
    await visitor.context.setOffline(true);
    await page.unroute('**/graphql');
    await page.close();
    await visitor.context.setOffline(false);
    const again = await open(visitor, 'home', 'hero-2');
    await until(async () => (await headline(again).inputValue()) === 'Typed with no network', 'what was typed');
    await saved(again);
    const after = await server.screen('home');
    assert.equal(after.body.blocks['hero-2'].props.title, 'Typed with no network');
    assert.equal(after.body.blocks['hero-3'], undefined);
    assert.equal(after.version, version + 2);
    assert.deepEqual(await again.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('sonata.unsent.'))), []);
    await row(again, 'hero-2').press('Delete');
    await saved(again);
    await visitor.close();
  });

  test('two hundred blocks', async (t) => {
    const children = Array.from({ length: 199 }, (_, i) => `b${i}`);
    await make('long', [{ key: 'root', component: 'page', major: 1, props: {}, slots: [{ name: 'children', blocks: children }] }, ...children.map((key, i) => ({ key, component: 'banner', major: 1, props: { title: `Banner ${i}`, text: 'Words' }, slots: [] }))]);
    const visitor = await Visitor.open(browser, server);
    const began = performance.now();
    const page = await open(visitor, 'long', 'b0');
    await until(async () => (await rows(page).count()) === 200, 'all rows');
    t.diagnostic(`open after ${Math.round(performance.now() - began)} ms`);
    const frames = await page.evaluate(async () => {
      const pane = document.querySelector('[data-pane=layers] .pane-body');
      const times = [];
      for (let i = 0, last = await new Promise(requestAnimationFrame); i < 60; i++) {
        pane.scrollTop += 100;
        const now = await new Promise(requestAnimationFrame);
        times.push(now - last);
        last = now;
      }
      return times.sort((a, b) => a - b);
    });
    t.diagnostic(`scrolling: half of the frames within ${frames[30].toFixed(1)} ms, all but three within ${frames[56].toFixed(1)} ms`);
    await row(page, 'b150').click();
    const move = await page.evaluate(async () => {
      const times = [];
      for (let i = 0; i < 10; i++) {
        const began = performance.now();
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', altKey: true, bubbles: true, cancelable: true }));
        await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve));
        times.push(performance.now() - began);
      }
      return times.sort((a, b) => a - b);
    });
    t.diagnostic(`a move is on the screen after ${move[5].toFixed(1)} ms, at most ${move[9].toFixed(1)} ms`);
    await saved(page);
    assert.equal((await blocksOf('long')).root.slots.children.indexOf('b150'), 140);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.row), 'b150');
    // One more is refused with a reason, before anything is sent.
    await page.keyboard.press(`${MOD}+d`);
    await page.getByText(/at most 200 blocks/).waitFor();
    await visitor.close();
  });

  test('hostile keys and words are words', async () => {
    const text = '</textarea><script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">\u202E';
    const slots = (blocks) => [{ name: 'children', blocks }];
    const plain = (key, props, component = 'banner') => ({ key, component, major: 1, props, slots: [] });
    await make('hostile', [{ key: 'root', component: 'page', major: 1, props: {}, slots: slots(['constructor', 'hasOwnProperty', 'toString', 'valueOf']) },
      plain('constructor', { title: text }), plain('hasOwnProperty', { title: 'x'.repeat(50_000) }), plain('toString', JSON.parse('{"__proto__": {"pwned": 1}, "title": "Proto"}')), plain('valueOf', { title: text }, 'never-registered')]);
    const visitor = await Visitor.open(browser, server);
    const page = await open(visitor, 'hostile', 'constructor');
    assert.equal(await rows(page).count(), 5);
    for (const key of ['constructor', 'hasOwnProperty', 'toString', 'valueOf']) {
      await row(page, key).click();
      await until(() => new URL(page.url()).searchParams.get('block') === key, 'the address');
      await row(page, key).press('Alt+ArrowUp');
    }
    await row(page, 'toString').press(`${MOD}+d`);
    await saved(page);
    await page.getByRole('button', { name: /problem/ }).click();
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => window.pwned ?? {}.pwned), undefined);
    assert.ok((await sideways(page)) <= 0);
    const bad = await visitor.visit('/studio/shop/screens/%3Cscript%3E?block=__proto__');
    await bad.getByText('There is no such screen').waitFor();
    await visitor.close();
  });

  test('with the keyboard alone: insert, write, move, copy, undo', async () => {
    const visitor = await Visitor.open(browser, server);
    const page = await open(visitor, 'home', '');
    const { keyboard } = page;
    for (let i = 0; i < 40 && !(await page.evaluate(() => document.activeElement?.getAttribute('role') === 'treeitem')); i++) await keyboard.press('Tab');
    await keyboard.press('ArrowDown');
    await keyboard.press('/');
    await page.getByRole('combobox', { name: 'Insert a block' }).waitFor();
    await keyboard.type('bann');
    await keyboard.press('Enter');
    await until(() => page.evaluate(() => document.activeElement?.dataset.row === 'banner'), 'the focus on the new row');
    await keyboard.press('Enter');
    await until(() => page.evaluate(() => document.activeElement?.closest('[data-pane=props]') !== null && /INPUT|TEXTAREA/.test(document.activeElement.tagName)), 'the focus in the first field');
    await keyboard.press(`${MOD}+a`);
    await keyboard.type('By keyboard');
    await saved(page);
    assert.equal((await blocksOf('home')).banner.props.title, 'By keyboard');
    // The editor's undo, in a field, too.
    await keyboard.press(`${MOD}+z`);
    await until(async () => (await blocksOf('home')).banner.props.title === 'Free delivery this week', 'typing to be undone as one step');
    assert.equal(await page.evaluate(() => document.activeElement.value), 'Free delivery this week');
    await keyboard.press(`${MOD}+Shift+z`);
    await until(async () => (await blocksOf('home')).banner.props.title === 'By keyboard', 'it to be done again');
    await row(page, 'banner').focus();
    await keyboard.press('Alt+ArrowDown');
    await page.getByTestId('announcer').getByText(/Banner “By keyboard” moved to position 3 of \d+ in Page/).waitFor({ state: 'attached' });
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.row), 'banner');
    await keyboard.press(`${MOD}+c`);
    await page.getByText(/copied/).waitFor();
    const other = await open(visitor, 'product', '');
    await row(other, 'root').focus();
    await other.keyboard.press(`${MOD}+v`);
    await saved(other);
    assert.equal((await blocksOf('product')).banner.props.title, 'By keyboard');
    await other.keyboard.press('Delete');
    await other.getByRole('button', { name: 'Undo' }).first().waitFor();
    await saved(other);
    assert.equal((await blocksOf('product')).banner, undefined);
    await page.bringToFront();
    await row(page, 'banner').press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Move up' }).press('Enter');
    await until(() => page.evaluate(() => document.activeElement?.dataset.row === 'banner'), 'the focus back on the row');
    await saved(page);
    assert.equal((await blocksOf('home')).root.slots.children.indexOf('banner'), 1);
    await visitor.close();
  });
});
