// API keys on a production server: made, tried as the page says, rotated, revoked; what is denied, and why; and that a
// secret is shown once and nowhere again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Server, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const run = promisify(execFile);
const ADA = { name: 'Ada Byron', email: 'ada@example.com', password: 'seven lamps over the sea' };
/** Uses are written every 20 seconds and read every 15. */
const WRITTEN = 60_000;
const SECRET = /sonata_[sp]k_[0-9a-f]{8}_[\w-]{20,}/;

let browser;
let server;
let ada;

before(async () => {
  browser = await startBrowser();
  server = await Server.start(['--mode=production', '--demo=on']);
  ada = await Visitor.open(browser, server);
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const page = await ada.visit(`/studio/setup#${/\/studio\/setup#(\S+)/.exec(server.said)[1]}`);
  await page.getByRole('textbox', { name: 'Your name' }).fill(ADA.name);
  await page.getByRole('textbox', { name: 'Email' }).fill(ADA.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(ADA.password);
  await page.getByRole('button', { name: 'Create the admin and sign in' }).click();
  await page.getByRole('button', { name: `Account: ${ADA.name}` }).waitFor();
  await page.close();
});
after(async () => {
  try {
    await ada?.close();
  } finally {
    await browser?.close();
    await server?.remove();
  }
});

/** What somebody asks the graph as who is signed in at that browser. */
async function asked(visitor, query, variables = {}) {
  const page = await visitor.visit('/studio');
  const answer = await page.evaluate(async (body) => (await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json(), JSON.stringify({ query, variables }));
  await page.close();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data;
}

/** A person in a browser of their own. */
async function member(name, grants) {
  const { memberInvite } = await asked(ada, 'mutation ($input: MemberInviteInput!) { memberInvite(input: $input) { link userErrors { message } } }', { input: { name, email: `${name.toLowerCase()}@example.com`, grants } });
  const visitor = await Visitor.open(browser, server);
  const page = await visitor.visit(new URL(memberInvite.link).pathname + new URL(memberInvite.link).hash);
  await page.getByRole('textbox', { name: 'New password' }).fill('paper boats in the attic');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `Account: ${name}` }).waitFor();
  await page.close();
  return visitor;
}

async function open(visitor = ada) {
  const page = await visitor.visit('/studio/shop/keys');
  await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  return page;
}

async function clean(page, what) {
  // What fades in is judged when it is there.
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html)]), [], what);
}

const newKey = async (page) => {
  await page.getByRole('button', { name: 'New key' }).first().click();
  return page.getByRole('dialog', { name: 'New API key' });
};
const secretIn = async (page) => {
  const text = await page.getByTestId('secret').innerText();
  assert.match(text, SECRET);
  return text;
};
const take = async (page) => {
  await page.getByRole('button', { name: 'Copy the key' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};
/** Makes a key that is for one purpose, and returns its secret; the dialog with it stays open. */
async function make(page, name, purpose, more = async () => undefined) {
  const dialog = await newKey(page);
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  if (purpose) await dialog.getByRole('radio', { name: purpose }).check();
  await more(dialog);
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await page.getByRole('dialog', { name: `The key ${name}` }).waitFor();
  return secretIn(page);
}
const snippet = (page, name) => page.getByRole('region', { name: `Snippet for ${name}` }).innerText();
const working = (page, name) => page.getByRole('list', { name: 'Keys that work' }).getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });
const status = async (secret) => (await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` }, body: '{"query":"{ viewer { credential } }"}' })).status;

test('an empty page says what a key is for; a key is made with the keyboard, and the line beside it works', async () => {
  const page = await ada.visit('/studio/shop');
  await page.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('heading', { name: 'No API key for Nordlys yet' }).waitFor();
  await clean(page, 'no key yet');
  await page.getByRole('button', { name: 'New key' }).first().focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New API key' });
  await until(() => dialog.getByRole('textbox', { name: 'Name' }).evaluate((field) => field === document.activeElement), 'the focus in the name');
  await page.keyboard.type('Warehouse import');
  assert.ok(await dialog.getByRole('checkbox', { name: 'content:read' }).isChecked());
  // What comes along is shown, and is not a choice.
  const along = dialog.getByRole('checkbox', { name: 'delivery:read' });
  assert.deepEqual([await along.isChecked(), await along.getAttribute('aria-disabled')], [true, 'true']);
  await dialog.getByText('Comes with content:read.').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'The key Warehouse import' }).waitFor();
  const secret = await secretIn(page);

  const { stdout } = await run('sh', ['-c', await snippet(page, 'curl')]);
  const { data, errors } = JSON.parse(stdout);
  assert.equal(errors, undefined);
  assert.equal(data.frontend.name, 'Nordlys');
  assert.ok(data.frontend.screens.edges.length > 1, stdout);

  // Leaving without it asks.
  const asksBefore = () => page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
  assert.equal(await asksBefore(), true);
  await page.keyboard.press('Escape');
  await page.getByText('It is not copied.').waitFor();
  await until(() => page.getByRole('button', { name: 'Stay' }).evaluate((button) => button === document.activeElement), 'the focus on staying');
  await page.keyboard.press('Enter');
  // Going to another view does not lose it.
  await page.goBack();
  await page.getByRole('heading', { name: 'Nordlys', level: 1 }).waitFor();
  await page.goForward();
  assert.equal(await secretIn(page), secret);

  await page.getByRole('button', { name: 'Copy the key' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
  assert.equal(await asksBefore(), false);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await working(page, 'Warehouse import').getByText('active', { exact: true }).waitFor();
  await working(page, 'Warehouse import').getByText(`${secret.slice(0, 18)}…`).waitFor();
  await working(page, 'Warehouse import').getByText(/^used /).waitFor({ timeout: WRITTEN });

  // Neither the page nor what it asks for has it again.
  const answers = [];
  page.on('response', (response) => answers.push(response.text().catch(() => '')));
  await page.reload();
  await working(page, 'Warehouse import').waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  assert.equal(await page.getByRole('dialog').count(), 0);
  for (const text of [await page.content(), ...(await Promise.all(answers)), ...(await page.evaluate(() => [JSON.stringify(localStorage), JSON.stringify(sessionStorage)]))]) assert.ok(!text.includes(secret));
  assert.ok((await Promise.all(answers)).some((text) => text.includes(secret.slice(0, 18))), 'the list was not seen');
  await page.close();
});

test('leaving without the secret is possible, and then nobody has it', async () => {
  const page = await open();
  await make(page, 'Lost and found');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Leave without it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  await page.goBack();
  await working(page, 'Lost and found').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.close();
});

test('a rotated key has an overlap in which both secrets work; a revoked one is refused', async () => {
  const page = await open();
  const old = await make(page, 'Partner feed', undefined, (dialog) => dialog.getByRole('combobox', { name: 'Ends' }).selectOption({ label: 'In 7 days' }));
  await take(page);
  await working(page, 'Partner feed').getByText('ends soon', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^More about Partner feed/ }).click();
  await page.getByRole('menuitem', { name: 'Rotate…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate Partner feed' });
  await dialog.getByRole('combobox', { name: 'The old secret still works' }).selectOption({ label: 'For an hour' });
  await dialog.getByRole('combobox', { name: 'The new key ends' }).selectOption({ label: 'In a year' });
  await clean(page, 'rotating');
  await dialog.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog', { name: 'The new secret of Partner feed' }).waitFor();
  await page.getByText(/^The old one, .* works until /).waitFor();
  const fresh = await secretIn(page);
  await take(page);
  assert.deepEqual([await status(old), await status(fresh)], [200, 200]);

  const rows = working(page, 'Partner feed');
  const [newRow, oldRow] = [rows.filter({ hasText: fresh.slice(0, 18) }), rows.filter({ hasText: old.slice(0, 18) })];
  await newRow.getByText('active', { exact: true }).waitFor();
  await newRow.getByText(/^expires in (12|11) months$/).waitFor();
  await oldRow.getByText('in its overlap', { exact: true }).waitFor();
  // Once is enough.
  await oldRow.getByRole('button', { name: /^More about/ }).click();
  const again = page.getByRole('menuitem', { name: 'Rotate…' });
  assert.equal(await again.getAttribute('aria-disabled'), 'true');
  await again.hover();
  await page.getByRole('tooltip', { name: /It was rotated already/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });

  await newRow.getByRole('button', { name: /^More about/ }).click();
  await page.getByRole('menuitem', { name: 'Revoke…' }).click();
  const asks = page.getByRole('dialog', { name: 'Revoke Partner feed' });
  await asks.getByText(/^(just now|.* ago), by Partner feed$/).waitFor({ timeout: WRITTEN });
  await asks.getByText(`by ${ADA.name}, `).waitFor();
  await clean(page, 'revoking');
  await asks.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText(/^Partner feed is revoked/).waitFor();
  assert.deepEqual([await status(old), await status(fresh)], [200, 401]);
  await page.getByText('1 key that has ended').click();
  await page.getByRole('list', { name: 'Keys that have ended' }).getByRole('listitem').filter({ hasText: fresh.slice(0, 18) }).getByText('revoked', { exact: true }).waitFor();

  // Without an overlap the old one ends at once.
  await page.getByRole('button', { name: /^More about Lost and found/ }).click();
  await page.getByRole('menuitem', { name: 'Rotate…' }).click();
  await page.getByRole('combobox', { name: 'The old secret still works' }).selectOption({ label: 'Not at all: it ends at once' });
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  await page.getByText(/^The old one, .* has ended\.$/).waitFor();
  await take(page);
  await page.getByText('2 keys that have ended').waitFor();
  await page.close();
});

test('an error of the server is shown where it was made, and what failed can be corrected', async () => {
  const page = await open();
  const dialog = await newKey(page);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Price service');
  await dialog.getByRole('checkbox', { name: 'content:read' }).uncheck();
  await dialog.getByRole('checkbox', { name: 'services:write' }).check();
  const services = dialog.getByRole('textbox', { name: 'Services' });
  const budget = dialog.getByRole('textbox', { name: 'Requests a minute' });
  await services.fill('Prices');
  await budget.fill('0');
  const create = dialog.getByRole('button', { name: 'Make the key' });
  await create.click();
  const said = async (field) => field.evaluate((input) => (input.getAttribute('aria-invalid') === 'true' ? (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent).join(' ') : ''));
  await until(async () => /lower-case letters/.test(await said(services)), 'the refusal at the services');
  await until(() => services.evaluate((input) => input === document.activeElement), 'the focus in the field that is wrong');
  await clean(page, 'a field that is wrong');
  await services.fill('prices, stock');
  await create.click();
  await until(async () => /choose 1 to 1000000/.test(await said(budget)), 'the refusal at the budget');
  assert.equal(await said(services), '');
  await budget.fill('600');
  await create.click();
  await secretIn(page);
  await take(page);
  const row = working(page, 'Price service');
  await row.getByText('every environment · services prices and stock · 600 requests a minute').waitFor();
  assert.deepEqual(await row.locator('code').allInnerTexts().then((texts) => texts.slice(1)), ['services:write']);
  await page.close();
});

test('a key for a browser is tried from a page of the frontend, one for CI registers a build', async () => {
  const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<title>shop</title>')).listen(0, '127.0.0.1');
  await until(() => site.listening, 'the page of the frontend');
  const host = `127.0.0.1:${site.address().port}`;
  const update = (origins) => asked(ada, 'mutation ($input: FrontendUpdateInput!) { frontendUpdate(input: $input) { userErrors { message } } }', { input: { id: 'shop', origins } });
  const { frontend } = await asked(ada, '{ frontend(slug: "shop") { id origins } }');
  const page = await open();
  const secret = await make(page, 'Shop pages', 'Browser', async (dialog) => {
    assert.equal(await dialog.getByRole('checkbox', { name: 'content:write' }).count(), 0);
    assert.equal(await dialog.getByRole('combobox', { name: 'Frontend' }).locator('option', { hasText: 'Every frontend' }).isDisabled(), true);
  });
  assert.match(secret, /^sonata_pk_/);
  const code = await snippet(page, 'Browser');
  await take(page);
  await working(page, 'Shop pages').getByText('publishable', { exact: true }).waitFor();

  await update([...frontend.origins, `http://${host}`]).catch(async () => asked(ada, 'mutation ($input: FrontendUpdateInput!) { frontendUpdate(input: $input) { userErrors { message } } }', { input: { id: frontend.id, origins: [`http://${host}`] } }));
  const context = await browser.newContext();
  const shop = await context.newPage();
  await shop.goto(`http://${host}/`);
  const [message] = await Promise.all([shop.waitForEvent('console'), shop.evaluate((text) => new Function(`return (async () => {${text}})()`)(), code)]);
  const shown = await message.args()[0].jsonValue();
  assert.equal(shown.screen?.title, 'Home', JSON.stringify(shown));
  assert.ok(shown.screen.blocks.length > 3);
  await context.close();
  site.close();

  await make(page, 'GitHub Actions', 'CI');
  const line = await snippet(page, 'CI');
  const folder = await mkdtemp(path.join(tmpdir(), 'sonata-ci-'));
  try {
    await symlink(path.resolve(process.env.BIN), path.join(folder, 'sonata'));
    await writeFile(path.join(folder, 'sonata.manifest.json'), '{"components":[{"key":"from-ci","version":"1.0"}]}');
    await run('sh', ['-c', line], { cwd: folder, env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } });
  } finally {
    await rm(folder, { recursive: true });
  }
  await take(page);
  const { frontend: after } = await asked(ada, '{ frontend(slug: "shop") { builds(first: 1) { edges { node { name } } } } }');
  assert.match(after.builds.edges[0].node.name, /^\d{4}-\d\d-\d\d$/);
  await page.close();
});

test('keys for every frontend are among those of the whole installation', async () => {
  const page = await open();
  const secret = await make(page, 'Archive', 'Automation', (dialog) => dialog.getByRole('combobox', { name: 'Frontend' }).selectOption({ label: 'Every frontend, and those to come' }));
  const { stdout } = await run('sh', ['-c', await snippet(page, 'curl')]);
  assert.ok(JSON.parse(stdout).data.frontend.screens.edges.length > 1, stdout);
  assert.match(secret, /^sonata_sk_/);
  await take(page);
  assert.equal(await working(page, 'Archive').count(), 0);
  await page.getByText('Whole installation').click();
  await working(page, 'Archive').getByText('every frontend · every environment').waitFor();
  await working(page, 'Warehouse import').getByText('shop · every environment').waitFor();
  await page.close();
});

test('a designer finds the page and is told what is missing', async () => {
  const dee = await member('Dee', [{ role: 'DESIGNER' }]);
  const page = await dee.visit('/studio/shop');
  await page.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('heading', { name: 'You cannot see the API keys' }).waitFor();
  await page.getByText('You need keys:read for shop. Ask an admin.').waitFor();
  const create = page.getByRole('button', { name: 'New key' });
  assert.equal(await create.getAttribute('aria-disabled'), 'true');
  await clean(page, 'the page that is denied');
  await create.hover();
  await page.getByRole('tooltip', { name: 'You need keys:write for shop. Ask an admin.' }).waitFor();
  await create.press('Enter');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await dee.close();
});

test('a developer sees the keys and may not touch them', async () => {
  const dev = await member('Devon', [{ role: 'DEVELOPER' }]);
  const page = await open(dev);
  await working(page, 'Warehouse import').waitFor();
  await page.getByRole('button', { name: /^More about Warehouse import/ }).click();
  for (const name of ['Rotate…', 'Revoke…']) {
    const item = page.getByRole('menuitem', { name });
    assert.equal(await item.getAttribute('aria-disabled'), 'true');
    await item.hover();
    await page.getByRole('tooltip', { name: 'You need keys:write for shop. Ask an admin.' }).waitFor();
  }
  await dev.close();
});

test('nobody is offered more than they hold: an admin of staging makes keys for staging', async () => {
  const { frontend } = await asked(ada, '{ frontend(slug: "shop") { id } }');
  const sam = await member('Sam', [{ role: 'ADMIN', frontend: frontend.id, environments: ['staging'] }, { role: 'DESIGNER', frontend: frontend.id }]);
  const page = await open(sam);
  await page.getByText('Keys that hold everywhere are not shown. You need keys:read for every frontend.').waitFor();
  const dialog = await newKey(page);
  await dialog.getByText(/^Not for every frontend: you need keys:write for every frontend\./).waitFor();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Staging checks');
  const explore = dialog.getByRole('checkbox', { name: 'graph:explore' });
  assert.equal(await explore.getAttribute('aria-disabled'), 'true');
  await dialog.getByRole('group', { name: 'People, keys and records' }).getByText('You hold it in staging only: choose no other environment, or ask an admin.').first().waitFor();
  await clean(page, 'scopes that are denied');
  await explore.focus();
  await page.keyboard.press('Space');
  assert.equal(await explore.isChecked(), false);
  assert.equal(await dialog.getByRole('radio', { name: 'CI' }).getAttribute('aria-disabled'), 'true');
  await dialog.getByRole('checkbox', { name: 'production' }).uncheck();
  await explore.check();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await secretIn(page);
  await page.getByRole('button', { name: 'Copy: Snippet for curl' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await working(page, 'Staging checks').getByText('staging', { exact: true }).waitFor();
  await sam.close();
});

const SIZES = [[1280, 800], [390, 844]];
for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of SIZES) {
    test(`${colorScheme}, ${width} px wide`, async () => {
      const visitor = await Visitor.open(browser, server, { colorScheme, viewport: { width, height }, storageState: await ada.context.storageState() });
      const folder = process.env.SCREENSHOTS;
      if (folder) await mkdir(folder, { recursive: true });
      const look = async (page, name) => {
        await clean(page, name);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth && [...document.querySelectorAll('.mantine-Modal-content')].every((box) => box.scrollWidth <= box.clientWidth)), `${name} scrolls sideways`);
        if (folder) await page.screenshot({ path: path.join(folder, `studio-${name}-${colorScheme}-${width}.png`) });
      };
      const page = await open(visitor);
      await working(page, 'Warehouse import').waitFor();
      await look(page, 'keys');
      // Every place of the navigation can be reached.
      const last = page.getByRole('navigation', { name: 'Studio' }).getByRole('link').last();
      assert.ok(await last.evaluate((link) => link.getBoundingClientRect().right <= window.innerWidth && link.getBoundingClientRect().width >= 24));
      const dialog = await newKey(page);
      await look(page, 'keys-new');
      await dialog.getByRole('textbox', { name: 'Name' }).fill('A name that is much longer than anybody would like to read in a list of keys');
      await dialog.getByRole('checkbox', { name: 'components:write' }).check();
      await dialog.getByRole('combobox', { name: 'Ends' }).selectOption({ label: 'After a day…' });
      await dialog.getByLabel('Last day').fill('2099-01-01');
      await look(page, 'keys-filled');
      await dialog.getByRole('button', { name: 'Make the key' }).click();
      await secretIn(page);
      await page.getByRole('region', { name: 'Snippet for curl' }).waitFor();
      await look(page, 'keys-secret');
      await page.getByRole('button', { name: 'Done' }).click();
      await look(page, 'keys-leave');
      await page.getByRole('button', { name: 'Leave without it' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await visitor.close();
    });
  }
}
