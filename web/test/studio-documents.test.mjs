// Trusted documents on a production server: the safelist logs what a client sends, one press registers it, and then nothing
// else runs; a manifest that is refused says where; and who may only look, or not even that.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Server, sideways, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const run = promisify(execFile);
const ADA = { name: 'Ada Byron', email: 'ada@example.com', password: 'seven lamps over the sea' };
const SEARCH = 'query SearchProducts {\n  screen(at: { path: "/" }, context: { frontend: "shop" }) { key }\n}';
const STRANGER = 'query Stranger { screen(at: { path: "/" }, context: { frontend: "shop" }) { id } }';
const NAMELESS = '{ screen(at: { path: "/" }, context: { frontend: "shop" }) { title key } }';
const HOME = 'query HomeScreen($path: String!) {\n  screen(at: { path: $path }, context: { frontend: "shop" }) { title }\n}';

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

/** What a client of the shop sends: a visitor's browser, without a key. */
async function send(query, { variables = {}, build } = {}) {
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'GraphQL-Client-Name': 'shop', ...(build ? { 'GraphQL-Client-Version': build } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return answer.json();
}
const codeOf = ({ errors }) => errors?.[0]?.extensions?.code;

/** What the admin asks the graph. */
async function asked(query, variables) {
  const page = await ada.visit('/studio');
  const { data, errors } = await page.evaluate(async (body) => (await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json(), JSON.stringify({ query, variables }));
  await page.close();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** A person in a browser of their own. */
async function member(name, role) {
  const { memberInvite } = await asked('mutation ($input: MemberInviteInput!) { memberInvite(input: $input) { link } }', { input: { name, email: `${name.toLowerCase()}@example.com`, grants: [{ role }] } });
  const link = new URL(memberInvite.link);
  const visitor = await Visitor.open(browser, server);
  const join = await visitor.visit(link.pathname + link.hash);
  await join.getByRole('textbox', { name: 'New password' }).fill('paper boats in the attic');
  await join.keyboard.press('Enter');
  await join.getByRole('button', { name: `Account: ${name}` }).waitFor();
  await join.close();
  return visitor;
}

async function open(visitor = ada) {
  const page = await visitor.visit('/studio/shop/documents');
  await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  return page;
}

async function clean(page, what) {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html)]), [], what);
  assert.ok((await sideways(page)) <= 0, `${what} scrolls sideways`);
}

const mode = (page, name) => page.getByRole('group', { name: 'Safelist' }).getByRole('button', { name: new RegExp(`^${name}`) });
const chosen = (page, name) => until(async () => (await mode(page, name).getAttribute('aria-pressed')) === 'true', `the mode ${name}`);
const unknown = (page, name) => page.getByRole('list', { name: 'Unknown documents' }).getByRole('listitem').filter({ has: page.getByRole('button', { name, exact: true }) });
const trusted = (page, name) => page.getByRole('list', { name: 'Trusted documents' }).getByRole('listitem').filter({ has: page.getByRole('button', { name, exact: true }) });

test('an empty page says how to begin, and what enforcing nothing would do', async () => {
  const page = await ada.visit('/studio/shop');
  await page.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: 'Documents' }).click();
  await page.getByRole('heading', { name: 'No document is registered yet' }).waitFor();
  await page.getByRole('region', { name: 'The command that registers a manifest' }).getByText(`sonata documents push --server ${server.url} --frontend shop manifest.json`).waitFor();
  await chosen(page, 'Off');
  await clean(page, 'no document yet');
  await mode(page, 'Enforce').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Let only registered documents run?' });
  await dialog.getByText('Nothing is registered.').waitFor();
  await dialog.getByText(/^The safelist is off, so nobody knows/).waitFor();
  await clean(page, 'enforcing nothing');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await chosen(page, 'Off');
  await until(() => mode(page, 'Enforce').evaluate((button) => button === document.activeElement), 'the focus where it was');
  await page.close();
});

test('what a client sends is listed, registered with one press, and then nothing else runs', async () => {
  const page = await open();
  await mode(page, 'Log').press('Enter');
  await chosen(page, 'Log');
  await page.getByText(/^Nothing has come that is not registered\./).waitFor();
  await until(async () => {
    assert.equal(codeOf(await send(SEARCH)), undefined);
    return (await unknown(page, 'SearchProducts').count()) > 0;
  }, 'the unknown document');
  await send(STRANGER);
  await send(NAMELESS);
  await unknown(page, 'Stranger').waitFor();
  await unknown(page, 'without a name').waitFor();

  const row = unknown(page, 'SearchProducts');
  await row.getByText(/\d+ calls?/).waitFor();
  await row.getByRole('button', { name: 'SearchProducts', exact: true }).press('Enter');
  assert.equal(await row.getByRole('region', { name: 'Text of SearchProducts' }).innerText(), SEARCH);
  await clean(page, 'unknown documents');
  await row.getByRole('button', { name: 'Register SearchProducts' }).click();
  await trusted(page, 'SearchProducts').waitFor();
  await row.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Unknown documents');

  // One without a name is given one first.
  await page.getByRole('button', { name: /^Register the one without a name/ }).click();
  const name = page.getByRole('textbox', { name: 'Name to show' });
  await name.fill('Shop sign');
  await clean(page, 'a name for one without');
  await name.press('Enter');
  await trusted(page, 'Shop sign').waitFor();

  await mode(page, 'Enforce').click();
  const dialog = page.getByRole('dialog', { name: 'Let only registered documents run?' });
  const standing = dialog.locator('.document-standing');
  await standing.waitFor();
  assert.match((await standing.innerText()).replaceAll(/\s+/g, ' '), /^2 ?documents are registered and will run 1 ?unknown document was seen and will be refused$|^documents are registered and will run 2 unknown document was seen and will be refused 1$/);
  await clean(page, 'enforcing');
  await dialog.getByRole('button', { name: 'Look at what would be refused' }).click();
  await until(() => page.evaluate(() => document.activeElement?.textContent === 'Unknown documents'), 'the way to what would be refused');
  await mode(page, 'Enforce').click();
  await dialog.getByRole('button', { name: 'Enforce', exact: true }).click();
  await chosen(page, 'Enforce');
  await until(async () => codeOf(await send(STRANGER)) === 'DOCUMENT_UNKNOWN', 'the refusal');
  assert.equal((await send(SEARCH)).data.screen.key, 'home');
  assert.equal(codeOf(await send('query Another { frontend(slug: "shop") { id } }')), 'DOCUMENT_UNKNOWN');

  // The figures come by themselves.
  await trusted(page, 'SearchProducts').getByText(/^\d+ calls?$/).filter({ hasNotText: /^0 / }).waitFor();
  await trusted(page, 'SearchProducts').getByText('p95').waitFor();
  await page.getByRole('button', { name: 'Back to Log' }).click();
  await chosen(page, 'Log');
  await until(async () => codeOf(await send(STRANGER)) === undefined, 'the way back');
  await page.close();
});

test('all that is unknown is registered at once, or what cannot be is named', async () => {
  const page = await open();
  const two = 'query First { frontend(slug: "shop") { id } } query Second { frontend(slug: "shop") { id } }';
  await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'GraphQL-Client-Name': 'shop' }, body: JSON.stringify({ query: two, operationName: 'Second' }) });
  await unknown(page, 'Second').waitFor();
  await page.getByRole('button', { name: 'Register all' }).click();
  await page.getByText('1 document of 2 cannot be:').waitFor();
  await page.getByRole('list', { name: 'Why' }).getByText('The document holds 2 operations').waitFor();
  await clean(page, 'a refusal among all');
  await page.getByRole('button', { name: 'Register the other 1' }).click();
  await trusted(page, 'Stranger').waitFor();
  await unknown(page, 'Stranger').waitFor({ state: 'detached' });
  await unknown(page, 'Second').getByRole('button', { name: 'Register Second' }).click();
  await unknown(page, 'Second').getByText('It was not registered.').waitFor();
  await page.close();
});

test('a manifest is refused with name, line and column; a good one is pasted or dropped', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Register documents' }).click();
  const dialog = page.getByRole('dialog', { name: 'Register documents' });
  const text = dialog.getByRole('textbox', { name: 'Manifest' });
  await until(() => text.evaluate((field) => field === document.activeElement), 'the focus in the text');
  await text.fill('{ "home": ');
  await dialog.getByText(/^That is no JSON/).waitFor();
  assert.equal(await dialog.getByRole('button', { name: /^Register/ }).isDisabled(), true);
  const apollo = (body) => JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'home', name: 'HomeScreen', type: 'query', body }, { id: 'search', name: 'SearchProducts', type: 'query', body: SEARCH }] });
  await text.fill(apollo(HOME.replace('{ title }', '{ titel }')));
  await dialog.getByText('Apollo’s manifest: 2 documents').waitFor();
  await dialog.getByRole('button', { name: 'Register 2 documents' }).click();
  await dialog.getByText('Nothing was registered.').waitFor();
  const why = dialog.getByRole('list', { name: 'Why' }).getByRole('listitem');
  const [, line, column] = /HomeScreen\s*line (\d), column (\d+)[^]*"titel"/.exec(await why.innerText());
  assert.equal(HOME.split('\n')[Number(line) - 1].slice(Number(column) - 1).startsWith('title'), true, `line ${line}, column ${column}`);
  const [shown, mark] = (await why.getByRole('region', { name: 'Line 2 of HomeScreen' }).innerText()).split('\n');
  assert.equal(mark.indexOf('^'), shown.indexOf('titel'), 'the mark is under the place');
  await clean(page, 'a refused manifest');
  assert.equal(await trusted(page, 'HomeScreen').count(), 0);

  // The good one is dropped as a file.
  const file = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'persisted-query-manifest.json', { type: 'application/json' }));
    return transfer;
  }, apollo(HOME));
  await dialog.locator('.document-drop').dispatchEvent('dragover', { dataTransfer: file });
  await dialog.locator('.document-drop').dispatchEvent('drop', { dataTransfer: file });
  await dialog.getByText('persisted-query-manifest.json').waitFor();
  await dialog.getByRole('button', { name: 'Register 2 documents' }).click();
  await dialog.getByText('1 document is registered and may run from now on. 1 other was registered already.').waitFor();
  await clean(page, 'a manifest that was registered');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await trusted(page, 'HomeScreen').waitFor();

  // The filter.
  await page.getByRole('searchbox', { name: /^Filter/ }).fill('Home');
  await page.getByText('1 document begins so').waitFor();
  assert.equal(await page.getByRole('list', { name: 'Trusted documents' }).getByRole('listitem').count(), 1);
  await page.getByRole('searchbox', { name: /^Filter/ }).fill('Nothing like it');
  await page.getByText(/^No name and no hash begins with/).waitFor();
  await page.close();
});

test('a document opens: its text, who sent it, the way to GraphiQL; retired and registered again', async () => {
  const page = await open();
  assert.equal((await send(HOME, { variables: { path: '/' }, build: '2.0' })).data.screen.title, 'Home');
  const row = trusted(page, 'HomeScreen');
  await row.getByText(/^1 call$/).waitFor();
  await row.getByRole('button', { name: 'Copy: hash of HomeScreen' }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^sha256:[0-9a-f]{64}$/);
  await row.getByRole('button', { name: 'HomeScreen', exact: true }).click();
  assert.equal(await row.getByRole('region', { name: 'Text of HomeScreen' }).innerText(), HOME);
  await row.getByRole('row', { name: /2\.0 1 0/ }).waitFor();
  await clean(page, 'a document that is open');
  const [graphiql] = await Promise.all([ada.context.waitForEvent('page'), row.getByRole('link', { name: 'Open in GraphiQL' }).click()]);
  await graphiql.locator('.graphiql-query-editor .view-line', { hasText: 'HomeScreen' }).first().waitFor();
  await graphiql.close();

  await row.getByRole('button', { name: 'Retire…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retire HomeScreen' });
  await dialog.getByText(/1 time in all/).waitFor();
  await clean(page, 'retiring');
  await dialog.getByRole('button', { name: 'Retire', exact: true }).click();
  await row.getByText('retired', { exact: true }).waitFor();
  await mode(page, 'Enforce').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Enforce', exact: true }).click();
  await until(async () => codeOf(await send(HOME, { variables: { path: '/' } })) === 'DOCUMENT_UNKNOWN', 'the end of it');
  await row.getByRole('button', { name: 'Register again' }).click();
  await row.getByText('retired', { exact: true }).waitFor({ state: 'detached' });
  await until(async () => codeOf(await send(HOME, { variables: { path: '/' } })) === undefined, 'that it runs again');
  await mode(page, 'Log').click();
  await chosen(page, 'Log');
  await page.close();
});

test('the command beside it registers from a shell, and whoever looks on sees it', async () => {
  const page = await open();
  const { apiKeyCreate } = await asked('mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret userErrors { message } } }', { input: { name: 'CI', frontend: 'shop', scopes: ['documents:write'] } });
  await page.getByRole('button', { name: 'Register documents' }).click();
  const line = await page.getByRole('region', { name: 'The command that registers a manifest' }).innerText();
  const folder = await mkdtemp(path.join(tmpdir(), 'sonata-ci-'));
  try {
    await symlink(path.resolve(process.env.BIN), path.join(folder, 'sonata'));
    await writeFile(path.join(folder, 'manifest.json'), JSON.stringify({ pushed: 'query Pushed { frontend(slug: "shop") { origins slug } }' }));
    await run('sh', ['-c', line], { cwd: folder, env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, SONATA_API_KEY: apiKeyCreate.secret } });
  } finally {
    await rm(folder, { recursive: true });
  }
  await trusted(page, 'Pushed').waitFor();
  await page.close();
});

test('two people see the same: what one registers, the other sees at once', async () => {
  const [page, other] = [await open(), await open()];
  await page.getByRole('button', { name: 'Register documents' }).click();
  const dialog = page.getByRole('dialog', { name: 'Register documents' });
  await dialog.getByRole('textbox', { name: 'Manifest' }).fill('query Single { frontend(slug: "shop") { origins } }');
  await dialog.getByText('One operation', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Register', exact: true }).click();
  await trusted(other, 'Single').waitFor();
  await other.close();
  await page.close();
});

test('pages by cursor, the newest first', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Register documents' }).click();
  const dialog = page.getByRole('dialog', { name: 'Register documents' });
  await dialog.getByRole('textbox', { name: 'Manifest' }).fill(JSON.stringify(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`many-${i}`, `query Many${i} { frontend(slug: "shop") { name } }`]))));
  await dialog.getByRole('button', { name: 'Register 60 documents' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const list = page.getByRole('list', { name: 'Trusted documents' }).getByRole('listitem');
  await until(async () => (await list.count()) === 50, 'the first page');
  await page.getByRole('button', { name: 'Older' }).click();
  await trusted(page, 'SearchProducts').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Older' }).count(), 0);
  await page.getByRole('button', { name: 'Newer' }).click();
  await until(async () => (await list.count()) === 50, 'the first page again');
  await page.close();
});

test('an operator reads and changes nothing', async () => {
  const olga = await member('Olga', 'OPERATOR');
  const page = await open(olga);
  await page.getByRole('note').filter({ hasText: 'You can look at this. You need documents:write for shop. Ask an admin' }).waitFor();
  for (const button of [mode(page, 'Enforce'), page.getByRole('button', { name: 'Register documents' }), page.getByRole('button', { name: 'Register all' }).or(page.getByRole('button', { name: 'Register Second' })).first()]) {
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await button.press('Enter');
  }
  assert.equal(await page.getByRole('dialog').count(), 0);
  await trusted(page, 'Many59').getByRole('button', { name: 'Many59', exact: true }).click();
  assert.equal(await page.getByRole('button', { name: 'Retire…' }).getAttribute('aria-disabled'), 'true');
  await clean(page, 'what can only be looked at');
  await olga.close();
});

test('a designer finds there what can be bound, and changes nothing', async () => {
  const dee = await member('Dee', 'DESIGNER');
  const page = await dee.visit('/studio/shop');
  await page.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: 'Documents' }).click();
  await page.getByRole('note').filter({ hasText: 'You can look at this. You need documents:write for shop. Ask an admin' }).waitFor();
  await trusted(page, 'Many59').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Register documents' }).getAttribute('aria-disabled'), 'true');
  await clean(page, 'what a designer sees');
  await dee.close();
});
