// Signing in on a production server: the first admin, an invitation in another browser, what a designer is denied and why,
// and a session that ends under somebody's hands.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Server, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ADA = { name: 'Ada Byron', email: 'ada@example.com', password: 'seven lamps over the sea' };
const DEE = { name: 'Dee Signer', email: 'dee@example.com', password: 'paper boats in the attic' };

let browser;
let server;
let ada;
let dee;

before(async () => {
  browser = await startBrowser();
  server = await Server.start(['--mode=production', '--demo=on']);
});
after(async () => {
  try {
    await ada?.close();
    await dee?.close();
  } finally {
    await browser?.close();
    await server?.remove();
  }
});

const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();
const account = (page, name) => page.getByRole('button', { name: `Account: ${name}` });

async function signIn(page, { email, password }) {
  await heading(page, 'Sign in');
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
  await page.keyboard.press('Enter');
}

async function clean(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html)]), [], what);
}

/** Requests of a visitor never name a token: it stands behind the # and goes out in a body alone. */
const noTokenIn = (visitor, token) => assert.deepEqual(visitor.requests.filter((address) => address.includes(token)), []);

test('the set-up link makes the first admin, and its token leaves the address at once', async () => {
  const link = /http:\S+\/studio\/setup#(\S+)/.exec(server.said);
  assert.ok(link, server.said);
  ada = await Visitor.open(browser, server);
  const page = await ada.visit(`/studio/setup#${link[1]}`);
  await heading(page, 'Set up Sonata');
  assert.equal(await page.evaluate(() => location.href), `${server.url}/studio/setup`);
  await clean(page, 'set-up');
  await page.getByRole('textbox', { name: 'Your name' }).fill(ADA.name);
  await page.getByRole('textbox', { name: 'Email' }).fill(ADA.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(ADA.password);
  await page.getByRole('button', { name: 'Create the admin and sign in' }).click();
  await account(page, ADA.name).waitFor();
  const [cookie] = await ada.context.cookies(server.url);
  const { name, secure, httpOnly, sameSite, path } = cookie;
  assert.deepEqual({ name, secure, httpOnly, sameSite, path }, { name: '__Host-sonata', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' });
  noTokenIn(ada, link[1]);

  // It works once.
  const again = await ada.visit(`/studio/setup#${link[1]}`);
  await again.getByRole('textbox', { name: 'Your name' }).fill('Mallory');
  await again.getByRole('textbox', { name: 'Email' }).fill('mallory@example.com');
  await again.getByRole('textbox', { name: 'Password', exact: true }).fill('a password that is long');
  await again.keyboard.press('Enter');
  await again.getByRole('alert').filter({ hasText: /\w/ }).first().waitFor();
  await again.close();
  await page.close();
});

test('signing out leaves the page; with the keyboard alone one comes back to where one wanted to go', async () => {
  const page = await ada.visit('/studio/shop/screens');
  await account(page, ADA.name).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await heading(page, 'Sign in');
  await clean(page, 'sign in');
  await page.close();

  const back = await ada.visit('/studio/shop/members');
  await heading(back, 'Sign in');
  await until(() => back.evaluate(() => document.activeElement?.getAttribute('autocomplete') === 'username'), 'the focus in the first field');
  await back.keyboard.type(ADA.email);
  await back.keyboard.press('Tab');
  await back.keyboard.type('not the password');
  await back.keyboard.press('Enter');
  await back.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  const wrong = await back.getByRole('alert').filter({ hasText: /\w/ }).innerText();
  assert.ok(!/account|exist|unknown|no such/i.test(wrong), `tells more than it should: ${wrong}`);
  await back.keyboard.type(ADA.password);
  await back.keyboard.press('Enter');
  await heading(back, 'Members');
  assert.equal(await back.evaluate(() => location.pathname), '/studio/shop/members');
  await back.close();
});

test('an invitation is shown once, and leads to a password in another browser', async () => {
  const page = await ada.visit('/studio/shop/members');
  await heading(page, 'Members');
  await clean(page, 'members');
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(DEE.name);
  await dialog.getByRole('textbox', { name: 'Email' }).fill(DEE.email);
  await dialog.getByRole('radio', { name: 'Designer' }).check();
  await dialog.getByRole('combobox', { name: 'Frontend' }).selectOption({ label: 'Nordlys' });
  await dialog.getByRole('checkbox', { name: 'production' }).uncheck();
  await clean(page, 'the invitation');
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  const text = await dialog.getByRole('region', { name: 'The link' }).innerText();
  const [, token] = /\/studio\/join#(\S+)/.exec(text) ?? [];
  assert.ok(token, text);
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: DEE.email });
  await row.getByText('Designer of shop in staging').waitFor();
  await row.getByText('invited', { exact: true }).waitFor();
  await page.close();

  dee = await Visitor.open(browser, server);
  const join = await dee.visit(`/studio/join#${token}`);
  await heading(join, 'Welcome');
  assert.equal(await join.evaluate(() => location.href), `${server.url}/studio/join`);
  await clean(join, 'join');
  const password = join.getByRole('textbox', { name: 'New password' });
  await password.fill('aaaaaaaaaaaaaa');
  await join.keyboard.press('Enter');
  await join.getByText(/guess/i).first().waitFor();
  await password.fill(DEE.password);
  await join.keyboard.press('Enter');
  await account(join, DEE.name).waitFor();
  noTokenIn(dee, token);
  await join.close();
});

test('what a designer may not do stays visible and says why', async () => {
  const page = await dee.visit('/studio/shop/screens/home');
  await page.getByTestId('publish').waitFor();
  // Of the environments there is the one that was granted.
  await page.getByRole('button', { name: 'Environment: staging' }).waitFor();
  await page.getByRole('button', { name: 'Frontend: Nordlys' }).press('Enter');
  const register = page.getByRole('menuitem', { name: 'Register a frontend' });
  const why = 'You need frontends:write for every frontend. Ask an admin.';
  assert.equal(await register.getAttribute('aria-disabled'), 'true');
  assert.equal(await register.evaluate((item) => item.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id)?.textContent).find(Boolean)), why);
  await page.keyboard.press('End');
  await until(() => register.evaluate((item) => item === document.activeElement), 'the focus on what is denied');
  await page.getByRole('tooltip', { name: why }).waitFor();
  await register.press('Enter');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.keyboard.press('Escape');

  await page.goto(`${server.url}/studio/shop/settings`);
  await page.getByText('You need frontends:write for shop. Ask an admin.').first().waitFor();
  await clean(page, 'settings that are denied');
  await page.goto(`${server.url}/studio/shop/members`);
  await page.getByText('You need members:read. Ask an admin.').waitFor();
  await page.close();
});

test('a session that an admin ends asks to sign in again over the page, and keeps what was typed', async () => {
  const page = await dee.visit('/studio/shop/screens/home?block=hero');
  const headline = page.getByRole('textbox', { name: /^Headline/ });
  await headline.waitFor();
  await page.getByText(/^Saved · v/).waitFor();

  const admin = await ada.visit('/studio/shop/members');
  await admin.getByRole('button', { name: `More about ${DEE.name}` }).click();
  await admin.getByRole('menuitem', { name: /^End all sessions/ }).click();
  // What is typed goes out when the session has just ended.
  await admin.getByRole('dialog').getByRole('button', { name: 'End them' }).click();
  await admin.getByText(`All sessions of ${DEE.name} have ended.`).waitFor();
  await headline.fill('Typed while the session ended').catch(() => undefined);

  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  await clean(page, 'the session has ended');
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  assert.equal(await dialog.getByRole('textbox', { name: 'Email' }).inputValue(), DEE.email);
  const kept = await headline.inputValue();
  await dialog.getByRole('textbox', { name: 'Password', exact: true }).fill(DEE.password);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await headline.inputValue(), kept);
  await page.getByText(/^Saved · v/).waitFor();
  assert.equal(await page.evaluate(() => window.notReloaded), true);

  // The streams are there again: what the admin does is seen.
  const other = await ada.visit('/studio/shop/screens/home?block=hero');
  const theirs = other.getByRole('textbox', { name: /^Headline/ });
  await until(async () => (await theirs.inputValue()) === kept, 'what was typed to be on the server');
  await theirs.fill('Seen after the new sign-in');
  await until(async () => (await headline.inputValue()) === 'Seen after the new sign-in', 'the edit of the other');
  await other.close();
  await admin.close();
  await page.close();
});

test('grants that are taken away make the editor one to look at', async () => {
  const page = await dee.visit('/studio/shop/screens/home?block=hero');
  const headline = page.getByRole('textbox', { name: /^Headline/ });
  await headline.waitFor();
  const admin = await ada.visit('/studio/shop/members');
  await admin.getByRole('button', { name: `More about ${DEE.name}` }).click();
  await admin.getByRole('menuitem', { name: /^Change/ }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Operator' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await admin.close();
  await page.reload();
  await page.getByText('You can look at this.').waitFor();
  const shown = await headline.inputValue();
  await headline.focus();
  await page.keyboard.type('zzz');
  assert.equal(await headline.inputValue(), shown);
  await clean(page, 'the editor of a reader');
  await page.close();
});

test('changing the password and signing out everywhere', async () => {
  const page = await dee.visit('/studio/shop');
  await account(page, DEE.name).click();
  await page.getByRole('menuitem', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change password' });
  await dialog.getByRole('textbox', { name: 'Current password' }).fill('wrong wrong wrong');
  await dialog.getByRole('textbox', { name: 'New password' }).fill('a kite over the northern pier');
  await page.keyboard.press('Enter');
  await until(async () => (await dialog.innerText()).match(/password|wrong|current/i) && (await dialog.locator('[role=alert], .mantine-InputWrapper-error').filter({ hasText: /\w/ }).count()) > 0, 'the refusal');
  await dialog.getByRole('textbox', { name: 'Current password' }).fill(DEE.password);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('The password is changed.').waitFor();
  await account(page, DEE.name).click();
  await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await signIn(page, { email: DEE.email, password: 'a kite over the northern pier' });
  await account(page, DEE.name).waitFor();
  await page.close();
});

test('too many attempts are answered with how long to wait', async () => {
  const visitor = await Visitor.open(browser, server);
  const page = await visitor.visit('/studio');
  await heading(page, 'Sign in');
  await page.getByRole('textbox', { name: 'Email' }).fill('nobody@example.com');
  const button = page.locator('button[type=submit]');
  for (let i = 0; i < 30 && !/Try again in/.test(await button.innerText()); i++) {
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(`wrong password ${i}`);
    await button.click();
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
    await until(async () => (await button.getAttribute('data-loading')) !== 'true', 'the answer');
  }
  assert.match(await button.innerText(), /Try again in \d+ (s|min)/);
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  await visitor.context.close();
});
