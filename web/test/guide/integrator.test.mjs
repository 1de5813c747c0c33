// What of the guide for integrators is not typed into a shell: the key in GraphiQL, and the function that comes again. Its
// lines of shell are tried by `go test`.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { clock, Server, startBrowser, until, Visitor } from '../harness.mjs';

const guide = await readFile(new URL('../../../docs/guides/integrator.md', import.meta.url), 'utf8');

/** The one block of the guide with this behind its fence. */
function block(info) {
  const found = guide.split(`\n\`\`\`${info}\n`);
  assert.equal(found.length, 2, `blocks with ${info}`);
  return found[1].split('\n```')[0];
}

let browser;
let server;
let folder;
let cookie;

/** Asks as a page of the studio does, signed in once there is a member. */
async function asMember(query, input) {
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: server.url, ...(cookie ? { Cookie: cookie } : {}) },
    body: JSON.stringify({ query, variables: { input } }),
  });
  cookie ??= answer.headers.get('Set-Cookie')?.split(';')[0];
  const { data } = await answer.json();
  const [payload] = Object.values(data);
  assert.deepEqual(payload.userErrors, []);
  return payload;
}

const makeKey = async (input) =>
  (await asMember('mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret userErrors { message } } }', { name: 'Guide', frontend: 'shop', ...input })).secret;

before(async () => {
  browser = await startBrowser();
  server = await Server.start(['--mode=production', '--demo=on']);
  folder = await mkdtemp(path.join(tmpdir(), 'sonata-integrator-'));
  const [, token] = /\/studio\/setup#(\S+)/.exec(server.said);
  await asMember('mutation ($input: SetupCompleteInput!) { setupComplete(input: $input) { userErrors { message } } }', { token, email: 'ada@example.com', name: 'Ada', password: 'seven lamps over the sea' });
});
after(async () => {
  await browser?.close();
  await server?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('GraphiQL explores with the key, and with no more than that', async () => {
  const key = await makeKey({ scopes: ['content:write', 'graph:explore'] });
  const visitor = await Visitor.open(browser, server, { viewport: { width: 1440, height: 1000 } });
  const page = await visitor.visit('/graphiql');
  await page.waitForSelector('.graphiql-query-editor .view-line');
  const textOf = async (selector) => (await page.locator(`${selector} .view-lines`).first().innerText()).replaceAll(/\s+/g, ' ');
  const answers = (pattern) => until(async () => pattern.test(await textOf('.graphiql-response')), `an answer like ${pattern}`, 6_000);
  const write = async (editor, text) => {
    await editor.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  };
  const run = async (document, pattern) => {
    await write(page.locator('.graphiql-query-editor .view-lines').first(), document);
    await until(async () => (await textOf('.graphiql-query-editor')).includes(document.slice(0, 12)), 'the document');
    // GraphiQL reads what was written a moment later: until then the button runs what was there before.
    for (let left = 3; ; left--) {
      await page.waitForTimeout(700);
      await page.locator('.graphiql-execute-button').click();
      const came = await answers(pattern).then(() => true, (error) => { if (left === 1) throw error; });
      if (came) return;
    }
  };
  await run('{ viewer { credential } }', /"credential": "NONE"/);

  await page.getByRole('button', { name: 'Asking as nobody' }).click();
  await page.getByRole('textbox', { name: 'Ask with an API key' }).fill(key);
  await page.getByRole('button', { name: 'Use the key' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Asking as Guide' }).waitFor();
  await run('{ viewer { credential scopes } }', /"credential": "API_KEY".*"content:write"/);

  // The documentation is that of the key.
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  const docs = page.locator('.graphiql-doc-explorer');
  await docs.getByRole('link', { name: 'Mutation', exact: true }).click();
  await docs.getByRole('link', { name: 'screenEdit', exact: true }).waitFor();
  assert.equal(await docs.getByRole('link', { name: 'releasePublish', exact: true }).count(), 0);

  // A stream that nobody gets without a key.
  await run('subscription { activity(frontend: "shop") { kinds } }', /"kinds": \[/);
  await page.locator('.graphiql-execute-button').click();

  // It is kept nowhere.
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.ok(!kept.includes(key), 'the key is kept by the browser');
  await visitor.close();
});

test('the function of the guide comes again when it is told to', async (t) => {
  const file = path.join(folder, 'ask.mjs');
  await writeFile(file, block('js ask.mjs'));
  const { ask } = await import(pathToFileURL(file));
  process.env.SONATA = server.url;
  process.env.SONATA_API_KEY = await makeKey({ scopes: ['content:read'], requestsPerMinute: 2 });
  const who = '{ viewer { credential } }';
  for (let i = 0; i < 2; i++) assert.deepEqual(await ask(who), { viewer: { credential: 'API_KEY' } });
  const began = clock();
  assert.deepEqual(await ask(who), { viewer: { credential: 'API_KEY' } });
  const waited = clock() - began;
  t.diagnostic(`waited ${Math.round(waited / 1000)} s for the third of two requests a minute`);
  assert.ok(waited > 40_000 && waited < 70_000, `waited ${waited} ms`);

  process.env.SONATA_API_KEY = 'sonata_sk_none';
  await assert.rejects(ask(who), { code: 'UNAUTHENTICATED' });
});

test('it repeats what is safe to repeat, and nothing else', async () => {
  const { ask } = await import(pathToFileURL(path.join(folder, 'ask.mjs')));
  let asked = 0;
  let plan = [];
  const stub = createServer((request, response) => {
    request.resume();
    const step = plan[Math.min(asked++, plan.length - 1)];
    if (step === 'cut') return void request.socket.destroy();
    response.writeHead(step, step === 200 ? {} : { 'Retry-After': '1' }).end('{"data":{"done":true}}');
  });
  await new Promise((resolve) => stub.listen(0, '127.0.0.1', resolve));
  process.env.SONATA = `http://127.0.0.1:${stub.address().port}`;
  const attempt = async (steps, ...call) => {
    [asked, plan] = [0, steps];
    const outcome = await ask(...call).then((data) => data.done, () => 'failed');
    return [outcome, asked];
  };
  try {
    assert.deepEqual(await attempt([503, 429, 200], 'mutation { x }'), [true, 3]);
    assert.deepEqual(await attempt(['cut', 200], '{ x }'), [true, 2]);
    assert.deepEqual(await attempt(['cut', 502, 200], ' mutation($input: I!) { x }', { input: { idempotencyKey: 'k' } }), [true, 3]);
    assert.deepEqual(await attempt(['cut', 200], 'mutation($input: I!) { x }', { input: {} }), ['failed', 1]);
    assert.deepEqual(await attempt([429], '{ x }'), [true, 5]); // the fifth answer is given as it is
  } finally {
    stub.close();
    stub.closeAllConnections();
  }
});
