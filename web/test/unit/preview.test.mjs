// What the preview believes, and where it looks.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const source = (file) => runnerImport(fileURLToPath(new URL(`../../studio/preview/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

const draftOf = (...blocks) => ({ root: blocks[0][0], blocks: new Map(blocks.map(([key, component, props = {}, slots = []]) => [key, { key, component, major: 1, props, slots }])) });

describe('a message of a guest', () => {
  let fromGuest;
  before(async () => ({ fromGuest } = await source('messages.ts')));

  test('is taken when it has exactly its form', () => {
    for (const message of [
      { type: 'ready', frontend: 'shop', build: null, manifest: null },
      { type: 'rects', rects: [{ key: 'hero', x: -10, y: 0.5, w: 100, h: 0 }] },
      { type: 'click', key: 'footer/links' },
      { type: 'hover', key: null },
      { type: 'renderError', key: 'hero', message: 'no title' },
      { type: 'scrolled', ratio: 1 },
      { type: 'unknown', received: 'dance' },
    ]) assert.deepEqual(fromGuest(message), message);
  });

  test('is nothing otherwise', () => {
    for (const junk of [
      undefined, null, 7, 'click', [], {}, { type: 'click' }, { type: 'click', key: 7 }, { type: 'click', key: '' }, { type: 'click', key: 'x'.repeat(300) }, { type: 'hover' },
      { type: 'rects', rects: 'all' }, { type: 'scrolled', ratio: Number.NaN }, { type: 'scrolled', ratio: 2 }, { type: '__proto__' }, { type: 'patch', snapshot: null }, Object.create({ type: 'click', key: 'hero' }),
    ]) assert.equal(fromGuest(junk), undefined, JSON.stringify(junk));
  });

  test('is cut to what can be shown', () => {
    const rect = { key: 'a', x: 0, y: 0, w: 1, h: 1 };
    const { rects } = fromGuest({ type: 'rects', rects: [{ ...rect, x: Number.POSITIVE_INFINITY }, { ...rect, w: 1e300 }, { ...rect, h: -1 }, { ...rect, key: {} }, null, { ...rect, key: '__proto__', more: 'x' }] });
    assert.deepEqual(rects, [{ ...rect, key: '__proto__' }]);
    assert.equal(fromGuest({ type: 'rects', rects: Array(100_000).fill(rect) }).rects.length, 1_000);
    assert.equal(fromGuest({ type: 'renderError', key: 'a', message: 'x'.repeat(1_000_000) }).message.length, 300);
    assert.equal(fromGuest({ type: 'renderError', key: 'a', message: {} }).message, '');
  });
});

describe('the address of a preview', () => {
  let path;
  before(async () => (path = await source('path.ts')));

  test('takes what was chosen, then a text of the draft under that name, then the name', () => {
    const draft = draftOf(['root', 'page', { note: 'x' }], ['grid', 'grid', { products: [{ handle: 'a/b' }, { handle: 'lamp' }] }]);
    const none = new Map();
    assert.deepEqual(path.examplesFor('/products/:handle', draft, none), { handle: 'lamp' });
    assert.deepEqual(path.examplesFor('/products/:handle', draft, new Map([['handle', 'sofa']])), { handle: 'sofa' });
    assert.deepEqual(path.examplesFor('/products/:handle', draft, new Map([['handle', '..']])), { handle: 'lamp' });
    assert.deepEqual(path.examplesFor('/u/:id/:constructor', draft, none), { id: 'id', constructor: 'constructor' });
    assert.deepEqual(path.examplesFor(null, draft, none), {});
  });

  test('is a path below the preview address, with the token', () => {
    assert.equal(path.pathOf('/products/:handle', { handle: 'a b?#&/' }), '/products/a%20b%3F%23%26%2F');
    assert.equal(path.pathOf('/', {}), '/');
    assert.equal(path.pathOf(null, {}), '/');
    assert.equal(path.addressAt('https://shop.example/app/?debug=1', '/products/lamp', 't&1'), 'https://shop.example/app/products/lamp?debug=1&preview=t%261');
    assert.equal(path.addressAt('https://shop.example', '/', 't'), 'https://shop.example/?preview=t');
    assert.equal(path.addressAt('https://shop.example/?preview=t', '/b'), 'https://shop.example/b?preview=t');
  });

  test('is never where the studio is', () => {
    const here = 'https://sonata.example';
    assert.deepEqual(path.pageOf(null, here), {});
    assert.deepEqual(path.pageOf('https://shop.example/x', here), { own: 'https://shop.example' });
    for (const refused of ['https://sonata.example/demo/', 'HTTPS://SONATA.example:443', 'javascript:alert(1)', 'data:text/html,x', 'nonsense']) {
      assert.equal(path.pageOf(refused, here).own, undefined, refused);
      assert.match(path.pageOf(refused, here).refused, /built-in renderer/);
    }
  });
});

describe('a snapshot of a draft', () => {
  let snapshotOf;
  before(async () => ({ snapshotOf } = await source('snapshot.ts')));
  const snapshot = (draft, parts = {}, catalogue = new Map()) =>
    snapshotOf({ screen: { key: 'home', title: 'Home', path: '/' }, draft, parts: new Map(Object.entries(parts)), catalogue, serve: (props) => props, params: {}, turn: 1 });

  test('keeps what is not known, so that it can be shown as a card', () => {
    assert.deepEqual(snapshot(draftOf(['root', 'constructor', {}, [{ name: 'b', blocks: ['x', 'gone'] }, { name: 'a', blocks: ['y'] }]], ['x', 'x'], ['y', 'y'])).blocks.map(({ key, component, version, slots }) => [key, component, version, slots]), [
      ['root', 'constructor', '1.0', [{ name: 'a', blocks: ['y'] }, { name: 'b', blocks: ['x'] }]], ['y', 'y', '1.0', []], ['x', 'x', '1.0', []],
    ]);
  });

  test('fills includes twice deep, and drops circles and what is missing', () => {
    const part = (screen) => draftOf(['root', 'page', {}, [{ name: 'children', blocks: ['more'] }]], ['more', 'include', { screen }]);
    const draft = draftOf(['root', 'page', {}, [{ name: 'children', blocks: ['i', 'j'] }]], ['i', 'include', { screen: 'a' }], ['j', 'include', { screen: 'nobody' }]);
    assert.deepEqual(snapshot(draft, { a: part('b'), b: part('a') }).blocks.map(({ key }) => key), ['root', 'i/root', 'i/more/root']);
    assert.equal(snapshot(draftOf(['root', 'include', { screen: 'nobody' }])), null);
  });

  test('is bounded however much is included', () => {
    const many = Array.from({ length: 150 }, (_, i) => `b${i}`);
    const wide = (component, props) => draftOf(['root', 'page', {}, [{ name: 'children', blocks: many }]], ...many.map((key) => [key, component, props]));
    assert.equal(snapshot(wide('include', { screen: 'a' }), { a: wide('text', {}) }).blocks.length, 1_000);
    assert.ok(JSON.stringify(snapshot(wide('include', { screen: 'a' }), { a: wide('text', { text: 'ø'.repeat(5_000) }) })).length < 2_000_000);
  });
});
