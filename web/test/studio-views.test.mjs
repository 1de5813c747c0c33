// The studio around the editor: the palette, home, components, the API and the settings, as somebody uses them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Server, startBrowser, until, Visitor } from './harness.mjs';

let browser;
let server;
let visitor;

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  visitor = await Visitor.open(browser, server);
});
after(async () => {
  try {
    await visitor?.close();
  } finally {
    await browser?.close();
    await server?.remove();
  }
});

/** A view of the studio, once it follows the server. */
async function open(at, frontend = 'shop') {
  const page = await visitor.visit(`/studio/${frontend}${at}`);
  await page.getByTestId('connection').filter({ hasText: /^connected$/ }).waitFor({ state: 'attached' });
  await page.locator('main h1, main h2').first().waitFor();
  return page;
}

async function palette(page, words) {
  await page.keyboard.press('ControlOrMeta+K');
  const field = page.getByRole('combobox', { name: 'Search or do' });
  await field.waitFor();
  await until(() => field.evaluate((input) => input === document.activeElement), 'the focus in the palette');
  await page.keyboard.type(words);
  return page.getByRole('listbox', { name: 'Results' });
}

/** Types, waits until the entry is the chosen one, and takes it. */
async function take(page, words, name) {
  const list = await palette(page, words);
  await list.getByRole('option', { name, selected: true }).waitFor();
  await page.keyboard.press('Enter');
}

describe('the palette', () => {
  test('opens a screen, a block of it, a component and a place from the keyboard', async (t) => {
    const page = await open('/screens');
    await page.evaluate(() => {
      window.opened = new Promise((resolve) => {
        addEventListener('keydown', () => {
          const from = performance.now();
          new MutationObserver(() => document.querySelector('[role="combobox"]') && resolve(performance.now() - from)).observe(document.body, { subtree: true, childList: true });
        }, { once: true, capture: true });
      });
    });
    await until(() => page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/studio/palette.js'))), 'the palette to be loaded ahead');
    await take(page, 'prod', /^Product\b/);
    t.diagnostic(`the palette was there ${Math.round(await page.evaluate(() => window.opened))} ms after the keys`);
    await page.waitForURL('**/studio/shop/screens/product');

    const blocks = await server.graphql('{ frontend(slug: "shop") { screens(first: 100) { edges { node { key blocks { key props } } } } } }');
    const hero = blocks.frontend.screens.edges.map(({ node }) => node).find(({ key }) => key === 'home').blocks.find(({ key }) => key === 'hero');
    await take(page, 'home', /^Home \/$/);
    await page.waitForURL('**/studio/shop/screens/home');
    await take(page, hero.props.title.slice(0, 18), new RegExp(`^${hero.props.title.slice(0, 10)}`));
    await page.waitForURL('**/studio/shop/screens/home?block=hero');

    await take(page, 'count', /^Countdown/);
    await page.waitForURL('**/studio/shop/components/countdown');
    await take(page, 'settin', /^Settings/);
    await page.waitForURL('**/studio/shop/settings');
    await page.close();
  });

  test('walks with the arrows, remembers what was used, and gives the focus back', async () => {
    const page = await open('/screens');
    const search = page.getByRole('textbox', { name: 'Search screens' });
    await search.focus();
    const list = await palette(page, '');
    const chosen = () => list.getByRole('option', { selected: true }).innerText();
    const first = await chosen();
    await page.keyboard.press('ArrowUp');
    const last = await chosen();
    assert.notEqual(last, first);
    await page.keyboard.press('ArrowDown');
    assert.equal(await chosen(), first);
    await list.getByRole('group', { name: 'Recent' }).getByRole('option', { name: /^Settings/ }).waitFor();
    const field = page.getByRole('combobox');
    assert.equal(await field.getAttribute('aria-activedescendant'), await list.getByRole('option', { selected: true }).getAttribute('id'));
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    await until(() => search.evaluate((input) => input === document.activeElement), 'the focus where it was');
    await page.close();
  });

  test('does things: colors, a new screen, undo of the last publish', async () => {
    const page = await open('');
    await take(page, 'dark', /^Dark colors/);
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    await take(page, 'system', /^Colors of the system/);

    await take(page, 'new sc', /^New screen/);
    const dialog = page.getByRole('dialog', { name: 'New screen' });
    await dialog.getByRole('textbox', { name: 'Title' }).fill('From the palette');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/studio/shop/screens/from-the-palette');

    const before = await server.live();
    await server.setTitle('Published to be undone');
    await server.publish('To be undone');
    await take(page, 'undo', /^Undo the last publish/);
    await page.getByRole('button', { name: `Go back to release ${before.number}` }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(`Release ${before.number} is live again.`).waitFor();
    assert.equal((await server.live()).number, before.number);
    await page.close();
  });
});

describe('home', () => {
  test('says what is true, also after somebody else changed it', async () => {
    const page = await open('');
    const production = page.getByRole('list', { name: 'Environments' }).getByRole('listitem').filter({ hasText: 'production' });
    await production.getByText('rolled back').waitFor();
    const pending = page.getByRole('region', { name: /to publish$/ });
    await pending.getByRole('link', { name: /^From the palette/ }).waitFor();

    await server.edit('home', [{ insert: { key: 'nowhere', parent: 'root', component: 'not-there', major: 1 } }]);
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.getByText('1 error').waitFor();
    await pending.getByRole('link', { name: /^Home/ }).waitFor();
    await problems.getByRole('link', { name: /not-there/ }).click();
    await page.waitForURL('**/studio/shop/screens/home?block=nowhere');
    await page.goBack();
    await server.edit('home', [{ remove: { key: 'nowhere' } }]);
    await problems.getByText('None. Every draft can be published.').waitFor();

    const release = await server.publish('Seen at once');
    await production.getByText(`Release ${release.number}`).waitFor();
    await page.getByText('Every draft is as it is live.').waitFor();

    const at = new Date(Date.now() + 3_600_000).toISOString();
    await server.setTitle('On schedule');
    await server.graphql('mutation ($at: Time!) { releaseSchedule(input: { frontend: "shop", title: "For the weekend", at: $at, acknowledgeWarnings: true }) { userErrors { message } } }', { at });
    await page.getByRole('region', { name: 'Scheduled' }).getByText(/in 1 hour|in 60 minutes/).waitFor();
    assert.equal(await page.evaluate(() => window.notReloaded), true);
    await page.close();
  });

  test('counts usage once it is turned on, and compares releases', async () => {
    await server.graphql('mutation { frontendUpdate(input: { id: "shop", usageEnabled: false }) { userErrors { message } } }');
    let page = await open('');
    const usage = page.getByRole('region', { name: 'What people use' });
    await usage.getByText('No cookies, no personal data').waitFor();
    await usage.getByRole('button', { name: 'Count usage' }).click();
    await usage.getByRole('heading', { name: 'Nothing was seen yet' }).waitFor();
    const before = await server.live();
    const report = (release, views, renderErrors) => server.graphql('mutation ($input: UsageReportInput!) { usageReport(input: $input) { accepted } }', {
      input: { frontend: 'shop', build: '2.0', release, screens: [{ screen: 'home', views, blocks: [{ key: 'hero', views, clicks: 2, renderErrors }] }] },
    });
    assert.equal((await report(before.number, 40, 0)).usageReport.accepted, true);
    await server.setTitle('Something that breaks');
    const release = await server.publish('Something that breaks');
    await report(release.number, 20, 3);
    await page.close();

    page = await open('');
    const shown = page.getByRole('region', { name: 'What people use' });
    await until(async () => {
      const text = await shown.getByTestId('since-release').textContent({ timeout: 2_000 }).catch(() => '');
      if (text === `Since release ${release.number}: 3 render errors in 20 views; before, with release ${before.number}: 0 in 40 views.`) return true;
      await page.reload(); // figures may be a few seconds old
      return false;
    }, 'render errors before and after the publish');
    const hero = shown.getByRole('table', { name: /^Blocks/ }).getByRole('link', { name: 'hero' });
    const editor = await visitor.visit(`${new URL(await hero.evaluate((link) => link.href)).pathname}?block=hero`);
    await editor.getByRole('table', { name: 'This block in production' }).getByRole('row', { name: '24 hours 60 4 3' }).waitFor();
    await editor.close();
    const hour = shown.getByRole('slider', { name: 'Hour' });
    await hour.focus();
    assert.match(await hour.getAttribute('aria-valuetext'), /\(so far\): 60 views, 4 clicks, 3 render errors$/);
    await page.keyboard.press('ArrowLeft');
    assert.match(await hour.getAttribute('aria-valuetext'), /: 0 views, 0 clicks, 0 render errors$/);
    await shown.getByText('As a table').click();
    assert.equal(await shown.getByRole('region', { name: 'Usage by the hour' }).getByRole('row').count(), 25);
    await shown.getByText('7 days').click();
    await until(async () => (await shown.getByRole('region', { name: 'Usage by the hour' }).getByRole('row').count()) === 169, 'seven days by the hour');
    await page.close();
  });
});

describe('components', () => {
  test('are found, and say what they take, where they work and where they are used', async () => {
    const page = await open('/components');
    await page.getByRole('textbox', { name: 'Search components' }).fill('hero');
    await page.getByRole('link', { name: /^Hero/ }).click();
    await page.getByRole('heading', { name: 'Hero', level: 1 }).waitFor();
    const props = page.getByRole('region', { name: 'Table of the props' });
    const title = props.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^title/ }) });
    assert.match((await title.innerText()).replaceAll(/\s+/g, ' '), /title required string 1 to 500 characters Headline The first thing a visitor reads/);
    await page.getByRole('region', { name: 'Props', exact: true }).getByText('JSON Schema').click();
    await page.getByRole('region', { name: 'JSON Schema of the props' }).getByText('"properties"').waitFor();
    await page.getByText('Where a build cannot render Hero,').waitFor();
    await page.getByRole('region', { name: 'Which builds can render which version' }).getByRole('row', { name: /2\.0 .*ships it.*renders it/ }).waitFor();
    await page.getByRole('region', { name: 'Used on' }).getByRole('link', { name: /^Home/ }).waitFor();
    const frame = page.frameLocator('iframe');
    await frame.getByRole('heading', { name: 'Light for long evenings' }).waitFor();
    assert.equal(await page.locator('iframe').getAttribute('sandbox'), 'allow-scripts');
    await page.close();
  });

  test('teach how to register the first ones, for this very server', async () => {
    await server.graphql('mutation { frontendCreate(input: { slug: "empty", name: "Empty" }) { userErrors { message } } }');
    const page = await open('/components', 'empty');
    await page.getByRole('heading', { name: 'No component yet' }).waitFor();
    await page.getByText(`npm install ${server.url}/sdk/sonata-sdk.tgz`).waitFor();
    await page.getByText(`sonata build register --server ${server.url} --frontend empty`).waitFor();
    assert.equal((await fetch(`${server.url}/sdk/sonata-sdk.tgz`, { method: 'HEAD' })).status, 200);
    await page.close();
  });
});

describe('the API view', () => {
  test('gives a curl line that runs', async () => {
    const page = await open('/api');
    const line = await page.getByRole('region', { name: 'Snippet for curl' }).innerText();
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    const { data } = JSON.parse(stdout);
    assert.equal(data.screen.key, 'home');
    assert.ok(data.screen.blocks.length > 3);
    await page.getByText(server.url.replace('http', 'ws') + '/graphql').waitFor();
    await page.close();
  });

  test('opens its query in GraphiQL, which shows it and waits', async () => {
    const page = await open('/api');
    const [graphiql] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: 'Run it in GraphiQL' }).click()]);
    await graphiql.waitForSelector('.graphiql-query-editor .view-line');
    await until(async () => /query Screen \{ screen\( at: \{ path: "\/" \}/.test((await graphiql.locator('.graphiql-query-editor .view-lines').innerText()).replaceAll(/\s+/g, ' ')), 'the query in the editor');
    assert.equal(new URL(graphiql.url()).hash, '');
    assert.doesNotMatch(await graphiql.locator('.graphiql-response .view-lines').innerText(), /screen/);
    await graphiql.locator('.graphiql-execute-button').click();
    await until(async () => /"key": "home"/.test((await graphiql.locator('.graphiql-response .view-lines').innerText()).replaceAll(/\s+/g, ' ')), 'the answer');
    await graphiql.close();
    await page.close();
  });
});

describe('settings', () => {
  test('are saved, and what is wrong is said where it is', async () => {
    const page = await open('/settings');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Nordlys & friends');
    await page.getByRole('textbox', { name: 'Origin 1' }).fill('https://shop.example');
    await page.getByRole('button', { name: 'Add an origin' }).click();
    const second = page.getByRole('textbox', { name: 'Origin 2' });
    await until(() => second.evaluate((input) => input === document.activeElement), 'the focus in the new origin');
    await page.keyboard.type('shop.example/path');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/write scheme and host/).waitFor();
    assert.equal(await second.getAttribute('aria-invalid'), 'true');
    await second.fill('https://other.example');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    const { frontend } = await server.graphql('{ frontend(slug: "shop") { name origins usageEnabled } }');
    assert.deepEqual(frontend, { name: 'Nordlys & friends', origins: ['https://shop.example', 'https://other.example'], usageEnabled: true });
    await page.getByRole('button', { name: 'Frontend: Nordlys & friends' }).waitFor();

    await page.getByRole('switch', { name: 'Count what people use' }).click({ force: true });
    await page.getByText('Usage is no longer counted.').waitFor();
    await page.getByRole('textbox', { name: 'New environment' }).fill('canary');
    await page.keyboard.press('Enter');
    await page.getByRole('radiogroup', { name: 'Who may read canary' }).waitFor();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    assert.equal(await page.evaluate(() => localStorage.getItem('sonata.studio.name')), '"Ada"');
    await page.close();
  });
});

test('hostile words are words in every view', async () => {
  const script = '<img src=x onerror=alert(1)><script>alert(2)</script>\u202E\u2066';
  await server.graphql(
    `mutation ($name: String!, $components: [ComponentSupportInput!]!, $body: JSON!) {
      frontendCreate(input: { slug: "hostile", name: $name }) { userErrors { message } }
      buildRegister(input: { frontend: "hostile", name: $name, components: $components }) { userErrors { message } }
      screenCreate(input: { frontend: "hostile", key: "constructor", title: $name, path: "/", body: $body }) { userErrors { message } }
      releasePublish(input: { frontend: "hostile", title: $name, acknowledgeWarnings: true }) { userErrors { message } }
    }`,
    {
      name: script,
      components: [
        { key: 'page', version: '1.0', slots: ['children'] },
        {
          key: 'constructor', version: '1.0', title: script, category: '__proto__',
          propsSchema: JSON.parse(`{"type":"object","description":${JSON.stringify(script)},"required":["toString"],"properties":{"__proto__":{"type":"string","title":${JSON.stringify(script)}},"toString":{"enum":[${JSON.stringify(script)}]},"loop":{"$ref":"#/properties/loop"}}}`),
          examples: [{ title: script, props: { text: script } }],
        },
      ],
      body: { format: 1, root: 'root', blocks: { root: { component: 'page', major: 1, props: {}, slots: { children: ['toString'] } }, toString: { component: 'constructor', major: 1, props: { text: script }, slots: {} } } },
    },
  );
  for (const at of ['', '/screens', '/components', '/components/constructor', '/api', '/settings']) {
    const page = await open(at, 'hostile');
    await palette(page, 'img');
    await page.getByRole('option').first().waitFor();
    assert.equal(await page.evaluate(() => document.querySelectorAll('main img, main script, [role="dialog"] img, [role="dialog"] script').length), 0, at);
    await page.close();
  }
});
