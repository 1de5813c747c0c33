// The model of the screen editor: ops on drafts, and how edits of several people come together.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { random, randomDraft, randomOps } from '../ops.mjs';

const source = (file) => runnerImport(fileURLToPath(new URL(`../../studio/editor/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let model;
before(async () => {
  const parts = await Promise.all(['apply', 'patch', 'names', 'merge', 'queue', 'draft', 'moves', 'clipboard', 'rows'].map((name) => source(`model/${name}.ts`)));
  const keyboard = await source('layers/keyboard.ts');
  model = Object.assign({}, ...parts, keyboard);
});

const plain = (draft) => JSON.stringify([draft.root, [...draft.blocks.values()].map((block) => ({ ...block, props: sorted(block.props) })).sort((a, b) => (a.key < b.key ? -1 : 1))]);
const sorted = (value) => (Array.isArray(value) ? value.map(sorted) : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)])) : value);

const catalogue = new Map([
  ['page', { key: 'page', title: 'Page', category: null, versions: [{ version: '1.0', major: 1, minor: 0, propsSchema: {}, uiSchema: null, slots: ['children'], fallback: null, examples: null }] }],
  ['split', { key: 'split', title: 'Split', category: null, versions: [{ version: '1.0', major: 1, minor: 0, propsSchema: {}, uiSchema: null, slots: ['left', 'right'], fallback: null, examples: null }] }],
  ['text', { key: 'text', title: 'Text', category: null, versions: [{ version: '1.2', major: 1, minor: 2, propsSchema: { properties: { tone: { default: 'calm' } } }, uiSchema: null, slots: [], fallback: null, examples: [{ title: 'One', props: { text: 'Hello', gone: null } }] }] }],
]);
const block = (key, component, slots = {}, props = {}) => ({ key, component, major: 1, props, slots: Object.entries(slots).map(([name, blocks]) => ({ name, blocks })) });
const tree = () => model.draftOf([
  block('root', 'page', { children: ['a', 'b', 'c'] }), block('a', 'text', {}, { text: 'A' }), block('b', 'split', { left: ['b1'], right: ['b2', 'b3'] }),
  block('b1', 'text'), block('b2', 'text'), block('b3', 'text'), block('c', 'text'),
]);

describe('ops on drafts', () => {
  test('what takes back ops gives what was there before, for any ops on any tree', () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e9);
    const chance = random(seed);
    let carried = 0;
    for (let round = 0; round < 400; round++) {
      const draft = model.draftOf(randomDraft(chance));
      const ops = randomOps(chance, draft, 1 + Math.floor(chance() * 8));
      let done;
      try {
        done = model.apply(draft, ops);
      } catch (error) {
        assert.ok(error instanceof model.Refused, `seed ${seed}: ${error.stack}`);
        continue;
      }
      carried += ops.length;
      assert.equal(plain(model.apply(done.draft, done.inverse).draft), plain(draft), `seed ${seed}, round ${round}: ${JSON.stringify(ops)}`);
      assert.equal(plain(model.apply(draft, done.ops).draft), plain(done.draft), `seed ${seed}, round ${round}: as applied`);
    }
    assert.ok(carried > 500, `only ${carried} ops were carried out`);
  });

  test('two patches in turn are one, or are left apart', () => {
    const chance = random(7);
    const value = (depth) => { const r = chance(); return r < 0.2 ? null : r < 0.4 ? 1 : r < 0.5 ? { $asset: chance() < 0.5 ? 'sha256:a' : 'sha256:b', alt: 'x' } : depth > 2 ? 'deep' : object(depth + 1); };
    const object = (depth = 0) => Object.fromEntries(['a', 'b', '__proto__x', 'constructor'].filter(() => chance() < 0.6).map((name) => [name, value(depth)]));
    let joined = 0;
    for (let round = 0; round < 3_000; round++) {
      const from = model.mergePatch({}, object());
      const [one, two] = [object(), object()];
      const patch = model.composePatches(one, two);
      if (!patch) continue;
      joined++;
      assert.deepEqual(model.mergePatch(from, patch), model.mergePatch(model.mergePatch(from, one), two), JSON.stringify([from, one, two, patch]));
      const to = model.mergePatch(from, one);
      assert.deepEqual(model.mergePatch(from, model.patchTo(from, to)), to);
    }
    assert.ok(joined > 1_000);
  });

  test('names of props mean nothing to the language', () => {
    const patch = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "x"}');
    const props = model.mergePatch({}, patch);
    assert.equal({}.polluted, undefined);
    assert.deepEqual(Object.keys(props).sort(), ['__proto__', 'constructor']);
    assert.deepEqual(Object.keys(model.patchTo(props, {})).sort(), ['__proto__', 'constructor']);
  });

  test('another picture brings its own text, or none', () => {
    assert.deepEqual(model.mergePatch({ image: { $asset: 'sha256:a', alt: 'Old' } }, { image: { $asset: 'sha256:b' } }), { image: { $asset: 'sha256:b' } });
    assert.deepEqual(model.mergePatch({ image: { $asset: 'sha256:a', alt: 'Old' } }, { image: { alt: 'New' } }), { image: { $asset: 'sha256:a', alt: 'New' } });
  });

  test('fresh keys can be read, and keys like the one they come from', () => {
    const taken = new Set(['hero', 'hero-2', 'hero-3']);
    assert.equal(model.freshKey('hero', (key) => taken.has(key)), 'hero-4');
    assert.equal(model.freshKey('hero-2', (key) => taken.has(key)), 'hero-4');
    assert.equal(model.freshKey('text', (key) => taken.has(key)), 'text');
    assert.equal(model.freshKey('<script>', () => false), 'block');
    assert.ok(model.isBlockKey(model.freshKey('a'.repeat(64), (key) => key.length < 60)));
  });

  test('limits are named before anything is sent', () => {
    const many = Array.from({ length: 200 }, (_, i) => ({ kind: 'INSERT', key: `n${i}`, parent: i === 0 ? 'root' : 'n0', slot: 'children', index: 999, component: 'text', major: 1, props: {} }));
    assert.throws(() => model.apply(tree(), many), /at most 200 blocks/);
    const deep = Array.from({ length: 12 }, (_, i) => ({ kind: 'INSERT', key: `d${i}`, parent: i === 0 ? 'root' : `d${i - 1}`, slot: 'children', index: 0, component: 'text', major: 1, props: {} }));
    assert.throws(() => model.apply(tree(), deep), /at most 12 blocks deep/);
    assert.throws(() => model.apply(tree(), [{ kind: 'MOVE', key: 'b', parent: 'b1', slot: 'left', index: 0 }]), /into itself/);
  });
});

describe('a queue of ops', () => {
  test('typing is one op', () => {
    const typed = ['H', 'He', 'Hel'].reduce((queue, text) => model.enqueue(queue, { kind: 'SET_PROPS', key: 'a', patch: { text } }), []);
    assert.deepEqual(typed, [{ kind: 'SET_PROPS', key: 'a', patch: { text: 'Hel' } }]);
  });

  test('holds what touches a block in conflict, with what was put into it, and lets the rest go', () => {
    const ops = [
      { kind: 'SET_PROPS', key: 'a', patch: { text: 'mine' } }, { kind: 'SET_PROPS', key: 'c', patch: { text: 'free' } },
      { kind: 'INSERT', key: 'new', parent: 'b', slot: 'left', index: 0, component: 'text', major: 1, props: {} }, { kind: 'SET_PROPS', key: 'new', patch: { text: 'in' } },
    ];
    const { draft } = model.apply(tree(), [{ kind: 'REMOVE', key: 'b' }]);
    const { free, held } = model.split(draft, ops, new Set(['a', 'b']));
    assert.deepEqual(free.map(({ key }) => key), ['c']);
    assert.deepEqual([...held].map(([key, list]) => [key, list.map((op) => op.key)]), [['a', ['a']], ['b', ['new', 'new']]]);
  });

  test('edits conflict by aspect', () => {
    const print = (...ops) => model.footprintOf(tree(), ops);
    const set = { kind: 'SET_PROPS', key: 'b1', patch: { text: 'x' } };
    const move = { kind: 'MOVE', key: 'b1', parent: 'root', slot: 'children', index: 0 };
    const remove = { kind: 'REMOVE', key: 'b' };
    assert.deepEqual([...print(set).against(print(move))], []);
    assert.deepEqual([...print(set).against(print(set))], ['b1']);
    assert.deepEqual([...print(set).against(print(remove))], ['b1']);
    assert.deepEqual([...print(remove).against(print(set))], ['b1']);
    const between = model.footprintBetween(tree(), model.apply(tree(), [remove, { kind: 'SET_PROPS', key: 'a', patch: { text: 'x' } }]).draft);
    assert.deepEqual([...between.removed].sort(), ['b', 'b1', 'b2', 'b3']);
    assert.deepEqual([...between.touched.get('a')], ['props']);
    assert.equal(between.touched.has('c'), false);
  });
});

describe('blocks', () => {
  test('move by keys: up, down, through slots, out and in', () => {
    const toward = (key, direction) => model.placeToward(tree(), catalogue, key, direction);
    assert.deepEqual(toward('b', 'up'), { parent: 'root', slot: 'children', index: 0 });
    assert.equal(toward('a', 'up'), undefined);
    assert.deepEqual(toward('b1', 'down'), { parent: 'b', slot: 'right', index: 0 });
    assert.deepEqual(toward('b2', 'up'), { parent: 'b', slot: 'left', index: 1 });
    assert.deepEqual(toward('b2', 'out'), { parent: 'root', slot: 'children', index: 2 });
    assert.deepEqual(toward('c', 'into'), { parent: 'b', slot: 'left', index: 1 });
    assert.equal(toward('b', 'into'), undefined);
    assert.equal(toward('root', 'out'), undefined);
  });

  test('are duplicated with all below them under fresh keys', () => {
    const copy = model.duplicate(tree(), 'b');
    const { draft } = model.apply(tree(), copy.ops);
    assert.deepEqual(model.childrenOf(draft.blocks.get('root'), 'children'), ['a', 'b', 'b-2', 'c']);
    assert.equal(draft.blocks.get('b-2').slots.flatMap(({ blocks }) => blocks).length, 3);
    assert.equal(model.countOps(copy.ops), 1);
  });

  test('begin with an example, or with defaults, and without null', () => {
    assert.deepEqual(model.firstProps(catalogue.get('text')), { text: 'Hello' });
    assert.deepEqual(model.firstProps({ ...catalogue.get('text'), versions: [{ ...catalogue.get('text').versions[0], examples: null }] }), { tone: 'calm' });
  });

  test('travel as text, and what cannot come along is named', () => {
    const text = model.textOf(model.subtreeOf(tree(), 'b'));
    assert.equal(model.blocksIn(text, catalogue).blocks.length, 4);
    assert.deepEqual(model.blocksIn(text, new Map([['split', catalogue.get('split')]])), { blocks: [{ ...tree().blocks.get('b'), slots: [] }], left: ['“text”, which no build of this frontend has'] });
    for (const other of ['', 'Hello', '{"sonata":"blocks"', '{"sonata":"blocks","format":2,"blocks":[]}', '[]']) assert.equal(model.blocksIn(other, catalogue), undefined, other);
    const hostile = JSON.stringify({ sonata: 'blocks', format: 1, blocks: [
      { key: 'x', component: 'page', major: 1, props: {}, slots: [{ name: 'children', blocks: ['x', 'y', 'y', '__proto__', 7] }] },
      { key: 'y', component: 'text', major: 1, props: { a: 1 }, slots: 'no' }, { key: 'y2', component: 'text', major: 1.5, props: {}, slots: [] }, { key: '../z', component: 'text', major: 1, props: {}, slots: [] },
    ] });
    assert.deepEqual(model.blocksIn(hostile, catalogue).blocks.map(({ key }) => key), ['x']);
  });

  test('show as rows, with rows for slots where there are several', () => {
    const rows = model.rowsOf(tree(), catalogue, new Set(['b/right']));
    assert.deepEqual(rows.map(({ id, level }) => `${level} ${id}`), ['1 root', '2 a', '2 b', '3 b/left', '4 b1', '3 b/right', '2 c']);
    assert.deepEqual(rows.map(({ open }) => open), [true, undefined, true, true, undefined, false, undefined]);
    const go = (at, key) => model.step(rows, at, key);
    assert.deepEqual([go('a', 'ArrowDown'), go('b', 'ArrowLeft'), go('b1', 'ArrowLeft'), go('b/right', 'ArrowRight'), go('c', 'ArrowRight'), go('c', 'Home'), go('root', 'End')],
      [{ to: 'b' }, { toggle: 'b' }, { to: 'b/left' }, { toggle: 'b/right' }, undefined, { to: 'root' }, { to: 'c' }]);
    const words = (row) => ({ a: 'Text', c: 'Text', b: 'Split' })[row.id] ?? 'Page';
    assert.equal(model.typeAhead(rows, 'a', 't', words), 'c');
    assert.equal(model.typeAhead(rows, 'c', 'tt', words), 'a');
    assert.equal(model.typeAhead(rows, 'a', 'sp', words), 'b');
  });
});
