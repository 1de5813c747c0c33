// How the palette ranks what it finds.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const source = (file) => runnerImport(fileURLToPath(new URL(`../../studio/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let match;
let find;
before(async () => {
  ({ match } = await source('palette/match.ts'));
  ({ find } = await source('palette/items.ts'));
});

const order = (query, ...titles) => titles.map((title) => [title, match(query, title)?.score]).filter(([, score]) => score !== undefined).sort((a, b) => b[1] - a[1]).map(([title]) => title);
const marked = (query, title) => match(query, title).ranges.map(([from, to]) => title.slice(from, to));

describe('the palette', () => {
  test('prefers beginnings, then words, then what is inside, then what is scattered', () => {
    assert.deepEqual(order('pro', 'Improper', 'Summer products', 'Products', 'Price offers'), ['Products', 'Summer products', 'Improper', 'Price offers']);
  });

  test('prefers the shorter of two', () => {
    assert.deepEqual(order('home', 'Home of lamps and other things', 'Home'), ['Home', 'Home of lamps and other things']);
  });

  test('wants every word, in any order', () => {
    assert.deepEqual(order('sale summer', 'Summer sale', 'Summer', 'Sale'), ['Summer sale']);
  });

  test('finds by initials, and only from the beginning of a word', () => {
    assert.deepEqual(order('pg', 'Product grid', 'Shopping'), ['Product grid']);
  });

  test('looks in keys and paths, which are worth less than titles', () => {
    assert.ok(match('lamp', 'Product', '/products/lamp').score < match('lamp', 'Lamp').score);
    assert.deepEqual(match('lamp', 'Product', '/products/lamp').ranges, []);
    assert.equal(match('lp', 'Product', '/products/lamp'), undefined);
  });

  test('marks what fits, as it is written', () => {
    assert.deepEqual(marked('sale sum', 'Summer Sale'), ['Sum', 'Sale']);
    assert.deepEqual(marked('su summ', 'Summer'), ['Summ']);
    // Letters that grow in lower case do not shift the marks.
    assert.deepEqual(marked('lamp', 'İİİ Lamp'), ['Lamp']);
  });

  test('takes hostile words for words', () => {
    for (const title of ['<img src=x onerror=alert(1)>', '__proto__', 'constructor', '\u202Eabc', '(((', '.*']) assert.equal(match(title, title).score > 0, true, title);
    assert.equal(match('.*', 'Home'), undefined);
    assert.ok(match('a '.repeat(500), 'a'.repeat(5000)) !== undefined);
  });

  test('shows what was used lately first while nothing is typed, and once', () => {
    const item = (id, group, title) => ({ id, group, title, icon: null });
    const items = [item('1', 'Screens', 'Home'), item('2', 'Actions', 'Publish'), item('3', 'Releases', 'First')];
    const sections = find(items, ' ', ['gone', '2']);
    assert.deepEqual(sections.map(({ name, items }) => [name, items.map(({ id }) => id)]), [['Recent', ['2']], ['Screens', ['1']]]);
    assert.deepEqual(find(items, 'zzz', []), []);
  });

  test('orders groups by their best entry', () => {
    const item = (id, group, title) => ({ id, group, title, icon: null });
    const sections = find([item('1', 'Screens', 'The news'), item('2', 'Actions', 'New screen')], 'new', []);
    assert.deepEqual(sections.map(({ name }) => name), ['Actions', 'Screens']);
  });
});
