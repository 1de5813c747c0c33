// What differs between a draft and what is live, how it is told, and how one change after the other is taken back.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const source = (file) => runnerImport(fileURLToPath(new URL(`../../studio/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let treeOf;
let placesOf;
let differences;
let tell;
let discard;
let transform;
let patchTo;
let pieces;
let tokens;
before(async () => {
  ({ treeOf, placesOf } = await source('changes/tree.ts'));
  ({ differences, tell } = await source('changes/diff.ts'));
  ({ discard, transform, patchTo } = await source('changes/discard.ts'));
  ({ pieces, tokens } = await source('changes/text.ts'));
});

const screen = (blocks, more = {}) => ({ title: 'Home', path: '/', root: 'root', blocks, ...more });
const block = (component, slots = {}, props = {}, major = 1) => ({ component, major, props, slots });
const list = (...children) => (children.length > 0 ? { children } : {});
const said = (a, b) => differences(treeOf(a), treeOf(b)).map(tell);

// ---- the ops as the server carries them out

function subtree(body, key) {
  return [key, ...Object.values(body.blocks[key].slots).flat().flatMap((child) => subtree(body, child))];
}
function takeOut(body, key) {
  for (const { slots } of Object.values(body.blocks)) {
    for (const [name, children] of Object.entries(slots)) {
      if (!children.includes(key)) continue;
      children.splice(children.indexOf(key), 1);
      if (children.length === 0) delete slots[name];
    }
  }
}
function put(body, { key, parent, slot, index }) {
  assert.ok(body.blocks[parent], `there is no ${parent} to put ${key} into`);
  (body.blocks[parent].slots[slot] ??= []).splice(index, 0, key);
}
function merge(target, patch) {
  const out = { ...(typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete out[name];
    else out[name] = typeof value === 'object' && !Array.isArray(value) ? merge(out[name], value) : value;
  }
  return out;
}
function apply(body, ops) {
  const out = structuredClone(body);
  for (const op of ops) {
    if (op.kind !== 'INSERT') assert.ok(out.blocks[op.key], `${op.kind}: there is no ${op.key}`);
    if (op.kind === 'INSERT') {
      assert.ok(!out.blocks[op.key], `there is a ${op.key} already`);
      out.blocks[op.key] = block(op.component, {}, structuredClone(op.props), op.major);
      put(out, op);
    } else if (op.kind === 'MOVE') {
      assert.ok(!subtree(out, op.key).includes(op.parent), `${op.key} into itself`);
      takeOut(out, op.key);
      put(out, op);
    } else if (op.kind === 'REMOVE') {
      const gone = subtree(out, op.key);
      takeOut(out, op.key);
      for (const key of gone) delete out.blocks[key];
    } else if (op.kind === 'SET_PROPS') out.blocks[op.key].props = merge(out.blocks[op.key].props, op.patch);
    else Object.assign(out.blocks[op.key], { major: op.major, props: op.props });
  }
  return out;
}

// ---- random trees, from a seed that a failure names

function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { below: (n) => Math.floor(next() * n), one: (from) => from[Math.floor(next() * from.length)], chance: (p) => next() < p };
}
const props = (r) => Object.fromEntries(['title', 'tone', 'link', 'constructor'].filter(() => r.chance(0.5)).map((name) => [name, r.chance(0.3) ? { href: r.below(3), ...(r.chance(0.5) ? { label: 'x' } : {}) } : r.below(3)]));
const place = (r, body) => {
  const parent = r.one(Object.keys(body.blocks));
  const slot = r.one(['children', 'aside']);
  return { parent, slot, index: r.below((body.blocks[parent].slots[slot]?.length ?? 0) + 1) };
};
let made = 0;
function mutate(r, body, steps) {
  for (let i = 0; i < steps; i++) {
    const keys = Object.keys(body.blocks).filter((key) => key !== 'root');
    const kind = keys.length < 3 ? 'INSERT' : r.one(['INSERT', 'INSERT', 'MOVE', 'MOVE', 'REMOVE', 'SET_PROPS', 'UPGRADE', 'AGAIN']);
    const key = r.one(keys);
    if (kind === 'INSERT') body = apply(body, [{ kind, key: `b${++made}`, component: r.one(['hero', 'grid', 'text']), major: 1, props: props(r), ...place(r, body) }]);
    else if (kind === 'REMOVE') body = apply(body, [{ kind, key }]);
    else if (kind === 'SET_PROPS') body.blocks[key].props = props(r);
    else if (kind === 'UPGRADE') Object.assign(body.blocks[key], { major: 1 + r.below(3), props: props(r) });
    else if (kind === 'AGAIN') body.blocks[key].component = r.one(['hero', 'grid', 'text']); // removed, and made anew under its key
    else {
      const to = place(r, body);
      if (subtree(body, key).includes(to.parent)) continue;
      const { parent, slot } = placesOf(treeOf(body)).get(key);
      const index = to.parent === parent && to.slot === slot ? Math.min(to.index, body.blocks[parent].slots[slot].length - 1) : to.index;
      body = apply(body, [{ kind, key, ...to, index }]);
    }
  }
  return body;
}

describe('changes', () => {
  const live = screen({
    root: block('page', list('hero', 'grid', 'story')),
    hero: block('hero', {}, { title: 'Hello', link: { href: '/', label: 'Go' } }, 2),
    grid: block('product-grid', list('a', 'b')),
    a: block('product'), b: block('product'), story: block('story'),
  });

  test('are told in words', () => {
    const draft = structuredClone(live);
    draft.blocks.hero.props = { title: 'Good evening', tone: 'dusk' };
    draft.blocks.root.slots.children = ['grid', 'hero', 'sale'];
    draft.blocks.sale = block('banner');
    draft.blocks.grid.slots = { children: ['b', 'a'], aside: ['story'] };
    draft.blocks.b.major = 2;
    draft.title = 'Start';
    assert.deepEqual(said(live, draft), [
      'Title of the screen changed', 'Grid moved from 2 to 1', 'Story moved from root to grid, aside', 'B: product 2 instead of 1', 'B moved from 2 to 1',
      'Hero: link removed, title changed, tone added', 'Sale (banner) added',
    ]);
  });

  test('of a subtree are one change', () => {
    const draft = structuredClone(live);
    draft.blocks.root.slots.children = ['hero', 'story'];
    for (const key of ['grid', 'a', 'b']) delete draft.blocks[key];
    assert.deepEqual(said(live, draft), ['Grid (product grid) removed with 2 below it']);
    assert.deepEqual(said(draft, live), ['Grid (product grid) added with 2 below it']);
  });

  test('are none between equals, and an insert moves nothing', () => {
    assert.deepEqual(said(live, structuredClone(live)), []);
    const draft = structuredClone(live);
    draft.blocks.root.slots.children.unshift('top');
    draft.blocks.top = block('banner');
    assert.deepEqual(said(live, draft), ['Top (banner) added']);
  });

  test('of names like those of objects are changes like others', () => {
    const odd = structuredClone(live);
    odd.blocks.hero.props = JSON.parse('{"__proto__": "x", "constructor": 1}');
    const [change] = differences(treeOf(live), treeOf(odd));
    assert.deepEqual(change.props.map(({ name }) => name), ['__proto__', 'constructor', 'link', 'title']);
    const [op] = discard(change, treeOf(live), treeOf(odd));
    assert.equal(JSON.stringify(op.patch), '{"__proto__":null,"constructor":null,"title":"Hello","link":{"href":"/","label":"Go"}}');
  });

  test('a patch merges objects and replaces everything else', () => {
    assert.deepEqual(patchTo({ a: { x: 1, y: 2 }, b: [1], c: 1 }, { a: { x: 1, z: 3 }, b: [2], d: { e: 1 } }), { c: null, a: { y: null, z: 3 }, b: [2], d: { e: 1 } });
  });

  const ROUNDS = 400;
  test('discarded one after the other, in any order, leave what is live', () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      made = 0;
      const r = random(seed);
      const was = mutate(r, screen({ root: block('page') }), 4 + r.below(16));
      let draft = mutate(r, structuredClone(was), 1 + r.below(20));
      const before = treeOf(was);
      let left = differences(before, treeOf(draft)).length;
      for (;;) {
        const changes = differences(before, treeOf(draft));
        if (changes.length === 0) break;
        draft = apply(draft, discard(r.one(changes), before, treeOf(draft)));
        const now = differences(before, treeOf(draft)).length;
        assert.ok(now < left, `seed ${seed}: ${left} changes, then ${now}`);
        left = now;
      }
      assert.deepEqual(draft, was, `seed ${seed}`);
    }
  });

  test('all at once are undone by the way back', () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      made = 0;
      const r = random(seed);
      const one = mutate(r, screen({ root: block('page') }), 4 + r.below(16));
      const other = mutate(r, structuredClone(one), 1 + r.below(20));
      assert.deepEqual(apply(one, transform(treeOf(one), treeOf(other))), other, `seed ${seed}`);
    }
    assert.equal(transform(treeOf(live), treeOf(screen({ main: block('page') }, { root: 'main' }))), undefined);
  });
});

describe('texts', () => {
  const shown = (a, b) => pieces(tokens(a), tokens(b)).map(({ kind, items }) => ({ same: '', added: '+', removed: '-' })[kind] + items.join('')).join('|');

  test('differ by words', () => {
    assert.equal(shown('Light for long evenings', 'Light for short evenings'), 'Light for |-long|+short| evenings');
    assert.equal(shown('', 'New'), '+New');
    assert.equal(shown('Same', 'Same'), 'Same');
  });

  test('become each other, whatever they are', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const r = random(seed);
      const [a, b] = [0, 1].map(() => Array.from({ length: r.below(40) }, () => r.one(['a', 'b', 'c', 'd'])));
      const found = pieces(a, b);
      assert.deepEqual(found.filter(({ kind }) => kind !== 'added').flatMap(({ items }) => items), a, `seed ${seed}`);
      assert.deepEqual(found.filter(({ kind }) => kind !== 'removed').flatMap(({ items }) => items), b, `seed ${seed}`);
    }
  });

  test('that have nothing in common are given up on', () => {
    const many = (word) => Array.from({ length: 5_000 }, (_, i) => `${word}${i}`);
    const began = performance.now();
    assert.equal(pieces(many('a'), many('b')).length, 2);
    assert.ok(performance.now() - began < 5_000);
  });
});
