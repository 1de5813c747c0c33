// The SDK as it is published: unpacked where an app would have it, and used from outside.
import { toJsonSchema, toStandardJsonSchema } from '@valibot/to-json-schema';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'fflate';
import { createElement as h } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Type from 'typebox';
import * as v from 'valibot';
import { runnerImport } from 'vite';
import { z } from 'zod';
import { buildSdk, packageFiles, weigh } from '../sdk/build.mjs';
import { tar } from '../sdk/tar.mjs';
import { alias } from '../vite.config.mjs';
import { Server } from './harness.mjs';

const run = promisify(execFile);
const web = fileURLToPath(new URL('..', import.meta.url));

let app; // a folder as an app has it: Vite and React can be found from it
let sdk; // the package in it
let core;
let react;
let components;

before(async () => {
  app = await mkdtemp(path.join(web, 'node_modules/.sdk-test-'));
  sdk = path.join(app, 'node_modules/@sonata/sdk');
  for (const [name, bytes] of await packageFiles()) {
    await mkdir(path.dirname(path.join(sdk, name)), { recursive: true });
    await writeFile(path.join(sdk, name), bytes);
  }
  await chmod(path.join(sdk, 'bin/sonata-manifest.js'), 0o755);
  await writeFile(path.join(app, 'package.json'), '{"type":"module"}');
  const { exports } = JSON.parse(await readFile(path.join(sdk, 'package.json'), 'utf8'));
  const load = (entry) => import(pathToFileURL(path.join(sdk, exports[entry].default)).href);
  [core, react, components] = await Promise.all(['.', './react', './components'].map(load));
});
after(() => app && rm(app, { recursive: true, force: true }));

const block = (key, component, props = {}, slots = {}) => ({ key, component, version: '1.0', props, slots: Object.entries(slots).map(([name, blocks]) => ({ name, blocks })) });
const snapshot = (root, blocks, more) => ({ id: 's', key: 'home', title: 'Home', path: '/', params: {}, contentHash: 'sha256:1', release: { number: 1, publishedAt: '' }, root, blocks, degradations: [], ...more });
const keysOf = (branch) => [branch.block.key, branch.slots.map(({ name, branches }) => [name, branches.map(keysOf)])];

describe('the package', () => {
  test('depends on nothing, is complete, and comes out the same twice', async () => {
    const about = JSON.parse(await readFile(path.join(sdk, 'package.json'), 'utf8'));
    assert.equal(about.name, '@sonata/sdk');
    assert.equal(about.sideEffects, false);
    assert.equal(about.dependencies, undefined);
    assert.equal(about.peerDependenciesMeta.react.optional, true);
    for (const entry of Object.values(about.exports)) for (const file of typeof entry === 'string' ? [entry] : Object.values(entry)) await readFile(path.join(sdk, file));
    assert.ok((await readFile(path.join(sdk, 'README.md'), 'utf8')).length > 1_000);

    const [one, two] = await Promise.all(['one', 'two'].map(async (name) => {
      const folder = path.join(app, name);
      await buildSdk(folder);
      return Promise.all(['sonata-sdk.tgz', 'sonata.js'].map((file) => readFile(path.join(folder, file))));
    }));
    assert.ok(one[0].equals(two[0]) && one[1].equals(two[1]));
    // tar(1) reads it, and npm wants everything below package/.
    const { stdout } = await run('tar', ['tzf', path.join(app, 'one/sonata-sdk.tgz')]);
    assert.ok(stdout.split('\n').filter(Boolean).every((name) => name.startsWith('package/')));
    assert.equal(gunzipSync(one[0]).length % 512, 0);
  });

  test('costs a page little', async (t) => {
    const [index, bindings] = [await weigh('index'), await weigh('react')];
    t.diagnostic(`core ${index} bytes, React bindings ${bindings} bytes, compressed`);
    assert.ok(index <= 5_500, `the core weighs ${index} bytes`);
    assert.ok(bindings <= 2_500, `the React bindings weigh ${bindings} bytes`);
  });

  test('a tar with a name that is too long is refused', () => {
    assert.throws(() => tar([{ name: 'x'.repeat(101), bytes: Buffer.from('') }]), /100 bytes/);
  });
});

describe('the tree', () => {
  test('is rebuilt from the slots', () => {
    const tree = core.treeOf(snapshot('root', [block('root', 'page', {}, { children: ['a', 'b'] }), block('a', 'x'), block('b', 'x', {}, { left: ['c'] }), block('c', 'x')]));
    assert.deepEqual(keysOf(tree), ['root', [['children', [['a', []], ['b', [['left', [['c', []]]]]]]]]]);
  });

  test('survives circles, thickets, what is missing and names of prototypes', () => {
    assert.equal(core.treeOf(snapshot('nowhere', [])), undefined);
    const circle = core.treeOf(snapshot('a', [block('a', 'x', {}, { children: ['b', 'a', 'gone'] }), block('b', 'x', {}, { children: ['a', 'b'] })]));
    assert.deepEqual(keysOf(circle), ['a', [['children', [['b', [['children', []]]]]]]]);
    // Each names the next twice: as a tree these would be 2^200 blocks.
    const thicket = Array.from({ length: 200 }, (_, i) => block(`k${i}`, 'x', {}, { children: [`k${i + 1}`, `k${i + 1}`] }));
    assert.ok(core.treeOf(snapshot('k0', thicket)));
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const odd = core.treeOf(snapshot('constructor', names.map((name, i) => block(name, '__proto__', {}, { ['__proto__']: [], prototype: names.slice(i + 1, i + 2) })), {}));
    assert.equal(odd.block.key, 'constructor');
    assert.equal({}.polluted, undefined);
  });

  test('keeps what did not change', () => {
    const make = (title) => JSON.parse(JSON.stringify(snapshot('root', [block('root', 'page', {}, { children: ['a', 'b'] }), block('a', 'x', { title }), block('b', 'x', {}, { in: ['c'] }), block('c', 'x', { n: [1] })])));
    const before = core.treeOf(make('one'));
    const later = core.treeOf(make('two'), before);
    assert.notEqual(later, before);
    assert.notEqual(later.slots[0].branches[0], before.slots[0].branches[0]);
    assert.equal(later.slots[0].branches[1], before.slots[0].branches[1]);
    assert.equal(core.treeOf(make('two'), later), later);
  });
});

describe('images', () => {
  const url = `/assets/${'a'.repeat(64)}`;
  test('come in every width up to their own', () => {
    assert.equal(core.srcset({ url, width: 500 }), `${url}?w=160 160w, ${url}?w=320 320w, ${url}?w=480 480w, ${url}?w=640 500w`);
    assert.equal(core.srcset({ url: `http://s${url}` }).split(', ').length, 8);
    assert.equal(core.srcset({ url: 'https://elsewhere.example/x.png' }), '');
    assert.equal(core.srcset({ url, width: 50 }), `${url}?w=160 50w`);
  });

  test('have absolute addresses after the SDK read them, wherever they stand', async () => {
    const props = JSON.parse(`{"photo":{"url":"${url}"},"list":[{"deep":{"url":"${url}"}}],"__proto__":{"url":"${url}"},"link":{"url":"/assets/short"},"url":"${url}x"}`);
    const answer = { data: { screen: snapshot('root', [block('root', 'page', props)]) } };
    const { fetch } = globalThis;
    globalThis.fetch = async () => Response.json(answer);
    try {
      const sonata = core.createSonata({ endpoint: 'https://cms.example/sonata/graphql', frontend: 'shop', storage: null });
      const [{ props: read }] = (await sonata.screen('/')).blocks;
      assert.equal(read.photo.url, `https://cms.example/sonata${url}`);
      assert.equal(read.list[0].deep.url, `https://cms.example/sonata${url}`);
      assert.equal(read.link.url, '/assets/short');
      assert.equal(read.url, `${url}x`);
      assert.equal({}.url, undefined);
    } finally {
      globalThis.fetch = fetch;
    }
  });
});

describe('the last good screens', () => {
  class Shelf {
    entries = new Map();
    room = Infinity;
    get length() { return this.entries.size; }
    key(i) { return [...this.entries.keys()][i] ?? null; }
    getItem(name) { return this.entries.get(name) ?? null; }
    removeItem(name) { this.entries.delete(name); }
    setItem(name, text) {
      const used = [...this.entries].reduce((sum, [n, t]) => sum + (n === name ? 0 : t.length), 0);
      if (used + text.length > this.room) throw new DOMException('full', 'QuotaExceededError');
      this.entries.set(name, text);
    }
  }
  const visit = async (storage, at, answer) => {
    const { fetch } = globalThis;
    globalThis.fetch = answer;
    try {
      const sonata = core.createSonata({ endpoint: 'http://127.0.0.1:1', frontend: 'shop', storage });
      const view = await new Promise((resolve) => sonata.follow(at, resolve));
      sonata.close();
      return view;
    } finally {
      globalThis.fetch = fetch;
    }
  };
  const serves = (screen) => async () => Response.json({ data: { screen } });
  const down = async () => { throw new TypeError('fetch failed'); };

  test('are shown while the server is away', async () => {
    const shelf = new Shelf();
    const here = snapshot('root', [block('root', 'page', { title: 'Kept' })]);
    assert.deepEqual(await visit(shelf, '/', serves(here)), { at: '/', phase: 'shown', snapshot: here, swapped: false, kept: false });
    assert.deepEqual(await visit(shelf, '/', down), { at: '/', phase: 'shown', snapshot: here, swapped: false, kept: true });
    assert.deepEqual(await visit(shelf, '/other', down), { at: '/other', phase: 'away', swapped: false, kept: false });
  });

  test('are few, and make room for the newest', async () => {
    const shelf = new Shelf();
    shelf.setItem('of the app', 'x');
    shelf.setItem('sonata/0 of an older version', 'x');
    for (let i = 0; i < 40; i++) await visit(shelf, `/${i}`, serves(snapshot('root', [block('root', 'page', { i })])));
    assert.equal(shelf.length, 25, 'the app\'s own and 24 screens');
    assert.ok(shelf.getItem('of the app') && !shelf.getItem('sonata/0 of an older version'));
    assert.equal((await visit(shelf, '/39', down)).kept, true);
    shelf.room = 3_000;
    await visit(shelf, '/full', serves(snapshot('root', [block('root', 'page', { text: 'x'.repeat(600) })])));
    assert.equal((await visit(shelf, '/full', down)).kept, true, 'a full shelf kept the old instead of the new');
  });

  test('that are junk count as none, and a storage that refuses is done without', async () => {
    const shelf = new Shelf();
    const here = snapshot('root', [block('root', 'page')]);
    await visit(shelf, '/', serves(here));
    const [name] = shelf.entries.keys();
    for (const junk of ['', 'x', '1 null', '1 {}', '1 {"key":"home","root":"root","blocks":[null]}', '1 {"key":"home","root":"root","blocks":[{"key":"a"}]}', `${'['.repeat(9_999)}`]) {
      shelf.entries.set(name, junk);
      assert.equal((await visit(shelf, '/', down)).phase, 'away', junk);
    }
    const refusing = new Proxy({}, { get: () => { throw new DOMException('no', 'SecurityError'); } });
    assert.equal((await visit(refusing, '/', serves(here))).phase, 'shown');
    assert.equal((await visit(refusing, '/', down)).phase, 'away');
  });

  test('are not those of a preview', async () => {
    const shelf = new Shelf();
    const { fetch } = globalThis;
    globalThis.fetch = serves(snapshot('root', [block('root', 'page')], { release: null }));
    try {
      const sonata = core.createSonata({ endpoint: 'http://127.0.0.1:1', frontend: 'shop', storage: shelf, previewToken: 'secret' });
      await new Promise((resolve) => sonata.follow('/', resolve));
      sonata.close();
    } finally {
      globalThis.fetch = fetch;
    }
    assert.equal(shelf.length, 0);
  });
});

/** One and the same component, in the words of four libraries. */
const expected = { type: 'object', properties: { title: { type: 'string', maxLength: 80 }, photo: { type: 'object', format: 'asset', properties: { url: { type: 'string' }, alt: { type: 'string' } }, required: ['url'] } }, required: ['title'] };
const valibot = v.object({ title: v.pipe(v.string(), v.maxLength(80)), photo: v.optional(v.pipe(v.object({ url: v.string(), alt: v.optional(v.string()) }), v.metadata({ format: 'asset' }))) });
const libraries = {
  zod: { props: z.object({ title: z.string().max(80), photo: z.object({ url: z.string(), alt: z.string().optional() }).meta({ format: 'asset' }).optional() }) },
  valibot: { props: toStandardJsonSchema(valibot) },
  'valibot with a converter': { props: valibot, toJSONSchema: (schema) => toJsonSchema(schema) },
  TypeBox: { props: Type.Object({ title: Type.String({ maxLength: 80 }), photo: Type.Optional(Type.Object({ url: Type.String(), alt: Type.Optional(Type.String()) }, { format: 'asset' })) }) },
  'plain JSON Schema': { props: expected },
};

describe('components from code', () => {
  for (const [name, schema] of Object.entries(libraries)) {
    test(`take a schema of ${name}`, () => {
      const promo = components.defineComponent({ key: 'promo', version: '1.2', title: 'Promo', category: 'Marketing', slots: ['children'], fallback: { component: 'banner', major: 1, props: { title: { $prop: '/title' } } }, examples: [{ title: 'One', props: { title: 'Hello' } }], ui: { order: ['title'] }, render: () => null, ...schema });
      assert.deepEqual(components.manifestOf({ promo }), { components: [{
        key: 'promo', version: '1.2', title: 'Promo', category: 'Marketing', propsSchema: expected, slots: ['children'],
        fallback: { component: 'banner', major: 1, props: { title: { $prop: '/title' } } }, examples: [{ title: 'One', props: { title: 'Hello' } }], uiSchema: { order: ['title'] },
      }] });
    });
  }

  test('get their props as the library reads them', () => {
    const find = (props) => components.defineComponent({ key: 'x', version: '1.0', props, render: () => null });
    for (const props of [z.object({ title: z.string(), n: z.number().default(3) }), v.object({ title: v.string(), n: v.optional(v.number(), 3) })]) {
      assert.deepEqual(components.propsFor(find(props), block('a', 'x', { title: 'T' })), { title: 'T', n: 3 });
      assert.deepEqual(components.propsFor(find(props), block('a', 'x', { half: 'typed' })), { half: 'typed' }, 'a draft that does not fit yet is shown as it is');
    }
    assert.deepEqual(components.propsFor(find({ type: 'object' }), block('a', 'x', { b: 1 })), { b: 1 });
  });

  test('that cannot be registered say why', () => {
    const of = (more) => () => components.manifestOf([components.defineComponent({ key: 'ok', version: '1.0', render: () => null, ...more })]);
    assert.throws(of({ key: 'Hero' }), /the component "Hero": a key has lower-case letters/);
    assert.throws(of({ version: '1' }), /the component ok: "1" is not a version/);
    assert.throws(of({ props: v.object({}) }), /the component ok 1\.0: its schema library writes no JSON Schema by itself: give the converter/);
    assert.throws(of({ props: z.object({ when: z.date() }) }), /the component ok 1\.0: .*Date/);
    const one = components.defineComponent({ key: 'ok', version: '1.0', render: () => null });
    assert.throws(() => components.manifestOf([one, { ...one }]), /ok 1\.0 is there twice/);
    assert.throws(() => components.manifestOf([one, one]), /twice/);
  });
});

describe('sonata-manifest', () => {
  const manifest = (...args) => run(process.execPath, [path.join(sdk, 'bin/sonata-manifest.js'), ...args], { cwd: app }).then((done) => ({ code: 0, ...done }), (failed) => failed);

  test('reads TSX as the app does, and what it writes can be registered', async () => {
    await writeFile(path.join(app, 'style.css'), 'h2 { color: red }');
    await writeFile(path.join(app, 'blocks.tsx'), `
      import './style.css';
      import { z } from 'zod';
      import { defineComponent, page } from '@sonata/sdk/react';
      export { page };
      const notice = defineComponent({ key: 'notice', version: '1.0', title: 'Notice', props: z.object({ title: z.string() }), render: ({ props }) => <h2>{props.title}</h2> });
      export const more = [notice];
      export const unrelated = 7;
    `);
    const { code, stdout, stderr } = await manifest('blocks.tsx');
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'wrote sonata.manifest.json: 2 components: notice 1.0, page 1.0\n');
    const file = path.join(app, 'sonata.manifest.json');
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')).components[0], { key: 'notice', version: '1.0', title: 'Notice', propsSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] }, slots: [] });
    assert.match((await manifest('blocks.tsx', '-o', '-')).stdout, /^\{\n {2}"components"/);

    const server = await Server.start();
    try {
      await server.graphql('mutation { frontendCreate(input: {slug: "mine", name: "Mine", origins: []}) { userErrors { message } } }');
      const register = (at) => run(process.env.BIN, ['build', 'register', '--server', server.url, '--frontend', 'mine', '--name', '1.0', at]);
      assert.match((await register(file)).stdout, /^registered 1\.0 of mine\nmanifest sha256:[0-9a-f]{64}\n$/);
      // What breaks is printed, and the exit code says so.
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace('"type": "string"', '"type": "number"').replace('"1.0"', '"1.1"'));
      await assert.rejects(register(file), (failed) => failed.code === 1 && /notice.*title/.test(failed.stderr));
    } finally {
      await server.remove();
    }
  });

  for (const [what, source, args, words] of [
    ['no module', undefined, [], /^sonata-manifest: usage:/],
    ['an unknown flag', undefined, ['--what'], /Unknown option '--what'[\s\S]*usage:/],
    ['a file that is not there', undefined, ['gone.tsx'], /there is no file gone\.tsx/],
    ['a module without components', 'export const a = 1;', ['bad.tsx'], /bad\.tsx exports no component: export what defineComponent returns/],
    ['a module that throws', 'throw new Error("on purpose");', ['bad.tsx'], /bad\.tsx cannot be loaded: on purpose/],
    ['a module with a typing mistake', 'export const = 1;', ['bad.tsx'], /bad\.tsx cannot be loaded/],
    ['a component that cannot be registered', 'import { defineComponent } from "@sonata/sdk/components"; export const a = defineComponent({ key: "A", version: "1.0", render: () => null });', ['bad.tsx'], /the component "A": a key has/],
  ]) {
    test(`explains ${what} and exits with 1`, async () => {
      if (source !== undefined) await writeFile(path.join(app, 'bad.tsx'), source);
      const { code, stderr } = await manifest(...args);
      assert.equal(code, 1, stderr);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n\s+at /, 'a stack is no sentence');
    });
  }
});

describe('React', () => {
  const draw = (registry, shot, more) => renderToStaticMarkup(h(react.Tree, { snapshot: shot, registry, ...more }));
  test('draws a snapshot from a registry and marks each block', () => {
    const registry = {
      page: react.page,
      text: react.defineComponent({ key: 'text', version: '1.3', render: ({ props }) => h('p', null, props.text) }),
      bare: react.defineComponent({ key: 'bare', version: '1.0', bare: true, slots: ['in'], render: ({ mark, slot }) => h('section', mark, slot('in')) }),
      unrelated: () => 7,
    };
    const shot = snapshot('root', [
      block('root', 'page', {}, { children: ['a', 'b', 'nobody', 'old'] }), block('a', 'text', { text: '<b>' }), block('b', 'bare', {}, { in: ['c'] }), block('c', 'text', { text: 'in' }),
      block('nobody', 'constructor'), { ...block('old', 'text'), version: '2.0' },
    ]);
    const box = (key, inner, more = '') => `<div data-block="${key}"${more} style="display:contents">${inner}</div>`;
    assert.equal(draw(registry, shot), box('root', `${box('a', '<p>&lt;b&gt;</p>')}<section data-block="b">${box('c', '<p>in</p>')}</section>`, ' data-screen="home"'));
    assert.match(draw(registry, shot, { unknown: ({ block: b, mark }) => h('i', mark, b.component) }), /<i data-block="nobody">constructor<\/i><i data-block="old">text<\/i>/);
  });

  test('asks for its provider', () => {
    assert.throws(() => renderToStaticMarkup(h(react.Screen, { path: '/' })), /SonataProvider/);
  });

  test('gives an image what it needs', () => {
    const url = `/assets/${'b'.repeat(64)}`;
    assert.deepEqual(react.imageProps({ url, width: 300, height: 200, alt: 'A' }), { src: url, srcSet: `${url}?w=160 160w, ${url}?w=320 300w`, width: 300, height: 200, alt: 'A' });
    assert.deepEqual(react.imageProps({ url: '/x.png' }), { src: '/x.png', alt: '' });
  });
});

test('the demo draws what its manifests promise', async () => {
  const { module } = await runnerImport(path.join(web, 'demo/builds.ts'), { root: web, resolve: { alias }, logLevel: 'silent' });
  assert.deepEqual(module.builds, ['1.0', '2.0']);
  for (const build of module.builds) {
    const promised = JSON.parse(await readFile(path.join(web, `../internal/demo/seed/manifest-${build}.json`), 'utf8'));
    assert.deepEqual(module.componentsOf(build).map(({ key, version }) => `${key} ${version}`), promised.components.map(({ key, version }) => `${key} ${version}`));
  }
});
