// The audit log in the studio, on a production server: what was really done is listed, narrowed, shared by its address,
// downloaded and verified; what was refused is counted; and nobody sees more of it than their grants reach.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Server, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ADA = { name: 'Ada Byron', email: 'ada@example.com', password: 'seven lamps over the sea' };
const PASSWORD = 'paper boats in the attic';
const FORMULA = '=HYPERLINK("http://example.com","Open")';

let browser;
let server;
let ada;
const guests = [];

before(async () => {
  browser = await startBrowser();
  server = await Server.start(['--mode=production', '--demo=on']);
  ada = await Visitor.open(browser, server);
  const page = await ada.visit(`/studio/setup#${/\/studio\/setup#(\S+)/.exec(server.said)[1]}`);
  await page.getByRole('textbox', { name: 'Your name' }).fill(ADA.name);
  await page.getByRole('textbox', { name: 'Email' }).fill(ADA.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(ADA.password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `Account: ${ADA.name}` }).waitFor();
  await page.close();
});
after(async () => {
  try {
    for (const visitor of [ada, ...guests]) await visitor?.close();
  } finally {
    await browser?.close();
    await server?.remove();
  }
});

/** Asks the graph as whoever is signed in at a page. */
const asks = (page, query, variables = {}) => page.evaluate(async ([query, variables]) => {
  const answer = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) });
  return answer.json();
}, [query, variables]);

async function does(page, mutation, type, input, payload = '') {
  const { data, errors } = await asks(page, `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { ${payload} userErrors { message } } }`, { input });
  assert.deepEqual([errors, data?.done?.userErrors], [undefined, []], mutation);
  return data.done;
}

/** Somebody else in a browser of their own. */
async function guest(page, name, grants, options = {}) {
  const { link } = await does(page, 'memberInvite', 'MemberInviteInput', { name, email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com`, grants }, 'link');
  const visitor = await Visitor.open(browser, server, options);
  guests.push(visitor);
  const join = await visitor.visit(new URL(link).pathname + new URL(link).hash);
  await join.getByRole('textbox', { name: 'New password' }).fill(PASSWORD);
  await join.keyboard.press('Enter');
  await join.getByRole('button', { name: `Account: ${name}` }).waitFor();
  await join.close();
  return visitor;
}

const heading = (page, name = 'Audit log') => page.getByRole('heading', { name, level: 1 }).waitFor();
const entries = (page) => page.locator('.audit-entry');
/** Action and subject of what is listed, the newest first. */
const listed = (page) => entries(page).evaluateAll((all) => all.map((entry) => [entry.querySelector('.audit-what code').textContent, entry.querySelector('.audit-subject').firstChild.textContent]));
const actions = async (page) => (await listed(page)).map(([action]) => action);
const status = (page) => page.locator('.audit-count[role=status], .audit-count [role=status]');
const settled = (page, count) => until(async () => (await entries(page).count()) === count && (await page.locator('[aria-busy=true]').count()) === 0, `${count} entries`);
/** Waits until the address has the condition, and what is shown is what it asks for. */
const narrowed = async (page, condition, count) => {
  await page.waitForURL((url) => condition.test(decodeURIComponent(url.search)));
  await status(page).filter({ hasText: new RegExp(`^${count} entr(y matches|ies match)$`) }).waitFor();
};

async function clean(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html)]), [], what);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0, `${what} scrolls sideways`);
}

let theirs; // what Ada did, by the time at which the rest begins

test('what is done is listed: who, when, what, about what', async () => {
  const page = await ada.visit('/studio/shop/screens/home?block=hero');
  const headline = page.getByRole('textbox', { name: /^Headline/ });
  await headline.waitFor();
  await headline.fill('Light for the log');
  await page.getByText(/^Saved · v2$/).waitFor();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await heading(page);
  const first = entries(page).first();
  await first.getByText('Edited blocks').waitFor();
  assert.deepEqual((await listed(page))[0], ['screenEdit', 'shop/home']);
  await first.getByText(ADA.name).waitFor();
  await first.getByText('shop', { exact: true }).waitFor();
  await page.getByRole('region', { name: 'Today' }).waitFor();

  // What comes while the page is open comes by itself.
  const other = await ada.visit('/studio/shop');
  await does(other, 'releasePublish', 'ReleasePublishInput', { frontend: 'shop', title: 'For the log', acknowledgeWarnings: true });
  await first.getByText('Published').waitFor();
  await does(other, 'apiKeyCreate', 'ApiKeyCreateInput', { name: FORMULA, frontend: 'shop', scopes: ['content:read'] });
  await does(other, 'frontendCreate', 'FrontendCreateInput', { slug: 'portal', name: 'Portal' });
  await page.reload();
  await first.getByText('Registered a frontend').waitFor();
  assert.deepEqual((await listed(page)).slice(0, 4), [['frontendCreate', 'portal'], ['apiKeyCreate', FORMULA], ['releasePublish', 'shop/production'], ['screenEdit', 'shop/home']]);

  // An entry leads to what it is about.
  await page.getByRole('link', { name: 'shop/home' }).first().click();
  await page.waitForURL('**/studio/shop/screens/home');
  await page.getByRole('tree').waitFor();
  await page.close();
  await other.close();
});

test('a row opens its detail: ops, what undoes them, the request, the chain', async () => {
  const page = await ada.visit('/studio/shop/audit');
  await heading(page);
  const rows = entries(page);
  const edit = rows.filter({ hasText: 'screenEdit' }).first();
  await edit.getByRole('button', { name: 'Edited blocks' }).click();
  const ops = JSON.parse(await edit.getByRole('region', { name: 'Ops', exact: true }).innerText());
  assert.deepEqual(ops, [{ kind: 'SET_PROPS', key: 'hero', patch: { title: 'Light for the log' } }]);
  const [inverse] = JSON.parse(await edit.getByRole('region', { name: 'Inverse ops' }).innerText());
  assert.equal(inverse.kind, 'SET_PROPS');
  assert.notEqual(inverse.patch.title, 'Light for the log');
  await edit.getByText('hero: title set.').waitFor();

  const fact = (row, name) => row.locator('.audit-facts > div').filter({ has: page.getByText(name, { exact: true }) }).locator('code').innerText();
  const place = await rows.evaluateAll((all) => all.findIndex((row) => row.textContent.includes('screenEdit')));
  const before = rows.nth(place + 1);
  await before.getByRole('button', { expanded: false }).click();
  assert.match(await fact(edit, 'Hash'), /^sha256:[0-9a-f]{64}$/);
  assert.equal(await fact(edit, 'Hash before'), await fact(before, 'Hash'));
  assert.match(await fact(edit, 'Request'), /^\S{8,}$/);

  // With the keyboard alone it closes again.
  await edit.getByRole('button', { expanded: true }).press('Enter');
  await edit.getByRole('region', { name: 'Ops', exact: true }).waitFor({ state: 'detached' });
  await page.close();
});

test('filters narrow, stand in the address, and the address brings the same view back', async () => {
  const page = await ada.visit('/studio/shop/audit');
  await heading(page);
  await entries(page).first().waitFor();
  const all = await entries(page).count();
  theirs = await page.evaluate(async () => (await (await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ viewer { actor { id } } }' }) })).json()).data.viewer.actor.id);

  await page.getByRole('combobox', { name: 'Who' }).selectOption({ label: ADA.name });
  await narrowed(page, new RegExp(`actor=${theirs}`), 5);
  assert.deepEqual(await actions(page), ['frontendCreate', 'apiKeyCreate', 'releasePublish', 'screenEdit', 'setupComplete']);
  await page.getByRole('combobox', { name: 'Frontend' }).selectOption({ label: 'Nordlys' });
  await narrowed(page, /frontend=shop/, 3);
  await page.getByRole('combobox', { name: 'What' }).selectOption({ label: 'Edited blocks' });
  await narrowed(page, /action=screenEdit/, 1);
  const shared = page.url();
  await page.goBack();
  await narrowed(page, /frontend=shop$/, 3);

  // Sent to somebody, it is the same view.
  const same = await ada.visit(shared.slice(server.url.length));
  await narrowed(same, /action=screenEdit/, 1);
  await same.reload();
  await narrowed(same, /action=screenEdit/, 1);
  assert.deepEqual(await listed(same), [['screenEdit', 'shop/home']]);
  for (const [name, label] of [['Who', ADA.name], ['What', 'Edited blocks'], ['Frontend', 'Nordlys']]) {
    await until(() => same.getByRole('combobox', { name, exact: true }).evaluate((select, label) => select.selectedOptions[0]?.textContent === label, label), `${name} to be ${label}`);
  }
  await same.close();

  // One thing: from its entry, by its name, by its id.
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await settled(page, all);
  const edit = entries(page).filter({ hasText: 'screenEdit' }).first();
  await edit.getByRole('button', { name: 'Edited blocks' }).click();
  await edit.getByRole('button', { name: 'screen shop/home' }).click();
  await narrowed(page, /subject=scr_/, 2);
  assert.deepEqual(await actions(page), ['screenEdit', 'screenCreate']);
  const about = page.getByRole('combobox', { name: 'About' });
  assert.equal(await about.inputValue(), 'screen shop/home');
  const [, id] = /subject=(scr_[^&]+)/.exec(page.url());
  await about.fill('environment shop/production');
  await narrowed(page, /subject=env_/, 2);
  await about.fill('no such thing');
  await about.press('Enter');
  await page.getByText('None of the names here, and no id').waitFor();
  await about.fill(id);
  await about.press('Enter');
  await narrowed(page, new RegExp(`subject=${id}`), 2);

  // A time: everything before Ada came, then everything since.
  await page.goto(`${server.url}/studio/shop/audit`);
  await settled(page, all);
  const tomorrow = new Date(Date.now() + 86_400_000);
  const field = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  await page.getByLabel('From').fill(field(tomorrow));
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('from'), new Date(`${field(tomorrow)}`).toISOString().replace('.000Z', 'Z'));
  await clean(page, 'nothing matches');
  await page.getByLabel('From').fill(field(new Date(Date.now() - 86_400_000)));
  await page.getByLabel('Before').fill(field(tomorrow));
  await narrowed(page, /from=.*to=/, all);
  await page.reload();
  await narrowed(page, /from=.*to=/, all);
  assert.equal(await page.getByLabel('Before').inputValue(), field(tomorrow));
  await page.close();
});

/** RFC 4180: records of cells. */
function csv(text) {
  const records = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') records.push([]);
  }
  return records.slice(0, -1);
}

test('the file holds what the view holds, and a name that begins with = is no formula in it', async () => {
  const page = await ada.visit(`/studio/shop/audit?actor=${theirs}&frontend=shop`);
  await narrowed(page, /actor=/, 3);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download CSV' }).click()]);
  assert.equal(download.suggestedFilename(), 'audit.csv');
  const [head, ...rows] = csv(await readFile(await download.path(), 'utf8'));
  const cell = (row, name) => row[head.indexOf(name)];
  assert.deepEqual(rows.map((row) => [cell(row, 'action'), cell(row, 'actorName'), cell(row, 'frontend')]), [
    ['apiKeyCreate', ADA.name, 'shop'], ['releasePublish', ADA.name, 'shop'], ['screenEdit', ADA.name, 'shop'],
  ]);
  assert.equal(cell(rows[0], 'subjectLabel'), `'${FORMULA}`);
  assert.match(cell(rows[2], 'detail'), /"inverse"/);
  await page.close();
});

test('the head that is shown verifies the chain', async () => {
  const page = await ada.visit('/studio/shop/audit');
  const command = await page.getByRole('region', { name: 'Verify up to the present head' }).innerText();
  const [, head] = /--head (sha256:[0-9a-f]{64})$/.exec(command.trim());
  const { stdout } = await promisify(execFile)(process.env.BIN, ['audit', 'verify', '--database', `sqlite:${path.join(server.folder, 'sonata.db')}`, '--head', head]);
  assert.match(stdout, new RegExp(`head ${head}\n`));
  assert.match(stdout, /the head that was noted is that of entry \d+/);
  await page.close();
});

test('older ones follow, and nothing is missing when new ones came meanwhile', async () => {
  const page = await ada.visit('/studio/shop/audit');
  await entries(page).first().waitFor();
  const links = (n) => does(page, 'previewLinkCreate', 'PreviewLinkCreateInput', { frontend: 'shop', expiresInHours: n });
  for (let n = 1; n <= 60; n++) await links(n);
  await page.reload();
  await settled(page, 50);
  await page.getByRole('button', { name: 'Show older ones' }).click();
  await page.getByRole('button', { name: 'Show older ones' }).waitFor({ state: 'detached' });
  const all = await entries(page).count();
  assert.match(await status(page).innerText(), new RegExp(`^${all} entries$`));
  for (let n = 1; n <= 3; n++) await links(n);
  await does(page, 'releasePublish', 'ReleasePublishInput', { frontend: 'shop', title: 'Again', acknowledgeWarnings: true }).catch(() => undefined);
  await does(page, 'frontendUpdate', 'FrontendUpdateInput', { id: 'shop', name: 'Nordlys' }); // it wakes the page
  await until(async () => (await entries(page).count()) === all + 4, 'what came meanwhile');
  assert.equal((await listed(page)).filter(([action]) => action === 'previewLinkCreate').length, 63);
  assert.equal((await actions(page)).at(-1), 'frontendCreate');
  await page.close();
});

test('what is refused is counted under Refusals', async () => {
  const page = await ada.visit('/studio/shop');
  const dee = await guest(page, 'Dee Signer', [{ role: 'DESIGNER', frontend: 'shop' }]);
  const hers = await dee.visit('/studio/shop/audit');
  await heading(hers);
  await hers.getByText('You need audit:read. Ask an admin.').waitFor();
  await clean(hers, 'who may not read it');
  for (let i = 0; i < 2; i++) assert.equal((await asks(hers, '{ members { totalCount } }')).errors[0].extensions.code, 'FORBIDDEN');
  const wrong = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer sk_nobody_has_this_key' }, body: '{"query":"{ viewer { scopes } }"}' });
  assert.equal(wrong.status, 401);
  await hers.close();

  await page.goto(`${server.url}/studio/shop/audit`);
  await page.getByRole('link', { name: 'Refusals' }).click();
  const line = (text) => page.locator('.audit-refusal').filter({ hasText: text });
  // They are written every few seconds, and read again now and then.
  await until(async () => {
    if ((await line('Dee Signer').count()) > 0 && (await line('127.0.0.1').count()) > 0) return true;
    await page.reload();
    await page.locator('.audit-refusal, .empty').first().waitFor();
    return false;
  }, 'the refusals');
  const [ofDee] = await line('Dee Signer').allInnerTexts();
  assert.match(ofDee, /Read members\s+members\s+not allowed\s+FORBIDDEN/);
  assert.equal((await Promise.all((await line('Dee Signer').filter({ hasText: 'Read members' }).locator('.audit-times b').allInnerTexts()).map(Number))).reduce((a, b) => a + b), 2);
  assert.match((await line('127.0.0.1').allInnerTexts())[0], /A request to \/graphql[^]*UNAUTHENTICATED/);
  assert.equal(new URL(page.url()).search, '?view=refusals');
  // The studio itself asks for nothing that is refused, also where somebody has just come in by a link.
  assert.equal(await page.locator('.audit-refusal').count(), 2);
  await page.close();
});

test('a member of one frontend sees the entries of that one only', async () => {
  const page = await ada.visit('/studio/shop');
  await does(page, 'frontendUpdate', 'FrontendUpdateInput', { id: 'portal', name: 'The portal' });
  const oda = await guest(page, 'Oda Perator', [{ role: 'OPERATOR', frontend: 'portal' }]);
  const hers = await oda.visit('/studio/portal/audit');
  await settled(hers, 2);
  assert.deepEqual(await listed(hers), [['frontendUpdate', 'portal'], ['frontendCreate', 'portal']]);
  await hers.getByText('You see the entries of portal').waitFor();
  await hers.getByRole('region', { name: 'Verify up to the newest entry' }).waitFor();
  for (const search of ['?frontend=shop', `?action=memberInvite`, `?actor=${theirs}&frontend=shop`]) {
    await hers.goto(`${server.url}/studio/portal/audit${search}`);
    await hers.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  }
  await hers.getByRole('link', { name: 'Refusals' }).click();
  await hers.getByText(/You need audit:read for every frontend\./).waitFor();
  await clean(hers, 'refusals of who may not see them');

  const [download] = await Promise.all([hers.waitForEvent('download'), hers.getByRole('link', { name: 'Changes', exact: true }).last().click().then(() => hers.getByRole('link', { name: 'Download CSV' }).click())]);
  assert.deepEqual(csv(await readFile(await download.path(), 'utf8')).slice(1).map((row) => row[6]), ['portal', 'portal']);
  await hers.close();

  // A grant for some environments reads nothing of the log.
  const sten = await guest(page, 'Sten Stage', [{ role: 'OPERATOR', frontend: 'portal', environments: ['staging'] }]);
  const his = await sten.visit('/studio/portal/audit');
  await his.getByText(/for some environments only/).waitFor();
  assert.equal(await his.getByRole('link', { name: 'Download CSV' }).count(), 0);
  await his.close();
  await page.close();
});

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    test(`is clean, ${colorScheme}, ${width} px wide`, async () => {
      const page = await ada.visit('/studio/shop/audit');
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      const edit = entries(page).filter({ hasText: 'apiKeyCreate' });
      await page.goto(`${server.url}/studio/shop/audit?actor=${theirs}`);
      await entries(page).first().waitFor();
      await page.getByRole('button', { name: 'Show older ones' }).click();
      await page.getByRole('region', { name: 'Verify up to the present head' }).waitFor();
      await edit.getByRole('button', { name: 'Made an API key' }).click();
      const screenEdit = entries(page).filter({ hasText: 'screenEdit' });
      await screenEdit.getByRole('button', { name: 'Edited blocks' }).click();
      await screenEdit.getByRole('region', { name: 'Inverse ops' }).waitFor();
      await clean(page, 'the log');
      await page.goto(`${server.url}/studio/shop/audit?view=refusals`);
      await page.locator('.audit-refusal').first().waitFor();
      await clean(page, 'the refusals');
      await page.close();
    });
  }
}
