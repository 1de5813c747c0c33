// The demo shop against a real server: it follows what is live and never takes anything away from who reads it.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { clock, following, h1, notReloaded, Server, shows, startBrowser, stopwatch, until, Visitor } from './harness.mjs';

const SEEDED = 'Light for long evenings';

let browser;
let server;
let visitor;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  server = await Server.start();
  // Everything else in this folder asks for reduced motion; what moves must do no harm either.
  visitor = await Visitor.open(browser, server, { reducedMotion: 'no-preference' });
});
afterEach(async () => {
  try {
    await visitor?.close();
    assert.equal(server?.log, '', 'the server logged a warning or an error');
  } finally {
    await server?.remove();
  }
});

describe('a publish', () => {
  test('changes the page, an edit does not, and a roll back brings the old text back', async (t) => {
    const first = await server.live();
    const page = await visitor.visit('/demo/');
    await following(page);
    assert.equal(await h1(page).textContent(), SEEDED);
    assert.equal(await page.title(), 'Home · Nordlys');

    // Somebody is far down the page, in the middle of typing.
    const input = page.locator('.newsletter input');
    await input.scrollIntoViewIfNeeded();
    await input.click();
    await page.keyboard.type('ida@exam');
    await page.evaluate(() => document.querySelector('.newsletter input').setAttribute('data-same', ''));
    const stand = () => page.evaluate(() => {
      const field = document.querySelector('.newsletter input');
      return {
        y: window.scrollY, top: Math.round(field.getBoundingClientRect().top), typed: field.value, focused: document.activeElement === field,
        same: field.hasAttribute('data-same'), notReloaded: window.notReloaded === true,
      };
    });
    const here = await stand();
    assert.ok(here.y > 1_500, `scrolled to ${here.y} only`);
    await page.evaluate(() => {
      window.lit = [];
      const animate = Element.prototype.animate;
      Element.prototype.animate = function (...how) {
        window.lit.push(this.dataset.block);
        return animate.apply(this, how);
      };
    });

    const title = 'Warm rooms for cold nights';
    await server.setTitle(title);
    // That nothing happens cannot be waited for. What can: the draft shows the edit to who asks for drafts, and a tab that
    // follows the draft was told. Whoever else was to be told has been told by then.
    const { previewLinkCreate } = await server.graphql('mutation { previewLinkCreate(input: { frontend: "shop" }) { token } }');
    const preview = await visitor.visit(`/demo/?preview=${encodeURIComponent(previewLinkCreate.token)}`);
    await following(preview);
    assert.equal(await h1(preview).textContent(), title);
    await server.edit('home', [{ setProps: { key: 'hero', patch: { title: 'Not this one' } } }]);
    await shows(preview, 'Not this one');
    await server.setTitle(title);
    await shows(preview, title);
    await preview.close();
    await page.bringToFront();
    assert.deepEqual(await stand(), here);
    assert.equal(await h1(page).textContent(), SEEDED, 'an edit of the draft reached the live page');

    for (const [what, next, act] of [
      ['publish', title, () => server.publish()],
      ['roll back', SEEDED, () => server.rollBack(first.id)],
    ]) {
      const arrived = await stopwatch(page, 'main h1', next);
      const sent = clock();
      await act();
      const answered = clock();
      const shown = await arrived();
      t.diagnostic(`${what}: new text on the page ${Math.round(shown - sent)} ms after the call was sent, ${Math.round(shown - answered)} ms after it was answered`);
      assert.ok(shown - answered < 2_000, `${what}: took ${shown - answered} ms`);
      assert.deepEqual(await stand(), here, `${what}: scroll, focus or half a word was lost`);
      assert.equal(await h1(page).textContent(), next);
    }
    await page.waitForSelector('.shop[data-release="1"]');
    assert.deepEqual(await page.evaluate(() => window.lit), ['hero', 'hero'], 'what changed lights up, and nothing else');
    await page.keyboard.type('ple.org');
    assert.equal(await input.inputValue(), 'ida@example.org');
  });

  test('that makes the page higher above who reads does not move what they read', async () => {
    const page = await visitor.visit('/demo/');
    await following(page);
    await page.locator('.faq summary').first().click();
    await page.locator('.newsletter').scrollIntoViewIfNeeded();
    const top = () => page.evaluate(() => Math.round(document.querySelector('.newsletter').getBoundingClientRect().top));
    const before = await top();
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await server.edit('home', [
      { setProps: { key: 'hero', patch: { text: 'A long story. '.repeat(120) } } },
      { insert: { key: 'note', parent: 'root', index: 1, component: 'banner', props: { title: 'Something new above' } } },
    ]);
    await server.publish();
    await page.waitForSelector('[data-block="note"]');
    assert.ok((await page.evaluate(() => document.documentElement.scrollHeight)) > height + 100, 'the page did not grow');
    assert.ok(Math.abs((await top()) - before) <= 2, `moved by ${(await top()) - before} px`);
    assert.ok(await page.locator('.faq details').first().evaluate((details) => details.open), 'an opened answer was closed');
    assert.ok(await notReloaded(page));
  });

  test('reaches every open tab, whatever screen it shows', async (t) => {
    const pages = await Promise.all(['/demo/', '/demo/products/lamp', '/demo/products/sofa', '/demo/?build=1.0'].map((at) => visitor.visit(at)));
    await Promise.all(pages.map(following));
    await server.edit('footer', [{ setProps: { key: 'root', patch: { tagline: 'Open until late' } } }]);
    const watches = await Promise.all(pages.map((page) => stopwatch(page, '.footer .about p:nth-child(2)', 'Open until late')));
    const sent = clock();
    await server.publish();
    const moments = await Promise.all(watches.map((arrived) => arrived()));
    t.diagnostic(`a shared footer in ${pages.length} tabs: ${moments.map((moment) => Math.round(moment - sent)).join(', ')} ms`);
    await Promise.all(pages.map((page) => page.waitForSelector('.shop[data-release="2"]')));
    for (const page of pages) assert.ok(await notReloaded(page));
  });

  test('of another screen changes the number in the bar only', async () => {
    const page = await visitor.visit('/demo/products/lamp');
    await following(page);
    await server.setTitle('Elsewhere');
    await server.publish();
    await page.waitForSelector('.shop[data-release="2"]');
    assert.equal(await h1(page).textContent(), 'Lumi');
    assert.ok(await notReloaded(page));
  });

  test('adds and removes blocks and screens while the page is open', async () => {
    const page = await visitor.visit('/demo/');
    await following(page);
    await server.edit('home', [
      { remove: { key: 'story' } },
      { move: { key: 'letter', parent: 'root', index: 1 } },
      { insert: { key: 'sale', parent: 'root', index: 0, component: 'banner', props: { title: 'Tonight only', tone: 'warm', link: { label: 'See it', href: '/tonight' } } } },
    ]);
    await server.graphql('mutation { screenCreate(input: {frontend: "shop", key: "tonight", title: "Tonight", path: "/tonight"}) { userErrors { message } } }');
    await server.edit('tonight', [{ insert: { key: 'top', parent: 'root', component: 'hero', props: { title: 'Until midnight' } } }]);
    await server.publish();
    await page.waitForSelector('[data-block="sale"]');
    assert.equal(await page.locator('[data-block="story"]').count(), 0);
    assert.deepEqual(await page.locator('main > .page > [data-block]').evaluateAll((blocks) => blocks.slice(0, 4).map((block) => block.dataset.block)), ['sale', 'hero', 'letter', 'promises']);
    await page.locator('header nav a', { hasText: 'Tonight' }).waitFor();
    await page.locator('[data-block="sale"] a').click();
    await shows(page, 'Until midnight');
    assert.equal(new URL(page.url()).pathname, '/demo/tonight');

    const withTonight = await server.live();
    const { id, version } = await server.screen('tonight');
    await server.graphql('mutation ($input: ScreenDeleteInput!) { screenDelete(input: $input) { userErrors { message } } }', { input: { id, expectedVersion: version } });
    await server.edit('home', [{ remove: { key: 'sale' } }]);
    await server.publish();
    await shows(page, 'There is nothing on this shelf');
    await page.locator('header nav a', { hasText: 'Tonight' }).waitFor({ state: 'detached' });
    await server.rollBack(withTonight.id);
    await shows(page, 'Until midnight');
    assert.ok(await notReloaded(page));
  });
});

describe('an old build', () => {
  test('shows fallbacks, says so, and follows releases', async () => {
    const page = await visitor.visit('/demo/?build=1.0');
    await following(page);
    assert.equal(await page.locator('.countdown').count(), 0);
    const drop = page.locator('[data-block="drop"]');
    assert.match(await drop.getAttribute('class'), /banner/);
    assert.equal(await drop.locator('.title').textContent(), 'The workshop drop opens on Thursday');
    // The hero is projected: what version 2.0 did not have is not there.
    const hero = page.locator('[data-block="hero"]');
    assert.match(await hero.getAttribute('class'), /first/);
    assert.equal(await h1(page).textContent(), SEEDED);
    assert.equal(await hero.locator('.eyebrow, .facts').count(), 0);
    assert.equal(await hero.getByText('Meet the').count(), 0, 'the second link is of a later version');

    // There is no newsletter for this build, so nothing leads to one.
    assert.equal(await page.locator('[data-block="letter"]').count(), 0);
    assert.equal(await drop.locator('.button').count(), 0);
    assert.equal(await page.locator('.footer li > span').textContent(), 'The monthly letter');

    await page.getByTestId('degradations').click();
    const rows = await page.locator('.sheet li').evaluateAll((items) => items.map((item) => [...item.children].map((child) => child.textContent)));
    const row = (key) => rows.find(([block]) => block === key);
    assert.deepEqual(row('drop'), ['drop', 'countdown 1.0 → banner 1.0', 'its fallback is shown']);
    assert.deepEqual(row('hero'), ['hero', 'hero 2.1 → hero 2.0', 'newer properties were left out']);
    assert.match(await page.getByTestId('degradations').textContent(), new RegExp(`^${rows.length} adapted`));
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.sheet').count(), 0);

    await server.edit('home', [{ setProps: { key: 'drop', patch: { title: 'It opens on Friday' } } }]);
    await server.publish();
    await shows(page, 'It opens on Friday', drop.locator('.title'));
    assert.ok(await notReloaded(page));

    await page.getByTestId('degradations').click();
    await page.getByRole('link', { name: 'See it as build 2.0' }).click();
    await page.waitForSelector('.countdown');
    assert.equal(await page.getByTestId('degradations').textContent(), 'as designed');
  });
});

test('an unknown build gets a page that names those there are', async () => {
  const page = await visitor.visit('/demo/products/lamp?build=9.9');
  await shows(page, 'Build 9.9 is unknown');
  assert.equal(await page.locator('main p').first().textContent(), 'The builds of this shop are 1.0 and 2.0.');
  await page.getByRole('link', { name: 'See build 2.0' }).click();
  await shows(page, 'Lumi');
});

test('a server without a demo says so', async () => {
  const bare = await Server.start(['--demo', 'off']);
  let other;
  try {
    other = await Visitor.open(browser, bare);
    for (const address of ['/demo/', '/demo/products/lamp', '/demo/?env=staging']) {
      const page = await other.visit(address);
      await shows(page, 'There is no demo here');
      assert.equal(await page.locator('main p').textContent(), 'Start Sonata with --demo on.');
    }
    await visitor.visit('/demo/'); // the watch over the other server wants to see something
  } finally {
    await other?.close();
    await bare.remove();
  }
});

describe('drafts and environments', () => {
  const preview = async (input) => {
    const { previewLinkCreate } = await server.graphql('mutation ($input: PreviewLinkCreateInput!) { previewLinkCreate(input: $input) { url token userErrors { message } } }', { input: { frontend: 'shop', ...input } });
    assert.deepEqual(previewLinkCreate.userErrors, []);
    return previewLinkCreate;
  };

  test('a preview link shows the draft and follows each edit, and nobody else sees it', async (t) => {
    const live = await visitor.visit('/demo/');
    await following(live);
    await server.setTitle('Only a draft');
    const { url, token } = await preview({});
    assert.ok(url.startsWith(`${server.url}/demo/`), url);
    const page = await visitor.visit(url.slice(server.url.length));
    await following(page);
    assert.equal(await h1(page).textContent(), 'Only a draft');
    assert.match(await page.locator('.bar').textContent(), /preview.*draft/);

    const arrived = await stopwatch(page, 'main h1', 'A better draft');
    const sent = clock();
    await server.setTitle('A better draft');
    t.diagnostic(`edit: in the preview after ${Math.round((await arrived()) - sent)} ms`);
    assert.ok(await notReloaded(page));
    // Links keep the token, so that the preview goes on.
    await page.locator('.card').first().click();
    await shows(page, 'Lumi');
    assert.equal(new URL(page.url()).searchParams.get('preview'), token);
    assert.equal(await h1(live).textContent(), SEEDED);
    // A draft of other people must not be kept in the browser.
    assert.equal(await page.evaluate((word) => JSON.stringify(localStorage).includes(word), 'better draft'), false);
  });

  for (const [what, token] of [['garbage', () => 'garbage'], ['an empty token', () => ''], ['a token that was tampered with', async () => {
    const { token } = await preview({});
    return (token[0] === 'A' ? 'B' : 'A') + token.slice(1);
  }]]) {
    test(`a preview link with ${what} gets a friendly page`, async () => {
      const page = await visitor.visit(`/demo/?preview=${encodeURIComponent(await token())}`);
      await page.waitForSelector('.shop[data-phase="refused"]');
      assert.equal(await h1(page).textContent(), 'This preview is closed');
      await page.getByRole('link', { name: 'See what is live' }).click();
      await shows(page, SEEDED);
    });
  }

  test('a preview link for one screen opens that screen only', async () => {
    const { id } = await server.screen('home');
    const { url } = await preview({ screen: id });
    const page = await visitor.visit(url.slice(server.url.length));
    await following(page);
    await page.locator('.card').first().click();
    await page.waitForSelector('.shop[data-phase="refused"], .shop[data-phase="missing"]');
    await page.goBack();
    await shows(page, SEEDED);
  });

  test('an environment shows what was promoted into it', async () => {
    const page = await visitor.visit('/demo/?env=staging');
    await page.waitForSelector('.shop[data-phase="missing"][data-connection="open"]');
    assert.equal(await h1(page).textContent(), 'Nothing is live here yet');
    assert.equal(await page.locator('.bar .state').textContent(), 'connected');
    await server.promote('production', 'staging');
    await shows(page, SEEDED);
    assert.ok(await notReloaded(page));
    assert.match(await page.locator('.bar').textContent(), /^live.*staging/);
    // Production moves on, staging does not.
    const live = await visitor.visit('/demo/');
    await following(live);
    await server.setTitle('For production');
    await server.publish();
    await shows(live, 'For production');
    assert.equal(await h1(page).textContent(), SEEDED);
    await server.promote('production', 'staging');
    await shows(page, 'For production');
  });

  test('an environment that does not exist gets a friendly page', async () => {
    const page = await visitor.visit('/demo/?env=nowhere');
    await page.waitForSelector('.shop[data-phase="refused"], .shop[data-phase="missing"]');
    assert.ok((await h1(page).textContent()).length > 0);
  });
});

describe('moving around', () => {
  test('a product opens without a reload, and back is where one was', async () => {
    const page = await visitor.visit('/demo/');
    await following(page);
    const card = page.locator('.card', { hasText: 'Skog' }).first();
    await card.scrollIntoViewIfNeeded();
    await page.evaluate(() => window.scrollBy(0, 120));
    const y = await page.evaluate(() => window.scrollY);
    await card.click();
    await shows(page, 'Skog');
    assert.equal(new URL(page.url()).pathname, '/demo/products/chair');
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    assert.equal(await page.title(), 'Product · Nordlys');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main', 'the focus stayed on a link that is gone');

    await page.getByRole('button', { name: 'Add to basket' }).click();
    await page.locator('.basket b').waitFor();
    await page.goBack();
    await shows(page, SEEDED);
    await until(async () => Math.abs((await page.evaluate(() => window.scrollY)) - y) <= 2, `the scroll position ${y}`);
    await page.goForward();
    await shows(page, 'Skog');
    assert.ok(await notReloaded(page));
    // A deep link and a reload lead to the same place.
    await page.reload();
    await shows(page, 'Skog');
  });

  test('anchors scroll, and back undoes that too', async () => {
    const page = await visitor.visit('/demo/');
    await following(page);
    await page.getByRole('link', { name: 'See the collection' }).click();
    await until(() => page.evaluate(() => Math.abs(document.querySelector('[data-block="grid"]').getBoundingClientRect().top) < 150), 'the grid in view');
    assert.equal(new URL(page.url()).hash, '#grid');
    await page.goBack();
    await until(() => page.evaluate(() => window.scrollY === 0), 'the top of the page');
  });

  test('an unknown path and an unknown product get friendly pages', async () => {
    const page = await visitor.visit('/demo/no/such/screen');
    await page.waitForSelector('.shop[data-phase="missing"]');
    assert.equal(await h1(page).textContent(), 'There is nothing on this shelf');
    await until(async () => (await page.locator('.bar .state').textContent()) === 'connected', 'a neutral word in the bar');
    await page.getByRole('link', { name: 'Back to the shop' }).click();
    await shows(page, SEEDED);
    await page.goto(`${server.url}/demo/products/unobtainium`);
    await shows(page, 'We do not carry this product any more.');
  });

  test('the keyboard alone gets to the content and into a product', async () => {
    const page = await visitor.visit('/demo/');
    await following(page);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
    await page.locator('.card').first().focus();
    await page.keyboard.press('Enter');
    await shows(page, 'Lumi');
  });
});
