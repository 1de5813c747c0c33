// Bindings: what an envelope says, whether a type fits a schema, which fields are suggested, and what is taken out of an answer.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { alias } from '../../vite.config.mjs';

const source = (file) => runnerImport(fileURLToPath(new URL(`../../${file}`, import.meta.url)), { configFile: false, logLevel: 'error', resolve: { alias } }).then(({ module }) => module);

const HASH = `sha256:${'a'.repeat(64)}`;
const type = (kind, more = {}) => ({ kind, nullable: false, ...more });
const object = (fields) => type('OBJECT', { fields: new Map(Object.entries(fields)) });
const list = (item) => type('LIST', { item });
const TEXT = type('STRING');

describe('an envelope', () => {
  let m;
  before(async () => { m = await source('studio/binding/envelope.ts'); });

  test('is read and written the same, as short as it can be', () => {
    for (const said of [{ document: HASH }, { document: HASH, variables: { first: 6, handle: { $param: 'handle' } }, path: '/products/nodes', map: { title: '/name' }, run: 'page' }]) {
      const binding = m.bindingOf({ $bind: said });
      assert.deepEqual(m.envelopeOf(binding), { $bind: said });
    }
    assert.deepEqual(m.envelopeOf(m.bindingOf({ $bind: { document: HASH, variables: {}, path: '', run: 'server' } })), { $bind: { document: HASH } });
  });

  test('that cannot be read is none, but it means to be one', () => {
    for (const bad of [{}, { document: 'x' }, { document: HASH, path: 'products' }, { document: HASH, run: 'never' }, { document: HASH, map: { title: 'name' } }, { document: HASH, variables: 7 }, null, 'x', []]) {
      assert.equal(m.bindingOf({ $bind: bad }), undefined, JSON.stringify(bad));
      assert.equal(m.isBinding({ $bind: bad }), true);
    }
    assert.equal(m.bindingOf({ $bind: { document: HASH }, more: 1 }), undefined);
    assert.equal(m.isBinding(Object.create({ $bind: {} })), false);
  });

  test('is found wherever it is', () => {
    assert.equal(m.bindingsIn({ a: [{ b: { $bind: { document: HASH } } }], c: { $bind: {} }, d: null }).length, 1);
    assert.equal(m.paramOf({ $param: 'handle' }), 'handle');
    for (const no of [{ $param: '' }, { $param: 1 }, { $param: 'a', b: 1 }, 'handle', null]) assert.equal(m.paramOf(no), undefined);
  });
});

describe('whether a type fits', () => {
  let whyNot;
  let slotsOf;
  before(async () => { ({ whyNot, slotsOf } = await source('studio/binding/fit.ts')); });
  const fits = (schema, t) => whyNot(schema, schema, t) === undefined;

  test('its kind decides first, and a whole number is a number', () => {
    for (const [schema, t, want] of [
      [{ type: 'string' }, TEXT, true], [{ type: 'string' }, type('INT'), false], [{ type: 'number' }, type('INT'), true], [{ type: 'integer' }, type('FLOAT'), false],
      [{ type: ['string', 'null'] }, TEXT, true], [{ type: 'boolean' }, type('BOOLEAN'), true], [{}, object({}), true], [{ type: 'string' }, type('ANY'), true], [{ type: 'array' }, list(TEXT), true], [{ type: 'array' }, TEXT, false],
    ]) assert.equal(fits(schema, t), want, JSON.stringify([schema, t]));
    assert.equal(whyNot({}, false, TEXT), 'nothing may stand there');
  });

  test('alternatives, references and combinations are looked through', () => {
    const root = { $defs: { text: { type: 'string' }, loop: { $ref: '#/$defs/loop' } } };
    assert.equal(whyNot(root, { $ref: '#/$defs/text' }, TEXT), undefined);
    assert.match(whyNot(root, { $ref: '#/$defs/text' }, type('INT')), /whole number, where a text/);
    assert.match(whyNot(root, { allOf: [{}, { $ref: '#/$defs/text' }] }, type('INT')), /where a text/);
    assert.equal(whyNot(root, { $ref: '#/$defs/loop' }, TEXT), undefined, 'a circle ends');
    assert.equal(fits({ anyOf: [{ type: 'string' }, { type: 'integer' }] }, type('INT')), true);
    assert.equal(fits({ oneOf: [{ type: 'string' }, { type: 'array' }] }, type('BOOLEAN')), false);
    assert.equal(fits({ enum: ['a', 'b'] }, type('STRING', { values: ['a'] })), true);
    assert.match(whyNot({}, { enum: ['a', 'b'] }, type('STRING', { values: ['a', 'c'] })), /“c”, which is none of the choices/);
    assert.equal(fits({ enum: ['a'] }, TEXT), true, 'what it will be is not known');
  });

  test('objects need what is required, and each entry of a list must fit', () => {
    const schema = { type: 'object', properties: { title: { type: 'string' }, n: { type: 'integer' } }, required: ['title'] };
    assert.match(whyNot(schema, schema, object({ n: type('INT') })), /no “title”/);
    assert.match(whyNot(schema, schema, object({ title: TEXT, n: TEXT })), /^n: /);
    assert.equal(fits(schema, object({ title: TEXT, more: TEXT })), true);
    assert.match(whyNot({}, { type: 'array', items: { type: 'integer' } }, list(TEXT)), /^each entry: a text/);
  });

  test('what can be mapped is the object or the entry, required first', () => {
    const item = { type: 'object', properties: { b: { type: 'string', title: 'Bee' }, a: { type: 'string' } }, required: ['a'] };
    const slots = slotsOf({}, { type: 'array', items: item }, (name) => name.toUpperCase());
    assert.equal(slots.list, true);
    assert.deepEqual(slots.properties.map(({ name, title, required }) => [name, title, required]), [['a', 'A', true], ['b', 'Bee', false]]);
    assert.equal(slotsOf({}, item, String).list, false);
    assert.equal(slotsOf({}, { type: 'string' }, String), undefined);
    assert.equal(slotsOf({}, { type: 'array', items: { type: 'array', items: item } }, String), undefined);
    assert.equal(slotsOf({}, { anyOf: [item, { type: 'null' }] }, String).properties.length, 2);
  });
});

describe('types', () => {
  let m;
  before(async () => { m = await source('studio/binding/type.ts'); });
  const result = { kind: 'OBJECT', fields: { products: { kind: 'OBJECT', nullable: true, fields: { nodes: { kind: 'LIST', item: { kind: 'OBJECT', fields: { name: { kind: 'STRING' }, 'a/b': { kind: 'INT' } } } } } } } };

  test('are read without trust', () => {
    for (const junk of [undefined, null, 7, {}, { kind: 'X' }, { kind: '__proto__' }, []]) assert.equal(m.typeOfResult(junk).kind, 'ANY');
    let deep = { kind: 'LIST' };
    for (let i = 0; i < 5_000; i++) deep = { kind: 'LIST', item: deep };
    assert.equal(m.typeOfResult(deep).kind, 'LIST');
  });

  test('a pointer leads through objects and to entries of lists', () => {
    const t = m.typeOfResult(result);
    assert.equal(m.typeAt(t, '/products/nodes').kind, 'LIST');
    assert.equal(m.typeAt(t, '/products/nodes').nullable, true, 'what is around it may be missing');
    assert.equal(m.typeAt(t, '/products/nodes/0/name').kind, 'STRING');
    assert.equal(m.typeAt(t, '/products/nodes/0/a~1b').kind, 'INT');
    for (const no of ['/products/nodes/name', '/products/constructor', '/__proto__', '/products/nodes/0/name/x']) assert.equal(m.typeAt(t, no), undefined, no);
    assert.deepEqual([...m.mappedType(m.typeAt(t, '/products/nodes'), { title: '/name' }).item.fields.keys()], ['title']);
    assert.equal(m.mappedType(m.typeAt(t, '/products/nodes'), { title: '/gone' }), undefined);
  });
});

describe('suggestions', () => {
  let suggest;
  let slotsOf;
  before(async () => {
    ({ suggest } = await source('studio/binding/suggest.ts'));
    ({ slotsOf } = await source('studio/binding/fit.ts'));
  });
  const forProps = (properties, fields, required = []) => Object.fromEntries(suggest({}, slotsOf({}, { type: 'object', properties, required }, String), object(fields)));

  test('equal names are taken, whatever their case; names that mean the same are guesses', () => {
    const string = { type: 'string' };
    assert.deepEqual(forProps({ subTitle: string, title: string, image: string, size: { type: 'integer' } }, { sub_title: TEXT, name: TEXT, imageUrl: TEXT, Size: TEXT }), {
      subTitle: { pointer: '/sub_title', guess: false }, title: { pointer: '/name', guess: true }, image: { pointer: '/imageUrl', guess: true },
    });
  });

  test('an edge of a connection stands for its node', () => {
    const properties = { title: { type: 'string' }, stars: { type: 'number' }, image: { type: 'string' } };
    assert.deepEqual(forProps(properties, { cursor: TEXT, node: object({ title: TEXT, averageStars: type('FLOAT'), image: object({ url: TEXT }) }) }), {
      title: { pointer: '/node/title', guess: false }, stars: { pointer: '/node/averageStars', guess: true }, image: { pointer: '/node/image/url', guess: true },
    });
  });

  test('a field that does not fit is not suggested, nor one twice', () => {
    assert.deepEqual(forProps({ title: { type: 'string' } }, { title: type('INT') }), {});
    assert.deepEqual(forProps({ title: { type: 'string' }, label: { type: 'string' } }, { name: TEXT }), { title: { pointer: '/name', guess: true } });
    assert.deepEqual(forProps({ image: { type: 'string' } }, { image: object({ url: TEXT }) }), { image: { pointer: '/image/url', guess: true } });
  });
});

describe('what is taken out of an answer', () => {
  let m;
  let put;
  before(async () => {
    m = await source('sdk/src/bound.ts');
    put = m.put;
  });

  test('a path leads to it, a map says what becomes of it, and nothing is null', () => {
    const data = { products: { nodes: [{ name: 'Lamp', price: null, tags: ['a', null] }, null, { name: null }] } };
    assert.deepEqual(m.valueIn({ path: '/products/nodes', map: null }, data), [{ name: 'Lamp', tags: ['a'] }, {}]);
    assert.deepEqual(m.valueIn({ path: '/products/nodes', map: { title: '/name', tag: '/tags/0' } }, data), [{ title: 'Lamp', tag: 'a' }, {}]);
    assert.deepEqual(m.valueIn({ path: '/products/nodes/0', map: { title: '/name' } }, data), { title: 'Lamp' });
    assert.equal(m.valueIn({ path: '/products/nodes/2/name', map: null }, data), undefined);
    assert.equal(m.valueIn({ path: '/products/nodes/0/name', map: { a: '/b' } }, data), undefined, 'a text has no fields');
    assert.equal(m.valueIn({ path: '', map: null }, false), false);
    assert.equal(m.valueIn({ path: '', map: null }, undefined), undefined);
  });

  test('hostile pointers lead nowhere', () => {
    const data = { list: ['a', 'b'], text: 'abc', '': { '': 1 }, 'a/b': { '~': 2 } };
    for (const pointer of ['/__proto__', '/constructor/prototype', '/list/length', '/list/-1', '/list/01', '/list/1e0', '/list/2', '/text/0', '/text/length', 'list', '/toString', null, 7, '/list/99999999999', {}]) assert.equal(m.at(data, pointer), undefined, String(pointer));
    assert.equal(m.at(data, '//'), 1);
    assert.equal(m.at(data, '/a~1b/~0'), 2);
    assert.equal(m.at(data, ''), data);
  });

  test('it is put into a copy, where there is a place for it', () => {
    const props = Object.freeze({ a: Object.freeze({ b: 1 }), list: Object.freeze([Object.freeze({ t: 1 }), 'x']) });
    assert.deepEqual(put(props, '/a/c', 2), { a: { b: 1, c: 2 }, list: [{ t: 1 }, 'x'] });
    assert.deepEqual(put(props, '/list/0/u', 2).list, [{ t: 1, u: 2 }, 'x']);
    assert.deepEqual(put(props, '/list/1', 'between').list, [{ t: 1 }, 'between', 'x'], 'entries that wait are not in the list');
    for (const nowhere of ['/gone/x', '/a/b/c', '/list/9/x', '/list/x', '', 'a', null]) assert.deepEqual(put(props, nowhere, 2), props, String(nowhere));
    const hostile = put({}, '/__proto__', { polluted: 1 });
    assert.equal({}.polluted, undefined);
    assert.deepEqual(Object.keys(hostile), ['__proto__']);
    assert.deepEqual(put({}, '/__proto__/polluted', 1), {});
  });
});

describe('what a page fills in by itself', () => {
  let Filler;
  before(async () => { ({ Filler } = await source('sdk/src/bound.ts')); });
  const binding = (pointer, more = {}) => ({ pointer, document: HASH, variables: {}, path: '/me/name', map: null, ...more });
  const snapshotOf = (...bindings) => ({ key: 'home', root: 'a', blocks: [{ key: 'a', component: 'x', version: '1.0', props: {}, slots: [], bindings }, { key: 'b', component: 'x', version: '1.0', props: {}, slots: [], bindings: [] }] });

  test('is asked for once for each different question, and put where it belongs', async () => {
    const asked = [];
    let changes = 0;
    const filler = new Filler(async (document, variables) => (asked.push([document, variables]), { data: { me: { name: 'Ada', n: variables.n ?? null, photo: { url: `/assets/${'b'.repeat(64)}` } } } }), 'https://s.example', () => changes++);
    const snapshot = snapshotOf(binding('/title'), binding('/text'), binding('/n', { variables: { n: 2 }, path: '/me/n' }), binding('/photo', { path: '/me/photo' }), binding('/gone', { path: '/me/gone' }));
    assert.deepEqual(filler.fill(snapshot).blocks[0].props, {});
    await filler.ask(snapshot);
    assert.equal(asked.length, 2);
    assert.equal(changes, 2);
    const [block, other] = filler.fill(snapshot).blocks;
    assert.deepEqual(block.props, { title: 'Ada', text: 'Ada', n: 2, photo: { url: `https://s.example/assets/${'b'.repeat(64)}` } });
    assert.deepEqual(block.bindings.map(({ pointer }) => pointer), ['/gone'], 'what is open stays');
    assert.equal(other, snapshot.blocks[1]);
    assert.deepEqual(snapshot.blocks[0].props, {}, 'what was served is not touched');
    filler.close();
  });

  test('an answer of last time stays while another fails, and is forgotten when nobody wants it', async () => {
    let fails = false;
    const filler = new Filler(async () => { if (fails) throw new Error('away'); return { data: { me: { name: 'Ada' } } }; }, '', () => {});
    const snapshot = snapshotOf(binding('/title'));
    await filler.ask(snapshot);
    fails = true;
    await filler.ask(snapshot);
    assert.equal(filler.fill(snapshot).blocks[0].props.title, 'Ada');
    await filler.ask(snapshotOf());
    assert.deepEqual(filler.fill(snapshot).blocks[0].props, {});
    filler.close();
  });

  test('hostile bindings do no harm', async () => {
    const filler = new Filler(async () => ({ data: { a: 1 } }), '', () => {});
    const snapshot = snapshotOf({ pointer: 7, document: 8, variables: null, path: {}, map: 3 }, { pointer: '/__proto__/x', document: HASH, variables: {}, path: '/a', map: null });
    await filler.ask(snapshot);
    assert.deepEqual(filler.fill(snapshot).blocks[0].props, {});
    assert.equal({}.x, undefined);
    filler.close();
  });
});

test('changes are told in words', async () => {
  const { tell } = await source('studio/changes/diff.ts');
  const [a, b] = [{ $bind: { document: HASH } }, { $bind: { document: `sha256:${'b'.repeat(64)}` } }];
  const said = (before, after) => tell({ kind: 'props', key: 'grid', props: [{ name: 'products', before, after }] }, new Map([[HASH, 'ProductGrid']]));
  assert.equal(said([], a), 'Grid: products bound to ProductGrid');
  assert.equal(said(undefined, b), 'Grid: products bound to document bbbbbbbbbb');
  assert.equal(said(a, b), 'Grid: products bound to document bbbbbbbbbb instead of ProductGrid');
  assert.equal(said(a, { $bind: { document: HASH, path: '/x' } }), 'Grid: products bound otherwise to ProductGrid');
  assert.equal(said(a, ['x']), 'Grid: products written instead of bound to ProductGrid');
  assert.equal(said(a, undefined), 'Grid: products bound no more');
});

describe('variables', () => {
  let m;
  before(async () => { m = await source('studio/binding/variables.ts'); });

  test('what is typed becomes what the document declares', () => {
    for (const [t, text, want] of [['Int!', '6', { value: 6 }], ['Int', 'six', 0], ['Int', '1.5', 0], ['Float', '1.5', { value: 1.5 }], ['Boolean', 'true', { value: true }], ['ID!', '7', { value: '7' }], ['String', '', { value: undefined }], ['[ID!]!', '["a"]', { value: ['a'] }], ['[ID!]', 'a', 0], ['Order', 'NEWEST', { value: 'NEWEST' }], ['Order', '{"by":"x"}', { value: { by: 'x' } }], ['JSON', '[null]', 0]]) {
      const parsed = m.parse(t, text);
      if (want === 0) assert.ok('problem' in parsed, `${t} ${text}`);
      else assert.deepEqual(parsed, want, `${t} ${text}`);
    }
  });

  test('what the path matched is filled in, in the type that is wanted; what it did not match is left out', () => {
    const typeOf = (name) => ({ n: 'Int!', on: 'Boolean', s: 'String' })[name];
    const param = (name) => ({ $param: name });
    assert.deepEqual(m.given({ n: param('p'), s: param('p'), on: param('q'), gone: param('r'), first: 3, proto: param('__proto__') }, { p: '7', q: 'true' }, typeOf), { n: 7, s: '7', on: true, first: 3 });
  });
});

describe('props with samples in them', () => {
  let fill;
  before(async () => { ({ fill } = await source('studio/binding/fill.ts')); });

  test('what is known is filled in, what is not is left out, and the rest is the same object', () => {
    const bound = { $bind: { document: HASH } };
    const props = { a: bound, b: { c: 1 }, list: [bound, 'x'], broken: { $bind: 1 } };
    const filled = fill(props, () => 'value');
    assert.deepEqual(filled, { a: 'value', b: { c: 1 }, list: ['value', 'x'] });
    assert.equal(filled.b, props.b);
    assert.deepEqual(fill(props, () => undefined), { b: { c: 1 }, list: ['x'] });
    const plain = { b: { c: [1] } };
    assert.equal(fill(plain, () => 'value'), plain);
  });
});
