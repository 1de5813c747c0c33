// The watch over the other tests must see what it is there for, or their silence means nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server, sideways, startBrowser, until, Visitor } from './harness.mjs';

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

for (const [what, fault, act] of [
  ['a request to another host', /asked another host: http:\/\/elsewhere\.example\//, (page) => page.goto('http://elsewhere.example/').catch(() => undefined)],
  ['a websocket to another host', /asked another host: http:\/\/elsewhere\.example\//, (page) => page.goto('about:blank').then(() => page.evaluate(() => void new WebSocket('ws://elsewhere.example/')))],
  ['what the content security policy stops', /Content Security Policy/, (page) => page.evaluate(() => document.body.append(Object.assign(new Image(), { src: 'http://elsewhere.example/x.png' })))],
  ['an inline script', /Content Security Policy/, (page) => page.evaluate(() => document.body.append(Object.assign(document.createElement('script'), { text: '1' })))],
  ['an error', /threw: Error: on purpose/, (page) => page.evaluate(() => void setTimeout(() => { throw new Error('on purpose'); }))],
  ['a line on the console', /console error: on purpose/, (page) => page.evaluate(() => console.error('on purpose'))],
  ['a dialog', /opened a dialog: on purpose/, (page) => page.evaluate(() => void setTimeout(() => alert('on purpose')))],
  ['a document without a policy', /no strict content security policy/, (page) => page.goto(`${server.url}/readyz`)],
]) {
  test(`the watch sees ${what}`, async () => {
    const visitor = await Visitor.open(browser, server);
    const page = await visitor.visit('/');
    visitor.check();
    await act(page);
    await until(() => {
      try {
        visitor.check();
        return false;
      } catch (error) {
        return fault.test(error.message);
      }
    }, `a fault like ${fault}`);
    await visitor.context.close();
  });
}

test('what scrolls sideways is asked of a page that stands still', async () => {
  const visitor = await Visitor.open(browser, server, { viewport: { width: 360, height: 740 } });
  const page = await visitor.visit('/');
  assert.equal(await sideways(page), 0);
  const wide = (change) => page.evaluate(([change]) => {
    const element = document.createElement('div');
    element.style.cssText = 'width: 2000px; height: 1px';
    document.body.append(element);
    if (change === 'shrinks') element.animate([{ width: '2000px' }, { width: '10px' }], { duration: 1_000, fill: 'forwards' });
    if (change === 'is waited for') setTimeout(() => element.remove(), 1_000, element.setAttribute('aria-busy', 'true'));
  }, [change]);
  for (const change of ['shrinks', 'is waited for']) {
    await wide(change);
    assert.equal(await sideways(page), 0, `a part that ${change}`);
  }
  await wide('stays');
  assert.equal(await sideways(page), 2_000 - 360);
  await visitor.context.close();
});
