// The blocks of a frontend in TypeScript, as its compiler reads them under strict: what is served is of its type, and what
// nobody registered is not.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runnerImport } from 'vite';
import { Server } from '../../test/harness.mjs';

const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

let server;
let folder;
before(async () => {
  server = await Server.start();
  folder = await mkdtemp(path.join(tmpdir(), 'sonata-types-'));
});
after(async () => {
  await server?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const declared = async (query) => {
  const answer = await fetch(`${server.url}/codegen/blocks.d.ts?${new URLSearchParams(query)}`);
  return { status: answer.status, etag: answer.headers.get('etag'), text: await answer.text() };
};

/** Compiles a program beside the declarations and returns what the compiler says. */
async function compile(types, program) {
  await writeFile(path.join(folder, 'blocks.d.ts'), types);
  await writeFile(path.join(folder, 'app.ts'), `import type { Block } from './blocks';\n${program}`);
  const options = ['--strict', '--noEmit', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', path.join(folder, 'app.ts')];
  return new Promise((resolve) => execFile(process.execPath, [TSC, ...options], { cwd: folder }, (error, stdout) => resolve(error ? stdout : '')));
}

/** Blocks as they were served, each said to be a Block. */
const asServed = (blocks) => blocks.map((block, i) => `const served${i} = ${JSON.stringify(block)} as const;\nexport const block${i}: Block = served${i};`).join('\n');

const served = async (path, context) =>
  (await server.graphql('query ($at: ScreenAt!, $in: DeliveryContext!) { screen(at: $at, context: $in) { blocks { key component version props slots { name blocks } } } }', { at: { path }, in: context })).screen.blocks;

async function register(frontend, ...components) {
  await server.graphql('mutation ($i: FrontendCreateInput!) { frontendCreate(input: $i) { userErrors { message } } }', { i: { slug: frontend, name: frontend } });
  const { buildRegister } = await server.graphql('mutation ($i: BuildRegisterInput!) { buildRegister(input: $i) { userErrors { message } } }', { i: { frontend, name: '1', components } });
  assert.deepEqual(buildRegister.userErrors, []);
}

describe('the types of blocks', () => {
  test('what the demo serves is of its type, and a component can be told by its key', async () => {
    const { text } = await declared({ frontend: 'shop' });
    const blocks = [...(await served('/', { frontend: 'shop' })), ...(await served('/products/lamp', { frontend: 'shop' }))];
    assert.ok(blocks.length > 10);
    assert.equal(await compile(text, `${asServed(blocks)}
      export function titleOf(block: Block): string | undefined {
        switch (block.component) {
          case 'hero': return block.props.title;
          case 'faq': return block.props.items.map((item) => item.question).join();
          default: return undefined;
        }
      }`), '');
  });

  test('what is not so is an error', async () => {
    const { text } = await declared({ frontend: 'shop' });
    const [hero] = (await served('/', { frontend: 'shop' })).filter((block) => block.component === 'hero');
    for (const [wrong, error] of [
      [{ ...hero, component: 'nobody' }, /"nobody"/],
      [{ ...hero, version: '9.1' }, /version/],
      [{ ...hero, props: { ...hero.props, title: 7 } }, /title/],
      [{ ...hero, props: {} }, /title/],
      [{ ...hero, slots: [{ name: 'nowhere', blocks: [] }] }, /slots|nowhere/],
    ]) assert.match(await compile(text, asServed([wrong])), error);
  });

  test('a build has the types of what it can render', async () => {
    const [old, newest] = await Promise.all([declared({ frontend: 'shop', build: '1.0' }), declared({ frontend: 'shop', build: '2.0' })]);
    assert.ok(!old.text.includes('CountdownV1Block') && newest.text.includes('CountdownV1Block'));
    const { frontend } = await server.graphql('{ frontend(slug: "shop") { builds(first: 9) { edges { node { name manifest } } } } }');
    const { manifest } = frontend.builds.edges.map(({ node }) => node).find(({ name }) => name === '1.0');
    assert.equal(await compile(old.text, asServed(await served('/', { frontend: 'shop', manifest }))), '');
  });

  test('whatever a team registers, the compiler takes it and the props of its screens', async () => {
    const text = '*/ export type Evil = 1; // ` ${x} \u2028 "';
    const link = { type: 'object', required: ['href'], properties: { href: { type: 'string' }, more: { type: 'array', items: { $ref: '#/$defs/link' } } } };
    await register('wild',
      { key: 'page', version: '1.0', slots: ['children', 'aside'] },
      { key: 'page', version: '2.0', slots: ['children'] },
      { key: 'wild-1', title: text, version: '1.3', propsSchema: {
        type: 'object', title: text, description: text, $defs: { link, 'a b': { type: 'null' }, a_b: { enum: ['x', null] } }, additionalProperties: false, required: ['class', 'tuple'],
        properties: {
          class: { enum: ['a', 'b\'"\n', 1, null] }, 'with space': { type: 'boolean', description: text }, [text]: { const: text },
          tuple: { type: 'array', prefixItems: [{ type: 'string' }, { type: ['number', 'null'] }], minItems: 1, items: { type: 'boolean' } },
          link: { $ref: '#/$defs/link' }, odd: { anyOf: [{ $ref: '#/$defs/a%20b' }, { $ref: '#/$defs/a_b' }] }, either: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
          both: { allOf: [{ type: 'object', required: ['x'], properties: { x: { type: 'number' } } }, { properties: { y: true } }, { type: 'object', properties: { z: { type: 'string', deprecated: true } } }] },
          map: { type: 'object', additionalProperties: { type: 'number' } }, nothing: { type: 'object', additionalProperties: false }, anything: true, list: { type: 'array' },
          self: { $ref: '#' },
        },
      } },
    );
    const props = [
      { class: 'a', tuple: ['x'] },
      { class: 1, tuple: ['x', 3, true, false], [text]: text, 'with space': true },
      { class: 1, tuple: ['x', 2], link: { href: '/', more: [{ href: '/a', more: [] }] }, odd: 'x', either: ['a'], both: { x: 1, y: [{}], z: 'z', other: 1 }, map: { a: 1 }, nothing: {}, anything: [{ a: 'b' }, 7], list: [1, 'x'], self: { class: 'b\'"\n', tuple: ['s'] } },
      { class: 1, tuple: ['x', 2.5], odd: 'x', either: 'a', map: {} },
    ];
    const { screenCreate } = await server.graphql('mutation ($i: ScreenCreateInput!) { screenCreate(input: $i) { screen { problems { severity message pointer } } userErrors { message } } }', { i: {
      frontend: 'wild', key: 'home', title: 'Home', path: '/', body: { format: 1, root: 'root', blocks: {
        root: { component: 'page', major: 1, props: {}, slots: { children: props.map((_, i) => `w${i}`), aside: ['old'] } }, old: { component: 'page', major: 2, props: {}, slots: {} },
        ...Object.fromEntries(props.map((of, i) => [`w${i}`, { component: 'wild-1', major: 1, props: of, slots: {} }])),
      } } } });
    assert.deepEqual(screenCreate, { screen: { problems: [] }, userErrors: [] });
    const { releasePublish } = await server.graphql('mutation { releasePublish(input: { frontend: "wild", title: "Wild" }) { userErrors { message } } }');
    assert.deepEqual(releasePublish.userErrors, []);
    const blocks = await served('/', { frontend: 'wild' });
    assert.equal(blocks.length, props.length + 2);
    const types = (await declared({ frontend: 'wild' })).text;
    assert.equal(await compile(types, asServed(blocks)), '');
    assert.match(await compile(types, "import type { Evil } from './blocks';\nexport type X = Evil;"), /has no exported member 'Evil'/);
  });

  test('the snippet of the studio compiles with them', async () => {
    const { snippets } = (await runnerImport(fileURLToPath(new URL('../../studio/api/snippets.ts', import.meta.url)), { configFile: false, logLevel: 'error' })).module;
    const { install, text } = snippets({ server: server.url, frontend: 'shop', environment: 'production', path: '/' }).find(({ id }) => id === 'types');
    const { stdout } = await promisify(execFile)('sh', ['-c', install.replace(' -o blocks.d.ts', '')]);
    assert.equal(await compile(stdout, `${text.replace("import type { Block } from './blocks';\n", '')}
      export const title = (block: Block): string => (isA(block, 'hero') ? block.props.title : '');
      // @ts-expect-error nobody registered it
      export type None = BlockOf<'nobody'>;`), '');
  });

  test('a frontend without components has no block, and what is not there is said', async () => {
    await register('empty');
    assert.equal(await compile((await declared({ frontend: 'empty' })).text, 'export const none: readonly Block[] = [];'), '');
    for (const [query, status, detail] of [[{}, 422, /name the frontend/], [{ frontend: 'nobody' }, 404, /there is no frontend/], [{ frontend: 'shop', build: '7' }, 404, /no build of this name/]]) {
      const answer = await declared(query);
      assert.equal(answer.status, status);
      assert.match(answer.text, detail);
    }
  });

  test('the same is not sent twice', async () => {
    const { etag } = await declared({ frontend: 'shop' });
    const again = await fetch(`${server.url}/codegen/blocks.d.ts?frontend=shop`, { headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
  });
});
