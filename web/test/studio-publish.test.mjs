// From a draft to what is live and back: the publish dialog, changes and releases, as somebody uses them.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { following, notReloaded, press, Server, shows, startBrowser, stopwatch, until, Visitor } from './harness.mjs';

const SEEDED = 'Light for long evenings';
const SOON_MS = 300; // from the press to another tab

let browser;
let server;
let visitor;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  server = await Server.start();
  visitor = await Visitor.open(browser, server, { serverMayVanish: true });
});
afterEach(async () => {
  try {
    await visitor?.close();
  } finally {
    await server?.remove();
  }
});

/** A view of the studio, once it follows the server. */
async function studio(at, who = visitor) {
  const page = await who.visit(`/studio/shop${at}`);
  await page.getByTestId('connection').filter({ hasText: /^connected$/ }).waitFor({ state: 'attached' });
  return page;
}
async function demo() {
  const page = await visitor.visit('/demo/');
  await following(page);
  return page;
}
const dialog = (page) => page.getByRole('dialog');
const publishIn = (page) => dialog(page).getByRole('button', { name: /^Publish/ });
const toastOf = (page, text) => page.locator('.toast').filter({ hasText: text });
const pressable = (button) => until(() => button.isEnabled(), 'a button that can be pressed');
const hero = (title) => [{ setProps: { key: 'hero', patch: { title } } }];
const footnote = (text) => server.edit('footer', [{ setProps: { key: 'root', patch: { note: text } } }]);
const releases = async () => (await server.graphql('{ frontend(slug: "shop") { releases(first: 50) { totalCount edges { node { id number title } } } } }')).frontend.releases;
const last = async (environment = 'production') =>
  (await server.graphql('query ($e: String!) { frontend(slug: "shop") { environment(key: $e) { activations(first: 1) { edges { node { id kind reason release { number } delivery { frontends lastMs } } } } } } }', { e: environment })).frontend.environment.activations.edges[0].node;
const headline = async (key = 'home') => (await server.screen(key)).body.blocks.hero.props.title;

async function openDialog(page) {
  const button = page.getByTestId('publish');
  await pressable(button);
  await button.click();
  await dialog(page).waitFor();
}

describe('a publish', () => {
  test('takes two presses, is in the other tab at once, tells what the server counted, and is undone by one more', async (t) => {
    const shop = await demo();
    await server.setTitle('Good evening');
    const page = await studio('/screens/home');
    const open = page.getByTestId('publish');
    await pressable(open);
    const arrived = await stopwatch(shop, 'main h1', 'Good evening');

    await open.click(); // 1
    const title = dialog(page).getByRole('textbox', { name: 'Title' });
    await until(async () => (await title.inputValue()) === 'Hero: title changed', 'a title');
    assert.ok(await title.evaluate((input) => input === document.activeElement), 'the focus is in the title');
    await pressable(publishIn(page));
    const pressed = await press(page, publishIn(page)); // 2
    const took = (await arrived()) - pressed;
    t.diagnostic(`from the press to the other tab: ${took.toFixed(0)} ms`);
    assert.ok(took < SOON_MS, `${took.toFixed(0)} ms`);
    assert.ok(await notReloaded(shop));

    const live = toastOf(page, 'Release 2 is live.');
    await until(async () => /Sent to 1 open frontend in \d+ ms\./.test(await live.textContent()), 'the figures');
    const { delivery } = await last();
    assert.equal(delivery.frontends, 1);
    assert.ok((await live.textContent()).includes(`in ${Math.max(1, Math.round(delivery.lastMs))} ms.`), `${await live.textContent()} against ${delivery.lastMs}`);

    const back = await stopwatch(shop, 'main h1', SEEDED);
    const again = await press(page, live.getByRole('button', { name: 'Undo' }));
    const undone = (await back()) - again;
    t.diagnostic(`from the undo to the other tab: ${undone.toFixed(0)} ms`);
    assert.ok(undone < SOON_MS, `${undone.toFixed(0)} ms`);
    await toastOf(page, /Release 1 is live again\. Sent to 1 open frontend in \d+ ms\./).waitFor();
    assert.deepEqual(await last().then(({ kind, reason }) => [kind, reason]), ['ROLL_BACK', 'Undo of release 2']);

    await toastOf(page, 'Release 1 is live again.').getByRole('button', { name: 'Redo' }).click();
    await shows(shop, 'Good evening');
  });

  test('says that nobody looks when nobody does', async () => {
    await server.setTitle('Good evening');
    const page = await studio('/changes');
    await openDialog(page);
    await pressable(publishIn(page));
    await page.keyboard.press('Enter');
    await toastOf(page, 'Release 2 is live. No frontend is open right now.').waitFor();
    await page.getByRole('heading', { name: 'Everything is live' }).waitFor();
  });

  test('stops at an error, leads to its block, and goes on when it is mended', async () => {
    await server.edit('home', [{ setProps: { key: 'hero', patch: { title: null } } }]);
    const page = await studio('');
    await openDialog(page);
    const problem = dialog(page).getByRole('list', { name: 'Problems' }).getByRole('listitem');
    await problem.filter({ hasText: /title/i }).waitFor();
    assert.ok(await publishIn(page).isDisabled());
    await server.setTitle('Mended');
    await pressable(publishIn(page));
    await server.edit('home', [{ setProps: { key: 'hero', patch: { title: null } } }]);
    await problem.getByRole('link', { name: 'Home › Hero' }).click();
    await page.waitForURL(/\/studio\/shop\/screens\/home\?block=hero$/);
    await dialog(page).waitFor({ state: 'hidden' });
    assert.equal((await releases()).totalCount, 1);
  });

  test('wants a tick for a warning', async () => {
    await server.setTitle('Once more');
    await server.publish('Once');
    await server.rollBack((await releases()).edges.find(({ node }) => node.number === 1).node.id);
    const page = await studio('');
    await openDialog(page);
    await dialog(page).getByText(/was rolled back/).waitFor();
    assert.ok(await publishIn(page).isDisabled());
    await dialog(page).getByRole('checkbox', { name: /read the warning/ }).check();
    await pressable(publishIn(page));
    await publishIn(page).click();
    await toastOf(page, 'Release 3 is live.').waitFor();
  });

  test('takes the screens that are chosen, and is planned for them', async () => {
    await server.edit('home', [{ setProps: { key: 'hero', patch: { title: null } } }]); // stops the home screen only
    await footnote('A new note');
    const page = await studio('');
    await openDialog(page);
    await dialog(page).getByText('Mend 1 error first').waitFor();
    await dialog(page).getByRole('checkbox', { name: 'Home' }).uncheck();
    await pressable(publishIn(page));
    assert.equal(await dialog(page).getByRole('textbox', { name: 'Title' }).inputValue(), 'Root: note added');
    await dialog(page).getByRole('textbox', { name: 'Notes' }).fill('Only the footer');
    await publishIn(page).click();
    await toastOf(page, 'Release 2 is live.').waitFor();
    await page.getByTestId('publish').filter({ hasText: '1' }).waitFor();
  });

  test('can wait for a time, and be called off', async () => {
    await server.setTitle('Tomorrow');
    const page = await studio('/releases');
    await openDialog(page);
    await dialog(page).getByRole('checkbox', { name: 'At a time' }).check();
    const time = dialog(page).getByLabel('Date and time');
    assert.match(await time.inputValue(), /T09:00$/);
    await dialog(page).getByText(/Goes live on \w+, /).waitFor();
    await time.fill('2020-01-01T09:00');
    await dialog(page).getByText('Choose a time in the future').waitFor();
    await time.fill(`${new Date().getFullYear()}-12-31T23:59`);
    await dialog(page).getByRole('button', { name: 'Schedule' }).click();
    await toastOf(page, 'Release 2 goes live on').waitFor();
    const scheduled = page.getByRole('region', { name: 'Scheduled' });
    await scheduled.getByText('goes live').waitFor();
    await scheduled.getByRole('button', { name: 'Cancel the schedule of release 2' }).click();
    await scheduled.waitFor({ state: 'detached' });
    assert.equal((await server.live()).number, 1);
  });

  test('notices what somebody else published meanwhile', async () => {
    await server.setTitle('Mine');
    const page = await studio('');
    await openDialog(page);
    await pressable(publishIn(page));

    const other = await Visitor.open(browser, server);
    await footnote('Theirs');
    const theirs = await studio('/changes', other);
    await theirs.getByRole('button', { name: 'Publish only this: Footer' }).click();
    await pressable(publishIn(theirs));
    await publishIn(theirs).click();
    await toastOf(theirs, 'Release 2 is live.').waitFor();

    const notice = dialog(page).getByRole('alert').filter({ hasText: 'Somebody made release 2 live meanwhile' });
    await notice.waitFor();
    assert.ok(await publishIn(page).isDisabled());
    await notice.getByRole('button', { name: 'Go on from release 2' }).click();
    await pressable(publishIn(page));
    await publishIn(page).click();
    const live = toastOf(page, 'Release 3 is live.');
    await live.waitFor();

    // An undo does not take back what came after.
    await server.edit('home', hero('Theirs again'));
    await server.publish('Between');
    await live.getByRole('button', { name: 'Undo' }).click();
    await toastOf(page, 'Somebody made release 4 live meanwhile, so nothing was taken back').waitFor();
    await other.close();
  });

  test('keeps what was written while the server is away, and is done once', async () => {
    await server.setTitle('Through the night');
    const page = await studio('');
    await openDialog(page);
    await dialog(page).getByRole('textbox', { name: 'Title' }).fill('Through the night');
    await pressable(publishIn(page));
    await page.route('**/graphql', async (route) => {
      const lost = route.request().postData()?.includes('StudioPublish(');
      if (!lost) return route.fallback();
      await route.fetch(); // it arrives, and the answer is lost
      await server.stop('SIGKILL');
      await route.abort('connectionrefused');
    });
    await publishIn(page).click();
    await dialog(page).getByText('The server does not answer.').waitFor();
    await page.unroute('**/graphql');
    await server.start();
    await dialog(page).getByRole('button', { name: 'Try again' }).click();
    await toastOf(page, 'Release 2 is live.').waitFor();
    const { totalCount, edges } = await releases();
    assert.deepEqual([totalCount, edges[0].node.title], [2, 'Through the night']);
  });
});

describe('changes', () => {
  test('are shown word by word and taken back one by one, and that is undone', async () => {
    await server.edit('home', [
      { setProps: { key: 'hero', patch: { title: 'Light for short evenings' } } }, { move: { key: 'grid', parent: 'root', index: 0 } },
      { remove: { key: 'voices' } }, { insert: { key: 'sale', parent: 'root', index: 1, component: 'banner', props: { text: '<img src=x onerror=alert(1)>\u202Eabc' } } },
    ]);
    const page = await studio('/changes');
    const home = page.getByRole('region', { name: 'Home' });
    await home.getByText('Hero: title changed').waitFor();
    assert.deepEqual(await home.locator('li[data-kind="props"] del, li[data-kind="props"] ins').allTextContents(), ['long', 'short']);
    assert.equal(await page.locator('main img').count(), 0);
    const discard = async (name) => {
      await home.getByRole('button', { name: `Discard: ${name}` }).click();
      await home.getByText(name, { exact: true }).waitFor({ state: 'detached' });
    };
    await discard('Grid moved from 3 to 1');
    await discard('Voices (section) removed with 3 below it');
    await discard('Sale (banner) added');
    assert.equal(await headline(), 'Light for short evenings');
    await toastOf(page, 'Sale (banner) added').getByRole('button', { name: 'Undo' }).click();
    await home.getByText('Sale (banner) added', { exact: true }).waitFor();
    await discard('Sale (banner) added');
    await home.getByRole('button', { name: 'Discard: Hero: title changed' }).click();
    await page.getByRole('heading', { name: 'Everything is live' }).waitFor();
    await until(async () => (await page.getByTestId('publish').isDisabled()), 'nothing to publish');
  });

  test('of a whole screen are discarded, a deleted screen comes back, and both are undone', async () => {
    await server.edit('home', [...hero('Another'), { remove: { key: 'letter' } }]);
    const product = await server.screen('product');
    await server.graphql('mutation ($input: ScreenDeleteInput!) { screenDelete(input: $input) { userErrors { message } } }', { input: { id: product.id, expectedVersion: product.version } });
    const page = await studio('/changes');
    await page.getByRole('button', { name: 'More for Home' }).click();
    await page.getByRole('menuitem', { name: 'Discard all changes of this screen' }).click();
    await dialog(page).getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('region', { name: 'Home' }).waitFor({ state: 'detached' });
    assert.equal(await headline(), SEEDED);
    await toastOf(page, 'Home is as live again.').getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('region', { name: 'Home' }).getByText('Hero: title changed').waitFor();
    assert.equal(await headline(), 'Another');

    await page.getByRole('region', { name: 'Product' }).getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('region', { name: 'Product' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.getByRole('region', { name: 'JSON of home, before and after' }).getByText('"title": "Another"').waitFor();
  });
});

describe('releases', () => {
  test('are compared, promoted, and looked at through time', async () => {
    await server.setTitle('Second');
    await server.publish('The second');
    await server.setTitle('Third');
    await server.publish('The third');
    const page = await studio('/releases?compare=1..3');
    await page.getByText('From release 1 to release 3').waitFor();
    await page.locator('main ins').filter({ hasText: 'Third' }).waitFor();
    await page.getByLabel('After').selectOption('2');
    await page.locator('main ins').filter({ hasText: 'Second' }).waitFor();

    await page.getByRole('button', { name: 'Promote' }).click();
    await dialog(page).getByText('It is the same release, byte for byte.').waitFor();
    await dialog(page).getByRole('button', { name: 'Promote to staging' }).click();
    await toastOf(page, 'Release 3 is live in staging.').waitFor();
    assert.equal((await server.live('staging')).number, 3);

    await page.getByRole('link', { name: 'Through time' }).click();
    const frame = page.frameLocator('iframe');
    await frame.locator('h1', { hasText: 'Third' }).waitFor();
    await page.getByRole('slider').focus();
    await page.keyboard.press('ArrowLeft');
    await frame.locator('h1', { hasText: 'Second' }).waitFor();
    await page.keyboard.press('Home');
    await frame.locator('h1', { hasText: SEEDED }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Release 1' }).waitFor();
  });

  test('are published, and rolled back with a reason, by the keyboard alone', async () => {
    const shop = await demo();
    await server.setTitle('By hand');
    const page = await studio('/releases');
    await pressable(page.getByTestId('publish'));
    await page.keyboard.press('ControlOrMeta+Shift+P');
    const title = dialog(page).getByRole('textbox', { name: 'Title' });
    await until(() => title.evaluate((input) => input === document.activeElement && input.value !== ''), 'a title with the focus');
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.keyboard.press('ControlOrMeta+Shift+P');
    await until(() => title.evaluate((input) => input === document.activeElement && input.value !== ''), 'a title with the focus');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('By hand');
    await pressable(publishIn(page));
    await page.keyboard.press('Enter');
    await shows(shop, 'By hand');

    const tabTo = async (name) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((name) => new RegExp(name).test(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''), name)) return;
      }
      assert.fail(`the keyboard does not reach ${name}`);
    };
    await page.getByRole('link', { name: /By hand/ }).waitFor();
    await page.locator('#view').focus();
    await tabTo('First release');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'First release' }).waitFor();
    await page.getByRole('button', { name: 'Roll back to this' }).waitFor();
    await tabTo('^Roll back to this$');
    await page.keyboard.press('Enter');
    await until(() => dialog(page).getByRole('textbox', { name: 'Reason' }).evaluate((input) => input === document.activeElement).catch(() => false), 'the focus in the reason');
    await page.keyboard.type('The old one was better');
    await page.keyboard.press('Enter');
    await shows(shop, SEEDED);
    await toastOf(page, /Release 1 is live again\. Sent to 1 open frontend in \d+ ms\./).waitFor();
    await page.getByRole('list', { name: 'Releases' }).getByText('rolled back').waitFor();
    await page.getByRole('link', { name: 'Log', exact: true }).click();
    await page.getByText('The old one was better').waitFor();
  });
});
