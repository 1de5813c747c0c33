// A screen that was made to do harm: whatever stands in it is shown as text, or refused when it is saved.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertHarmless, following, h1, LONG, SCRIPT, Server, startBrowser, TURNED, until, Visitor } from './harness.mjs';

let browser;
let server;
let room = 0;

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

// What is not a text for people: to change it would only make the props invalid.
const KEEP = new Set(['href', 'src', 'art', 'icon', 'tone', 'layout', 'ratio', 'align', 'endsAt', 'repeats', 'currency', 'handle', 'width', 'screen']);

/** The same props with another text wherever there is one for people. */
function withTexts(value, text, name = '') {
  if (typeof value === 'string') return KEEP.has(name) ? value : text(name, value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, text, name));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTexts(item, text, key)]));
  return value;
}

async function rewrite(key, text) {
  const { body } = await server.screen(key);
  const ops = Object.entries(body.blocks).map(([block, { props }]) => ({ setProps: { key: block, patch: withTexts(props, text) } }));
  return server.edit(key, ops);
}

for (const [what, text] of [
  ['script', () => SCRIPT],
  ['texts that end a line for everybody, or turn it around', () => TURNED],
  // Where a heading, a text, a label stands; all of them together would be more than a screen may hold.
  ['a word of 4,000 letters', (name, old) => (['title', 'text', 'label', 'name', 'tagline', 'question', 'quote', 'author', 'brand', 'legal', 'eyebrow', 'badge'].includes(name) && room-- > 0 ? LONG : old)],
]) {
  test(`every text is ${what}`, async () => {
    for (const key of ['home', 'product', 'footer']) {
      room = 55;
      await rewrite(key, text);
    }
    // Some properties have a limit of their own. Those blocks cannot go live, which is as good; the draft shows them all.
    const { previewLinkCreate } = await server.graphql('mutation { previewLinkCreate(input: { frontend: "shop" }) { token } }');
    for (const [width, scheme] of [[390, 'light'], [1280, 'dark']]) {
      const visitor = await Visitor.open(browser, server, { viewport: { width, height: 800 }, colorScheme: scheme });
      for (const build of ['', '&build=1.0']) {
        for (const path of ['/demo/', '/demo/products/lamp']) {
          const page = await visitor.visit(`${path}?preview=${encodeURIComponent(previewLinkCreate.token)}${build}`);
          await following(page);
          await assertHarmless(page, `${path} ${build} at ${width}`);
          await page.getByTestId('degradations').click();
          await page.locator('.sheet').waitFor();
          await assertHarmless(page, `${path} ${build} at ${width}, details open`);
          await page.close();
        }
      }
      await visitor.close();
    }
  });
}

test('hostile text goes live as text', async () => {
  const live = await server.live();
  for (const key of ['home', 'product', 'footer']) {
    const { id, version } = await server.screen(key);
    await server.graphql('mutation ($input: ScreenRevertInput!) { screenRevert(input: $input) { userErrors { message } } }', { input: { id, expectedVersion: version, toRelease: live.id } });
  }
  const visitor = await Visitor.open(browser, server);
  const page = await visitor.visit('/demo/');
  await following(page);
  const title = SCRIPT.slice(0, 120);
  await server.edit('home', [{ setProps: { key: 'hero', patch: { title, text: LONG, eyebrow: TURNED, polluted: true } } }]);
  await server.publish(SCRIPT.slice(0, 200));
  await until(async () => (await h1(page).textContent()) === title, 'the hostile headline');
  await assertHarmless(page, 'live');
  // Each text keeps to itself: an override in one must not turn its neighbors around.
  assert.ok(await page.locator('main [dir="auto"]').evaluateAll((texts) => texts.every((text) => getComputedStyle(text).unicodeBidi === 'isolate' || getComputedStyle(text).display !== 'inline')));
  await visitor.close();
});

test('addresses that run script are refused when they are saved', async () => {
  const { version } = await server.screen('home');
  for (const href of [
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', '\u00a0javascript:alert(1)', '\u0001javascript:alert(1)', 'java\tscript:alert(1)',
    'java\nscript:alert(1)', 'java\u0000script:alert(1)', 'javascript\u200b:alert(1)', 'vbscript:x', 'data:text/html,<script>alert(1)</script>',
    'blob:http://x/y', 'filesystem:http://x/y', 'view-source:x',
  ]) {
    for (const [block, patch] of [['hero', { link: { label: 'Go', href } }], ['hero', { secondaryLink: { label: 'Go', href } }], ['story-picture', { src: href }]]) {
      const payload = await server.tryEdit('home', [{ setProps: { key: block, patch } }]);
      assert.equal(payload.userErrors[0]?.code, 'INVALID', `${JSON.stringify(href)} was saved in ${Object.keys(patch)} of ${block}`);
      assert.equal(payload.screen, null);
    }
  }
  assert.equal((await server.screen('home')).version, version);
});

test('an address that arrived all the same leads nowhere', async () => {
  // Drafts and caches may be older than a rule. The page asks the server; what comes back is changed on the way.
  const visitor = await Visitor.open(browser, server);
  const links = ['javascript:window.harmed=1', 'java\tscript:window.harmed=1', 'data:text/html,x', '\\\\elsewhere.example', 'intent://x', 'file:///etc/passwd'];
  for (const href of links) {
    const page = await visitor.context.newPage();
    await page.routeWebSocket(/graphql/, () => undefined); // nothing live, so that the changed answer stays
    await page.route('**/graphql', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      const hero = body.data?.screen?.blocks.find((block) => block.key === 'hero');
      if (hero) hero.props.link = { label: 'Go', href };
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto(`${server.url}/demo/`);
    await page.getByText('Go', { exact: true }).click();
    assert.equal(await page.getByRole('link', { name: 'Go', exact: true }).count(), 0, `${href} became a link`);
    await assertHarmless(page, href);
    await page.close();
  }
  await visitor.close();
});

test('names of prototypes are only names', async () => {
  // JSON.parse makes __proto__ an own key, an object literal would not.
  const patch = JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}}, "toString": "x", "hasOwnProperty": 1, "link": {"__proto__": {"polluted": "yes"}, "label": "Go", "href": "/"}}');
  for (const op of [
    { setProps: { key: 'hero', patch } },
    { insert: { key: 'constructor', parent: 'root', index: 1, component: 'banner', props: { title: 'My key is constructor' } } },
    { insert: { key: 'toString', parent: 'root', index: 2, component: 'banner', props: { title: 'My key is toString' } } },
    { insert: { key: '__proto__', parent: 'root', index: 3, component: 'banner', props: { title: 'My key is __proto__' } } },
    { insert: { key: 'odd', parent: 'root', index: 4, component: 'constructor', major: 1, props: {} } },
    { insert: { key: 'icons', parent: 'root', index: 5, component: 'feature-list', props: { items: [{ title: 'Icon', icon: 'constructor' }, { title: 'Icon', icon: '__proto__' }] } } },
  ]) await server.tryEdit('home', [op]); // refused or kept as names: both are fine, and the page must live with either
  const { previewLinkCreate } = await server.graphql('mutation { previewLinkCreate(input: { frontend: "shop" }) { token } }');
  const visitor = await Visitor.open(browser, server);
  for (const build of ['', '&build=1.0']) {
    const page = await visitor.visit(`/demo/?preview=${encodeURIComponent(previewLinkCreate.token)}${build}`);
    await following(page);
    await assertHarmless(page, build);
    assert.ok((await page.locator('main [data-block]').count()) > 8, 'the screen did not survive');
  }
  for (const at of ['/demo/products/__proto__', '/demo/products/constructor', '/demo/__proto__', '/demo/?env=__proto__', '/demo/?build=constructor', '/demo/#"]%5B%22', '/demo/products/%F0%9F%9B%8B']) {
    const page = await visitor.visit(at);
    await page.waitForSelector('.shop:not([data-phase="loading"])');
    await assertHarmless(page, at);
  }
  await visitor.close();
});
