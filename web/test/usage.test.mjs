// What the demo reports of its use, and what it does not.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { following, h1, Server, shows, startBrowser, until, Visitor } from './harness.mjs';

let browser;
let server;
let visitor;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  server = await Server.start();
  visitor = await Visitor.open(browser, server);
});
afterEach(async () => {
  await visitor?.context.close();
  await server?.remove();
});

const collect = (usageEnabled) => server.graphql('mutation ($on: Boolean!) { frontendUpdate(input: {id: "shop", usageEnabled: $on}) { userErrors { message } } }', { on: usageEnabled });
const used = async () => {
  const { usage } = (await server.graphql(`{ frontend(slug: "shop") { usage { total { views clicks renderErrors }
    screens { screenKey count { views clicks } blocks { blockKey count { views clicks renderErrors } } } releases { release { number } count { views clicks renderErrors } } builds { build count { views } } } } }`)).frontend;
  return usage;
};
const blocks = (usage, screen = 'home') => new Map((usage.screens.find(({ screenKey }) => screenKey === screen)?.blocks ?? []).map(({ blockKey, count }) => [blockKey, count]));
/** Every report that a page sends, as it leaves. */
function reportsOf(page) {
  const reports = [];
  page.on('request', (request) => {
    const body = request.method() === 'POST' ? request.postData() : null;
    if (body?.includes('usageReport')) reports.push({ headers: request.headers(), body, input: JSON.parse(body).variables.input });
  });
  return reports;
}

test('views, clicks and releases are counted once per visit, and sent when the page is left', async () => {
  const page = await visitor.context.newPage();
  const reports = reportsOf(page);
  await page.goto(`${server.url}/demo/`);
  await following(page);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
  // Down and up again: a block that is seen twice in one visit is one view.
  for (const key of ['grid', 'hero', 'grid', 'hero']) {
    await page.locator(`[data-block="${key}"]`).evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  }
  await page.locator('[data-block="hero"] h1').click();
  // What is sent while a page goes away cannot be watched; so it is made to believe that it does.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await until(() => reports.length === 1, 'a report');
  await server.setTitle('Another release');
  await server.publish();
  await shows(page, 'Another release');
  await page.locator('[data-block="hero"] h1').click();
  await page.locator('[data-block="hero"] h1').click();
  await page.goto(`${server.url}/`);

  const usage = await until(async () => { const u = await used(); return u.total.clicks === 3 && u; }, 'what was counted');
  const home = usage.screens.find(({ screenKey }) => screenKey === 'home');
  assert.equal(home.count.views, 1);
  assert.equal(blocks(usage).get('hero').views, 1);
  assert.equal(blocks(usage).get('grid').views, 1);
  assert.equal(blocks(usage).get('hero').clicks, 3);
  assert.equal(blocks(usage).get('letter'), undefined, 'what was never in view was counted');
  assert.deepEqual(usage.releases.map(({ release, count }) => [release.number, count.clicks]), [[2, 2], [1, 1]]);
  assert.deepEqual(usage.builds.map(({ build }) => build), ['2.0']);

  // Nothing of a person: no cookie, no text, nothing but keys and figures.
  for (const { headers, input } of reports) {
    assert.equal(headers.cookie, undefined);
    assert.equal(headers.authorization, undefined);
    assert.deepEqual(Object.keys(input).sort(), ['build', 'environment', 'frontend', 'release', 'screens']);
    for (const { screen, views, blocks: counted, ...rest } of input.screens) {
      assert.ok(typeof screen === 'string' && Number.isInteger(views));
      assert.deepEqual(rest, {});
      for (const { key, ...counts } of counted) {
        assert.equal(typeof key, 'string');
        assert.deepEqual(Object.keys(counts).sort(), ['clicks', 'renderErrors', 'views']);
      }
    }
  }
  visitor.check();
});

test('a visit of another screen and back is another view', async () => {
  const page = await visitor.visit('/demo/');
  await following(page);
  await page.locator('.card').first().click();
  await shows(page, 'Lumi');
  await page.goBack();
  await shows(page, 'Light for long evenings');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
  await page.goto(`${server.url}/`);
  const usage = await until(async () => { const u = await used(); return u.screens.length === 2 && u; }, 'what was counted');
  assert.deepEqual(usage.screens.map(({ screenKey, count }) => [screenKey, count.views]), [['home', 2], ['product', 1]]);
  visitor.check();
});

test('a block that cannot be drawn is counted', async () => {
  const page = await visitor.context.newPage();
  await page.routeWebSocket(/graphql/, () => undefined); // nothing live, so that the changed answer stays
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('SonataScreen')) return route.continue();
    const answer = await route.fetch();
    // Half a letter cannot be part of an address: the grid throws.
    const text = (await answer.text()).replace('"handle":"lamp"', '"handle":"\\ud800"');
    await route.fulfill({ response: answer, body: text });
  });
  await page.goto(`${server.url}/demo/`);
  await page.waitForSelector('.shop[data-phase="shown"]');
  assert.equal(await page.locator('[data-block="grid"]').count(), 0);
  assert.equal(await h1(page).textContent(), 'Light for long evenings');
  await page.goto(`${server.url}/`);
  await until(async () => blocks(await used()).get('grid')?.renderErrors === 1, 'the render error');
});

test('a frontend that does not collect is asked once, and a preview never', async () => {
  await collect(false);
  const page = await visitor.visit('/demo/');
  await following(page);
  const reports = reportsOf(page);
  const leave = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')) && dispatchEvent(new PageTransitionEvent('pagehide')));
  await leave();
  await until(() => reports.length === 1, 'the first report');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
  await page.locator('h1').first().click();
  await page.locator('.card').first().click();
  await shows(page, 'Lumi');
  await leave();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  assert.equal(reports.length, 1, 'reports went on');

  const { previewLinkCreate } = await server.graphql('mutation { previewLinkCreate(input: { frontend: "shop" }) { token } }');
  await collect(true);
  const preview = await visitor.visit(`/demo/?preview=${encodeURIComponent(previewLinkCreate.token)}`);
  const sent = reportsOf(preview);
  await following(preview);
  await preview.locator('h1').first().click();
  await preview.goto(`${server.url}/`);
  assert.deepEqual(sent, []);
  assert.equal((await used()).total.views, 0);
  visitor.check();
});
