// A frontend that lets only registered documents run: whoever works in the studio, and who looks at the shop, notices
// nothing. Sonata's own pages and its SDK send documents that the build collected; one that is missing is refused here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { following, Server, shows, startBrowser, until, Visitor } from './harness.mjs';

const ADA = { name: 'Ada Byron', email: 'ada@example.com', password: 'seven lamps over the sea' };
const DEE = { name: 'Dee Signer', email: 'dee@example.com', password: 'paper boats in the attic' };
const HEADLINE = 'Only what is known runs';
const REFUSED = /DOCUMENT_UNKNOWN|DOCUMENT_MISMATCH|PERSISTED_QUERY/;

let browser;
let server;
let dee;
let shopper;
/** Every request that was refused for its document. */
const refused = [];
/** How many operations ran, by both ways. */
const ran = { http: 0, socket: 0 };

/** Looks into every answer that a browser gets, by HTTP and on websockets. */
function watch({ context }) {
  context.on('response', async (response) => {
    if (new URL(response.url()).pathname !== '/graphql' || response.request().method() !== 'POST') return;
    ran.http++;
    const text = await response.text().catch(() => '');
    if (REFUSED.test(text)) refused.push(`${response.request().postData()?.slice(0, 200)}: ${text.slice(0, 200)}`);
  });
  context.on('page', (page) => page.on('websocket', (socket) => {
    const sent = new Map();
    socket.on('framesent', ({ payload }) => {
      const { id, type, payload: operation } = JSON.parse(payload);
      if (type !== 'subscribe') return;
      sent.set(id, operation.query);
      ran.socket++;
    });
    socket.on('framereceived', ({ payload }) => {
      if (REFUSED.test(payload)) refused.push(`${sent.get(JSON.parse(payload).id)?.slice(0, 200)}: ${payload.slice(0, 200)}`);
    });
  }));
}

const ask = (page, query, variables) => page.evaluate(async (body) => (await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json(), JSON.stringify({ query, variables }));
const account = (page, name) => page.getByRole('button', { name: `Account: ${name}` });
const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();
const connected = (page) => page.getByTestId('connection').filter({ hasText: /^connected$/ }).waitFor({ state: 'attached' });

before(async () => {
  browser = await startBrowser();
  server = await Server.start(['--mode=production', '--demo=on']);
  const ada = await Visitor.open(browser, server);
  const page = await ada.visit(`/studio/setup#${/\/studio\/setup#(\S+)/.exec(server.said)[1]}`);
  await page.getByRole('textbox', { name: 'Your name' }).fill(ADA.name);
  await page.getByRole('textbox', { name: 'Email' }).fill(ADA.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(ADA.password);
  await page.getByRole('button', { name: 'Create the admin and sign in' }).click();
  await account(page, ADA.name).waitFor();
  const { data: { memberInvite } } = await ask(page, 'mutation ($input: MemberInviteInput!) { memberInvite(input: $input) { link } }', { input: { name: DEE.name, email: DEE.email, grants: [{ role: 'DESIGNER' }] } });
  const { data: { safelistSet } } = await ask(page, 'mutation ($input: SafelistSetInput!) { safelistSet(input: $input) { frontend { safelist } userErrors { message } } }', { input: { frontend: 'shop', mode: 'ENFORCE' } });
  assert.deepEqual(safelistSet, { frontend: { safelist: 'ENFORCE' }, userErrors: [] });
  await ada.close();

  // By the link, out, and in again through the page.
  dee = await Visitor.open(browser, server);
  watch(dee);
  const join = await dee.visit(new URL(memberInvite.link).pathname + new URL(memberInvite.link).hash);
  await join.getByRole('textbox', { name: 'New password' }).fill(DEE.password);
  await join.keyboard.press('Enter');
  await account(join, DEE.name).click();
  await join.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await heading(join, 'Sign in');
  await join.close();
  shopper = await Visitor.open(browser, server);
  watch(shopper);
});
after(async () => {
  try {
    await dee?.close();
    await shopper?.close();
  } finally {
    await browser?.close();
    await server?.remove();
  }
});

test('what is not registered is refused, for a designer and for a visitor', async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/demo/`);
  for (const query of ['query Stranger { screen(at: { path: "/" }, context: { frontend: "shop" }) { id } }', '{ frontends { edges { node { slug } } } }']) {
    const { errors } = await ask(page, query, {});
    assert.equal(errors[0].extensions.code, 'DOCUMENT_UNKNOWN', JSON.stringify(errors));
  }
  await page.close();
});

test('a designer signs in, edits, publishes and looks around; the shop follows', async (t) => {
  const shop = await shopper.visit('/demo/');
  await following(shop);
  const page = await dee.visit('/studio/shop');
  await heading(page, 'Sign in');
  await page.getByRole('textbox', { name: 'Email' }).fill(DEE.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(DEE.password);
  await page.keyboard.press('Enter');
  await heading(page, 'Nordlys');
  await connected(page);
  const go = async (name) => {
    await page.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: new RegExp(`^${name}( ?\\d.*)?$`) }).click();
    await heading(page, name);
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  };
  await go('Screens');
  await page.getByRole('main').getByRole('link', { name: /^Home/ }).first().click();
  await page.getByRole('treeitem', { name: /Hero/ }).first().click();
  const headline = page.getByRole('textbox', { name: /^Headline/ });
  await headline.fill(HEADLINE);
  const renderer = await until(() => page.frames().find((frame) => /\/demo\/renderer/.test(frame.url())), 'the preview');
  await shows(renderer, HEADLINE, renderer.locator('h1').first());
  await page.getByText(/^Saved · v/).waitFor();
  await page.getByRole('button', { name: 'Shown as the newest build' }).click();
  await page.getByRole('menuitem', { name: /1\.0/ }).or(page.getByRole('menuitemradio', { name: /1\.0/ })).first().click();
  await page.getByRole('region', { name: 'As build 1.0' }).waitFor();
  await page.getByTestId('publish').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 change · no problems').waitFor();
  const publish = dialog.getByRole('button', { name: /^Publish/ });
  await until(() => publish.isEnabled(), 'the button');
  await publish.click();
  await page.locator('.toast').filter({ hasText: /Release \d+ is live\./ }).waitFor();
  await shows(shop, HEADLINE);

  await headline.fill(`${HEADLINE}, again`);
  await page.getByText(/^Saved · v/).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or do' }).fill('hero');
  await page.getByRole('dialog').getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
  await go('Changes');
  await page.getByText('Hero: title changed').first().waitFor();
  await go('Releases');
  await page.goto(`${server.url}/studio/shop/releases?compare=1..2`);
  await page.getByText('Hero: title changed', { exact: true }).first().waitFor();
  await go('Components');
  await page.getByRole('link', { name: /^Hero/ }).first().click();
  await heading(page, 'Hero');
  await go('API');
  await go('API keys');
  await go('Members');
  await go('Audit log');
  await go('Settings');
  await account(page, DEE.name).waitFor();

  // What the shop asks by itself, on every page of it.
  await shop.goto(`${server.url}/demo/products/lamp`);
  await following(shop);
  await shop.goto(`${server.url}/demo/?build=1.0`);
  await following(shop);
  await shows(shop, HEADLINE);

  t.diagnostic(`${ran.http} operations over HTTP, ${ran.socket} on websockets`);
  assert.ok(ran.http > 20 && ran.socket > 2, JSON.stringify(ran));
  await page.close();
  await shop.close();
  assert.deepEqual(refused, []);
});
