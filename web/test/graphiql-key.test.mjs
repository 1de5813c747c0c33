// GraphiQL says as whom it asks: as nobody, as whoever is signed in, or as a key that somebody gave it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { Server, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WHO = '{ viewer { credential actor { name } } }';
const ACTIVITY = 'subscription { activity(frontend: "shop") { kinds } }'; // nobody gets it without content:read

let browser;
let server;
let visitor;
let page;
let token;

before(async () => {
  browser = await startBrowser();
  server = await Server.start(['--mode=production', '--demo=on']);
  [, token] = /\/studio\/setup#(\S+)/.exec(server.said);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const textOf = async (selector) => (await page.locator(`${selector} .view-lines`).first().innerText()).replaceAll(/\s+/g, ' ');
const bar = () => page.locator('.caller');
const asks = (name) => until(async () => (await bar().getAttribute('aria-label')) === `Asking as ${name}`, `GraphiQL to ask as ${name}`);

/** Opens GraphiQL with one operation in the tab that is open. */
async function open(query, address = 'graphiql') {
  page = await visitor.visit(`/${address}#${new URLSearchParams({ query })}`);
  await page.waitForSelector('.graphiql-query-editor .view-line');
}

/** Runs the operation of the tab until the answer is one like this. GraphiQL may still be reading the document. */
async function run(pattern) {
  const answered = () => until(async () => pattern.test(await textOf('.graphiql-response')), `an answer like ${pattern}`, 5_000);
  await page.locator('.graphiql-execute-button').click();
  await answered().catch(async () => {
    await page.locator('.graphiql-execute-button').click();
    await answered();
  });
}

/** Gives a key as one does: opens what the button opens, pastes, and presses Enter. */
async function give(key) {
  await bar().click();
  await page.getByRole('textbox', { name: 'Ask with an API key' }).fill(key);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

const inPage = (query, input) => page.evaluate(async ([query, input]) => {
  const answer = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables: { input } }) });
  return Object.values((await answer.json()).data)[0];
}, [query, input]);

const makeKey = (name, scopes, more = {}) =>
  inPage('mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret apiKey { id } userErrors { message } } }', { name, scopes, ...more });

/** The roots of mutations that the documentation names. */
async function mutations(expected) {
  const docs = page.locator('.graphiql-doc-explorer');
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  if ((await docs.locator('.graphiql-doc-explorer-title').innerText()) !== 'Mutation') await docs.getByRole('link', { name: 'Mutation', exact: true }).click(); // it opens where it was
  await docs.getByRole('link', { name: expected, exact: true }).waitFor();
  const names = await docs.locator('.graphiql-doc-explorer-field-name').allInnerTexts();
  await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();
  return names;
}

async function clean(what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run('.graphiql-logo', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]), [], what);
}

describe('GraphiQL in production', () => {
  test('asks as nobody, says what that means, and where to sign in', async () => {
    visitor = await Visitor.open(browser, server);
    await open(WHO);
    await asks('nobody');
    await bar().click();
    await page.getByText('No one is signed in').waitFor();
    await page.getByText(/The scope graph:explore is missing/).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href'), '/studio');
    await clean('nobody');
    await page.keyboard.press('Escape');
    await page.getByText('No one is signed in').waitFor({ state: 'hidden' });
    await run(/"credential": "NONE"/);
  });

  test('notices that somebody signed in at another window', async () => {
    const { userErrors } = await inPage('mutation ($input: SetupCompleteInput!) { setupComplete(input: $input) { userErrors { message } } }', { token, email: 'ada@example.com', name: 'Ada Byron', password: 'seven lamps over the sea' });
    assert.deepEqual(userErrors, []);
    await page.evaluate(() => dispatchEvent(new Event('focus'))); // as coming back to the window does
    await asks('Ada Byron');
    await run(/"credential": "SESSION".*Ada Byron/);
    assert.ok((await mutations('memberInvite')).includes('releasePublish'));
  });

  test('asks as a key that is given, and as nobody else meanwhile', async () => {
    const { secret } = await makeKey('Price import', ['content:write', 'graph:explore'], { frontend: 'shop' });
    await give(secret);
    await asks('Price import');
    await bar().click();
    await page.getByText('An API key is sent, and no session').waitFor();
    assert.deepEqual(await page.locator('#caller li code').allInnerTexts(), ['content:read', 'content:write', 'delivery:read', 'graph:explore']);
    await page.locator('#caller li', { hasText: 'in shop' }).waitFor();
    await clean('a key');
    await page.keyboard.press('Escape');
    await run(/"credential": "API_KEY".*Price import/);
    const names = await mutations('screenEdit');
    assert.ok(!names.includes('releasePublish') && !names.includes('memberInvite'), String(names));
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
    assert.ok(!kept.includes(secret), 'the browser keeps the key');
    await bar().click();
    await page.getByRole('button', { name: 'Ask without it' }).click();
    await page.keyboard.press('Escape');
    await asks('Ada Byron');
    await run(/"credential": "SESSION"/);
  });

  test('forgets the key with the page', async () => {
    const { secret } = await makeKey('For a moment', ['content:read', 'graph:explore']);
    await give(secret);
    await asks('For a moment');
    await page.reload();
    await asks('Ada Byron');
  });

  test('says when the tab sends a key of its own', async () => {
    const { secret } = await makeKey('Of the tab', ['content:read', 'graph:explore']);
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await page.locator('.graphiql-editor-tool .view-lines:visible').first().click();
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, JSON.stringify({ authorization: `Bearer ${secret}` }));
    await asks('Of the tab');
    await bar().click();
    await page.getByText('of its own in its headers').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Ask with an API key' }).count(), 0);
    await page.keyboard.press('Escape');
    await run(/"credential": "API_KEY".*Of the tab/);
    await page.close();
  });

  test('a subscription asks with the key, and ends with it', async () => {
    await open(ACTIVITY);
    await asks('Ada Byron');
    const { secret, apiKey } = await makeKey('Listener', ['content:read', 'graph:explore']);
    await give(secret);
    await asks('Listener');
    await run(/"kinds": \[/);
    assert.deepEqual(await inPage('mutation ($input: ApiKeyRevokeInput!) { apiKeyRevoke(input: $input) { userErrors { message } } }', { id: apiKey.id }), { userErrors: [] });
    await until(async () => /4403.*revoked/.test(await textOf('.graphiql-response')), 'the end of the stream to be told');
    await visitor.check();
  });

  test('says that a key does not work', async () => {
    await visitor.context.close();
    visitor = await Visitor.open(browser, server); // not under watch: a 401 is an error on the console
    await open(WHO);
    await asks('nobody');
    await give('sonata_sk_mistyped');
    await asks('a key that does not work');
    await bar().click();
    await page.getByText('mistyped, has ended or was revoked').waitFor();
    await run(/"UNAUTHENTICATED"/);
    await visitor.context.close();
  });
});
