// GraphiQL from the binary: no network, Monaco and its workers included, and the documents in its tabs do what they say.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { following, h1, PATIENCE, Server, shows, startBrowser, until, Visitor } from './harness.mjs';

let browser;
let server;
let visitor;
let page;

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  visitor = await Visitor.open(browser, server, { viewport: { width: 1440, height: 1000 } });
  page = await visitor.visit('/graphiql');
  await page.waitForSelector('.graphiql-query-editor .view-line');
});
after(async () => {
  try {
    await visitor?.close();
  } finally {
    await browser?.close();
    await server?.remove();
  }
});

// The editor draws the lines in view only, with hard spaces, and long ones on two lines.
const textOf = async (selector) => (await page.locator(`${selector} .view-lines`).innerText()).replaceAll(/\s+/g, ' ');
const response = () => textOf('.graphiql-response');
const answers = (pattern) => until(async () => pattern.test(await response()) && response(), `an answer like ${pattern}`);

async function openTab(name) {
  await page.locator('.graphiql-tab', { hasText: new RegExp(`^${name}`) }).locator('.graphiql-tab-button').click();
  // GraphiQL parses a moment later, and until then would run the operation of the tab before. It notes when it has.
  await until(() => page.evaluate((name) => {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{"tabs":[]}');
    return tabs[activeTabIndex]?.operationName === name;
  }, name), `the tab ${name}`);
}

/** Presses the button; a tab with several operations then asks which one. */
async function run(operation) {
  await page.locator('.graphiql-execute-button').click();
  if (operation) await page.getByRole('menuitem', { name: operation, exact: true }).click();
}

async function setVariables(variables) {
  await page.locator('.graphiql-editor-tool .view-lines:visible').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  // Pasted, because an editor that closes brackets by itself adds to what is typed.
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, JSON.stringify(variables));
}

describe('GraphiQL', () => {
  test('opens with the seven documents and colors them', async () => {
    const names = await page.locator('.graphiql-tab').allInnerTexts();
    assert.deepEqual(names.map((name) => name.trim()), ['Screen', 'Live', 'Draft', 'Plan', 'Releases', 'Builds', 'YourOwnFrontend']);
    assert.match(await textOf('.graphiql-query-editor'), / query Screen \{/);
    const colors = await page.locator('.graphiql-query-editor .view-line span span').evaluateAll((spans) => new Set(spans.map((span) => getComputedStyle(span).color)).size);
    assert.ok(colors >= 3, 'the syntax is not colored');
  });

  test('runs the query of the first tab', async () => {
    await run();
    const text = await answers(/"screen": \{/);
    assert.match(text, /"key": "home"/);
    assert.doesNotMatch(text, /"errors"/);
  });

  test('marks a field that does not exist, in a worker', async () => {
    await page.locator('.graphiql-query-editor .view-line', { hasText: 'contentHash' }).click();
    await page.keyboard.press('End');
    await page.keyboard.insertText('Wrong');
    await page.waitForSelector('.graphiql-query-editor .squiggly-error');
    await page.keyboard.press('ControlOrMeta+Z');
    await page.waitForSelector('.graphiql-query-editor .squiggly-error', { state: 'detached' });
  });

  test('shows the descriptions of the schema', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const docs = page.locator('.graphiql-doc-explorer');
    await docs.getByRole('link', { name: 'Query', exact: true }).click();
    await docs.getByRole('link', { name: 'screen', exact: true }).click();
    await docs.getByText('what an SPA asks for').waitFor();
    await docs.getByRole('link', { name: 'ScreenSnapshot', exact: true }).click();
    await docs.getByText('One screen, ready to render.').waitFor();
    await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();
  });

  test('a subscription answers at once and again after a publish', async () => {
    await openTab('Live');
    await run();
    await answers(/"kind": "INITIAL"/);
    await server.setTitle('Seen in GraphiQL');
    await server.publish();
    const text = await answers(/"kind": "PUBLISH"/);
    assert.match(text, /"number": 2/);
    await page.locator('.graphiql-execute-button').click(); // stop
  });

  test('edits, publishes and rolls back by hand, as the start page promises', async () => {
    const shop = await visitor.visit('/demo/');
    await following(shop);
    await page.bringToFront();

    await openTab('Draft');
    await run('Draft');
    await answers(/"screens": \{/);
    const { id, version } = await server.screen('home');
    await setVariables({ screen: id, expectedVersion: version, title: 'By hand' });
    await run('EditHeadline');
    await answers(/"screenEdit": \{/);
    assert.match(await response(), /"status": "EDITED"/);
    assert.equal(await h1(shop).textContent(), 'Seen in GraphiQL');

    await openTab('Plan');
    await run('Plan');
    await answers(/hero: title changed/);
    await setVariables({ title: 'A new headline' });
    await run('Publish');
    await answers(/"releasePublish": \{/);
    await shows(shop, 'By hand');

    await openTab('Releases');
    await run('Releases');
    const before = (await server.graphql('{ frontend(slug: "shop") { releases(first: 10) { edges { node { id number } } } } }')).frontend.releases.edges.map((edge) => edge.node).find((release) => release.number === 2);
    await answers(new RegExp(before.id));
    await setVariables({ toRelease: before.id, reason: 'The old headline was better' });
    await run('RollBack');
    await answers(/"releaseRollBack": \{/);
    await shows(shop, 'Seen in GraphiQL');

    await openTab('Builds');
    await run('Builds');
    await answers(/"name": "1\.0"/);
    await run('RegisterBuild');
    await answers(/"manifest": "sha256:/);
    assert.match(await response(), /"userErrors": \[\]/);
  });

  test('makes a frontend of one\'s own, step by step', async () => {
    await openTab('YourOwnFrontend');
    for (const [operation, field] of [
      ['YourOwnFrontend', 'frontendCreate'], ['FirstBuild', 'buildRegister'], ['FirstScreen', 'screenCreate'],
      ['FirstRelease', 'releasePublish'], ['ToStaging', 'releasePromote'], ['PreviewLink', 'previewLinkCreate'],
    ]) {
      await run(operation);
      assert.match(await answers(new RegExp(`"${field}": \\{.*"userErrors"`)), /"userErrors": \[\]/, operation);
    }
    const { screen } = await server.graphql('{ screen(at: { path: "/" }, context: { frontend: "mine" }) { blocks { key props } } }');
    assert.deepEqual(screen.blocks, [{ key: 'root', props: {} }, { key: 'hello', props: { text: 'Hello' } }]);
  });

  test('asks this server for everything, workers included', async () => {
    const asked = visitor.requests.map((address) => new URL(address)).filter((url) => url.protocol !== 'data:' && url.protocol !== 'blob:');
    assert.ok(asked.some((url) => url.pathname.endsWith('.worker.js')), 'no worker was started');
    assert.ok(asked.every((url) => url.origin === server.url));
  });
}, { timeout: 6 * PATIENCE });
