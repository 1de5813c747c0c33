// The whole loop without a mouse: open a screen, add a block, write in it, publish, roll back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { following, Server, startBrowser, until, Visitor } from './harness.mjs';

let browser;
let server;
before(async () => {
  browser = await startBrowser();
  server = await Server.start();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

test('a block is added, written, published and rolled back by the keyboard alone', async () => {
  const visitor = await Visitor.open(browser, server);
  const shop = await visitor.visit('/demo/');
  await following(shop);
  const page = await visitor.visit('/studio');
  const { keyboard } = page;
  // A key that is not there must not be found by clicking: from here on this test has no mouse.
  for (const name of ['click', 'dblclick', 'move', 'down', 'up', 'wheel']) page.mouse[name] = () => assert.fail('no mouse');
  const focused = (matches, what) => until(() => page.evaluate(matches), what);
  await page.getByTestId('connection').filter({ hasText: /^connected$/ }).waitFor({ state: 'attached' });

  await keyboard.press('Control+k');
  await keyboard.type('home');
  const selected = () => page.locator('[role=option][aria-selected=true]').textContent().catch(() => '');
  await until(async () => /^Home\/$/.test(await selected()) || (await keyboard.press('ArrowDown')), 'the home screen in the palette');
  await keyboard.press('Enter');
  await page.getByRole('tree').waitFor();

  for (let i = 0; i < 40 && !(await page.evaluate(() => document.activeElement?.getAttribute('role') === 'treeitem')); i++) await keyboard.press('Tab');
  await keyboard.press('ArrowDown');
  await keyboard.press('/');
  await page.getByRole('combobox', { name: 'Insert a block' }).waitFor();
  await keyboard.type('bann');
  await keyboard.press('Enter');
  await focused(() => document.activeElement?.dataset.row === 'banner', 'the focus on the new row');
  await keyboard.press('Enter');
  await focused(() => document.activeElement?.closest('[data-pane=props]') !== null && /INPUT|TEXTAREA/.test(document.activeElement.tagName), 'the focus in the first field');
  await keyboard.press('Control+a');
  await keyboard.type('Written without a mouse');

  await keyboard.press('Control+Shift+P');
  const dialog = page.getByRole('dialog');
  await until(() => dialog.getByRole('button', { name: /^Publish/ }).isEnabled().catch(() => false), 'a publish that is possible');
  await keyboard.press('Enter');
  await shop.getByText('Written without a mouse').waitFor();

  await page.locator('.toast').filter({ hasText: 'Release 2 is live.' }).waitFor();
  await keyboard.press('Control+k');
  await keyboard.type('releases');
  await until(async () => /^Releases/.test(await selected()) || (await keyboard.press('ArrowDown')), 'the releases in the palette');
  await keyboard.press('Enter');
  const first = page.getByRole('link', { name: /First release/ });
  await first.waitFor();
  const tabTo = async (locator, what) => {
    for (let i = 0; i < 80; i++) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await keyboard.press('Tab');
    }
    assert.fail(`the keyboard does not reach ${what}`);
  };
  await tabTo(first, 'the first release');
  await keyboard.press('Enter');
  const back = page.getByRole('button', { name: 'Roll back to this' });
  await back.waitFor();
  await tabTo(back, 'the way back');
  await keyboard.press('Enter');
  await until(() => dialog.getByRole('textbox', { name: 'Reason' }).evaluate((input) => input === document.activeElement).catch(() => false), 'the focus in the reason');
  await keyboard.type('Too loud');
  await keyboard.press('Enter');
  await shop.getByText('Written without a mouse').waitFor({ state: 'detached' });
  await page.locator('.toast').filter({ hasText: 'Release 1 is live again.' }).waitFor();
  assert.equal((await server.live()).number, 1);
  await visitor.close();
});
