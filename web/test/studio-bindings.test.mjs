// Binding props to data: through the dialog with the mouse and once with the keyboard alone, what the draft holds then, what
// the preview shows, what the changes say, and who may be given the same answer.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Server, settled, sideways, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// With SHOTS=folder every state is kept as a picture, to be looked at, instead of being checked.
const SHOTS = process.env.SHOTS ?? '';

const ROUTES = 'query ShopRoutes($environment: String! = "production", $with: Boolean! = false) { frontend(slug: "shop") { name routes(environment: $environment) { path screenKey title hidden: title @include(if: $with) } } }';
const PRODUCT = 'query ProductScreen($path: String!, $first: Int = 3) { screen(at: { path: $path }, context: { frontend: "shop" }) { key title } frontend(slug: "shop") { releases(first: $first) { totalCount } } }';
const WRITE = 'mutation Write($input: ScreenCreateInput!) { screenCreate(input: $input) { screen { id } } }';

let server;
let browser;
let visitor;
let hashes;
before(async () => {
  server = await Server.start();
  browser = await startBrowser();
  visitor = await Visitor.open(browser, server);
  const insert = (key, props) => server.edit('home', [{ insert: { key, parent: 'root', component: 'feature-list', props } }]);
  await insert('rows', { items: [{ title: 'Before' }] });
  await insert('others', { title: 'Written', items: [{ title: 'One' }] });
  const product = await server.screen('product');
  assert.match(product?.body.root ?? '', /./, 'the demo has a screen with a parameter in its path');
});
after(async () => {
  try {
    await visitor?.close();
  } finally {
    await browser?.close();
    await server?.remove();
  }
});

const register = async () => {
  const { documentsRegister } = await server.graphql('mutation ($input: DocumentsRegisterInput!) { documentsRegister(input: $input) { documents { name hash } userErrors { message } } }', { input: { frontend: 'shop', documents: [ROUTES, PRODUCT, WRITE].map((body) => ({ body })) } });
  assert.deepEqual(documentsRegister.userErrors, []);
  hashes = Object.fromEntries(documentsRegister.documents.map(({ name, hash }) => [name, hash]));
};

const stored = async (key, screen = 'home') => (await server.screen(screen)).body.blocks[key].props;
const settles = async (key, want, screen) => {
  let last;
  await until(async () => {
    last = await stored(key, screen);
    try {
      assert.deepEqual(last, want);
      return true;
    } catch {
      return false;
    }
  }, 'the draft to be as it was bound').catch(() => assert.deepEqual(last, want));
};
const open = async (key, screen = 'home') => {
  const page = await visitor.visit(`/studio/shop/screens/${screen}?block=${key}`);
  const form = page.getByTestId('props-form');
  await form.waitFor();
  return { page, form };
};

async function clean(page, what) {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run('[role="dialog"], [data-testid="props-form"]', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html)]), [], what);
  assert.ok((await sideways(page)) <= 0, `${what} scrolls sideways`);
}

/** Light and wide, dark and narrow: no violation. */
async function everyWay(page, what) {
  for (const [colorScheme, width] of [['light', 1280], ['dark', 360]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await (SHOTS === '' ? clean(page, `${what}, ${colorScheme}, ${width}`) : settled(page));
    if (SHOTS === '') continue;
    await mkdir(SHOTS, { recursive: true });
    await page.screenshot({ path: path.join(SHOTS, `${what.replace(/\W+/g, '-')}-${colorScheme}-${width}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('where nothing is registered the dialog says how to begin', async () => {
  const { page, form } = await open('rows');
  await form.getByRole('button', { name: 'Bind Items to data' }).click();
  const dialog = page.getByRole('dialog', { name: 'Bind Items to data' });
  await dialog.getByRole('heading', { name: 'No document is registered yet' }).waitFor();
  await dialog.getByText(`sonata documents push --server ${server.url} --frontend shop manifest.json`).waitFor();
  await everyWay(page, 'no document');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.close();
});

test('a list is bound with the mouse: document, variables, place, mapping; and undone and redone', async () => {
  await register();
  const { page, form } = await open('rows');
  await form.getByRole('button', { name: 'Bind Items to data' }).click();
  const dialog = page.getByRole('dialog', { name: 'Bind Items to data' });
  const documents = dialog.getByRole('list', { name: 'Documents' });
  assert.equal(await documents.getByRole('button', { name: /^Write/ }).isDisabled(), true);
  await documents.getByText('It changes something: only queries are run for a screen.').waitFor();
  await everyWay(page, 'documents');
  await dialog.getByRole('searchbox').fill('shopr');
  await until(async () => (await documents.getByRole('listitem').count()) === 1, 'the list to be narrowed');
  await documents.getByRole('button', { name: /^ShopRoutes/ }).click();

  await dialog.getByRole('textbox', { name: 'environment' }).waitFor();
  assert.equal(await dialog.getByRole('textbox', { name: 'environment' }).getAttribute('placeholder'), 'production (default)');
  assert.equal(await dialog.getByRole('switch').count(), 0, 'the path of the home screen has no parameter');
  await everyWay(page, 'variables');
  await dialog.getByRole('textbox', { name: 'environment' }).fill('production');
  await dialog.getByRole('button', { name: 'Next' }).click();

  const tree = dialog.getByRole('radiogroup', { name: 'What to take out of the answer' });
  await until(() => tree.getByRole('radio', { name: /^routes/ }).isChecked(), 'the list that fits to be chosen');
  assert.equal(await tree.getByRole('radio', { name: /^name/ }).isDisabled(), true);
  await tree.getByText('“Nordlys”').waitFor();
  const properties = dialog.getByRole('list', { name: 'Properties' });
  assert.equal(await properties.getByLabel(/^Title/).inputValue(), '/title');
  await properties.getByLabel(/^Text/).focus();
  await dialog.getByRole('list', { name: /Press a field to fill/ }).getByRole('button', { name: /^path/ }).click();
  assert.equal(await properties.getByLabel(/^Text/).inputValue(), '/path');
  const outcome = dialog.getByRole('region', { name: 'What comes out' });
  await outcome.getByRole('cell', { name: '/', exact: true }).waitFor();
  assert.ok((await outcome.getByRole('row').count()) <= 4);
  await everyWay(page, 'data');
  await dialog.getByRole('button', { name: 'Use' }).click();
  await dialog.waitFor({ state: 'detached' });

  const chip = form.getByTestId('bound');
  await chip.getByText('ShopRoutes').waitFor();
  await chip.getByText('frontend › routes · 2 mapped').waitFor();
  const bound = { items: { $bind: { document: hashes.ShopRoutes, variables: { environment: 'production' }, path: '/frontend/routes', map: { title: '/title', text: '/path' } } } };
  await settles('rows', bound);
  await until(() => chip.getByRole('button', { name: /^Edit/ }).evaluate((button) => button === document.activeElement), 'the focus on the chip');
  const shown = page.frameLocator('iframe').locator('[data-block="rows"]');
  await shown.getByText('/products').first().waitFor();
  assert.doesNotMatch(await shown.innerText(), /object Object/);
  await everyWay(page, 'bound');

  await page.getByRole('tree').focus();
  await page.keyboard.press('Control+z');
  await settles('rows', { items: [{ title: 'Before' }] });
  await form.getByText('Before').waitFor();
  await page.keyboard.press('Control+Shift+z');
  await settles('rows', bound);
  await chip.waitFor();

  // Editing begins where the data is; personal data is the page's own affair.
  await chip.getByRole('button', { name: /^Edit/ }).click();
  await until(() => tree.getByRole('radio', { name: /^routes/ }).isChecked(), 'the place that was chosen');
  await dialog.getByRole('switch', { name: /^Personal/ }).check();
  await dialog.getByRole('button', { name: 'Use' }).click();
  await settles('rows', { items: { $bind: { ...bound.items.$bind, run: 'page' } } });
  await chip.getByText('personal').waitFor();
  await chip.getByRole('button', { name: /^Remove/ }).click();
  await settles('rows', {});
  await page.close();
});

test('a text is bound with the keyboard alone, to what the path of the screen names', async () => {
  await server.edit('product', [{ insert: { key: 'extra', parent: 'root', component: 'feature-list', props: { title: 'Written', items: [{ title: 'One' }] } } }]);
  const { page, form } = await open('extra', 'product');
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await form.getByRole('button', { name: 'Bind Heading to data' }).focus();
  await press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Bind Heading to data' });
  await until(() => dialog.getByRole('searchbox').evaluate((input) => input === document.activeElement), 'the focus in the search');
  await page.keyboard.type('Product');
  await until(async () => (await dialog.getByRole('list', { name: 'Documents' }).getByRole('listitem').count()) === 1, 'the list to be narrowed');
  await press('Tab', 'Enter');
  await until(() => dialog.getByRole('heading', { name: 'Variables' }).evaluate((heading) => heading === document.activeElement), 'the focus on the second step');
  assert.equal(await dialog.getByRole('button', { name: 'Next' }).isDisabled(), true);
  await dialog.getByRole('switch').first().waitFor();
  await press('Tab'); // the switch
  await press('Space');
  await dialog.getByLabel('Parameter').waitFor();
  await press('Tab', 'Tab'); // past the one parameter that there is
  await press('Control+A');
  await page.keyboard.type('lamp');
  await everyWay(page, 'a parameter');
  await until(async () => !(await dialog.getByRole('button', { name: 'Next' }).isDisabled()), 'all that is needed');
  await dialog.getByRole('button', { name: 'Next' }).focus();
  await press('Enter');
  const tree = dialog.getByRole('radiogroup');
  await tree.getByRole('radio', { name: /^title/ }).waitFor();
  // The arrow keys go from one that fits to the next.
  await tree.getByRole('radio', { name: /^key/ }).focus();
  await press('Space', 'ArrowDown');
  await until(() => tree.getByRole('radio', { name: /^title/ }).isChecked(), 'the next one that fits');
  await dialog.getByRole('button', { name: 'Use' }).focus();
  await press('Enter');
  await dialog.waitFor({ state: 'detached' });
  const [name] = /:(\w+)/.exec((await server.graphql('{ frontend(slug: "shop") { screens(first: 100) { edges { node { key path } } } } }')).frontend.screens.edges.find(({ node }) => node.key === 'product').node.path).slice(1);
  await settles('extra', { title: { $bind: { document: hashes.ProductScreen, variables: { path: { $param: name } }, path: '/screen/title' } }, items: [{ title: 'One' }] }, 'product');
  await until(() => form.getByRole('button', { name: /^Edit what Heading/ }).evaluate((button) => button === document.activeElement), 'the focus on the chip');
  await press('Tab', 'Enter');
  await settles('extra', { items: [{ title: 'One' }] }, 'product');
  await until(() => form.getByRole('textbox', { name: 'Heading' }).evaluate((input) => input === document.activeElement), 'the focus in the field');
  await page.close();
});

test('an entry of a list is bound by itself, what is broken is said, and changes are told in words', async () => {
  await server.edit('home', [{ setProps: { key: 'others', patch: { title: { $bind: { document: `sha256:${'0'.repeat(64)}`, path: '/nothing' } } } } }]);
  const { page, form } = await open('others');
  await form.getByText('No such document is registered, or you may not look at it.').waitFor();
  await form.getByRole('button', { name: 'What to do with feature 1' }).click();
  await page.getByRole('menuitem', { name: 'Bind to data…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^ShopRoutes/ }).click();
  await dialog.getByRole('button', { name: 'Next' }).click();
  const tree = dialog.getByRole('radiogroup');
  await tree.getByRole('button', { name: 'Inside routes' }).waitFor();
  await tree.getByRole('radio', { name: /^first entry/ }).check();
  await dialog.getByRole('button', { name: 'Use' }).click();
  const item = { $bind: { document: hashes.ShopRoutes, path: '/frontend/routes/0', map: { title: '/title' } } };
  await settles('others', { title: { $bind: { document: `sha256:${'0'.repeat(64)}`, path: '/nothing' } }, items: [item] });
  const shown = page.frameLocator('iframe').locator('[data-block="others"]');
  await until(async () => !/object Object|sha256/.test(await shown.innerText()), 'the preview without envelopes');
  await page.goto(`${server.url}/studio/shop/changes`);
  await page.getByText(/Others.*added/).first().waitFor();
  await page.close();
});

test('who may be given the same answer of a document is said in the documents view', async () => {
  const page = await visitor.visit('/studio/shop/documents');
  await page.getByRole('button', { name: 'ShopRoutes', exact: true }).click();
  const choice = page.getByRole('switch', { name: /Everybody may be given the same answer/ });
  await choice.check();
  const seconds = async () => (await server.graphql('query ($hash: String!) { frontend(slug: "shop") { documents(first: 1, query: $hash) { edges { node { publicMaxAge } } } } }', { hash: hashes.ShopRoutes })).frontend.documents.edges[0].node.publicMaxAge;
  await until(async () => (await seconds()) === 60, 'a minute');
  await page.getByRole('textbox', { name: 'Seconds' }).fill('0');
  assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
  await page.getByRole('textbox', { name: 'Seconds' }).fill('300');
  await page.keyboard.press('Enter');
  await until(async () => (await seconds()) === 300, 'five minutes');
  if (SHOTS !== '') await page.screenshot({ path: path.join(SHOTS, 'public.png') });
  await choice.uncheck();
  await until(async () => (await seconds()) === null, 'each their own');
  await page.goto(`${server.url}/studio/shop/audit`);
  await page.getByRole('button', { name: 'Changed what a document may be used for' }).first().waitFor();
  await page.close();
});
