// The preview in the screen editor: in the built-in renderer, and in a frontend on another origin.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { Server, startBrowser } from './harness.mjs';

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

const source = (file) => runnerImport(fileURLToPath(new URL(`../studio/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

describe('what the studio makes of a draft', () => {
  let snapshotOf;
  let draftOf;
  before(async () => {
    ({ snapshotOf } = await source('preview/snapshot.ts'));
    ({ draftOf } = await source('editor/model/draft.ts'));
  });

  /** Compares every screen of a frontend, as the studio makes it and as the server serves its draft. */
  async function compare(slug) {
    const { frontend } = await server.graphql(`query ($slug: String!) { frontend(slug: $slug) {
      components(first: 100) { edges { node { key title category versions { version slots } } } }
      screens(first: 100) { edges { node { key title path blocks { key component major props slots { name blocks } } } } } } }`, { slug });
    const catalogue = new Map(frontend.components.edges.map(({ node }) => [node.key, {
      ...node, versions: node.versions.map((v) => ({ ...v, major: Number(v.version.split('.')[0]), minor: Number(v.version.split('.')[1]) })),
    }]));
    const screens = frontend.screens.edges.map(({ node }) => ({ ...node, draft: draftOf(node.blocks) }));
    const parts = new Map(screens.map(({ key, draft }) => [key, draft]));
    let blocks = 0;
    for (const screen of screens) {
      const mine = snapshotOf({ screen, draft: screen.draft, parts, catalogue, serve: (props) => props, params: {}, turn: 1 });
      const { screen: theirs } = await server.graphql(`query ($slug: ID!, $key: String!) { screen(at: { key: $key }, context: { frontend: $slug, perspective: { draft: true } }) {
        key title path params root release { number } blocks { key component version props slots { name blocks } } degradations { blockKey } } }`, { slug, key: screen.key });
      const { id: _id, contentHash: _hash, ...rest } = mine ?? {};
      assert.deepEqual(mine && rest, theirs, `${slug}/${screen.key}`);
      blocks += theirs?.blocks.length ?? 0;
    }
    return { screens: screens.length, blocks };
  }

  test('is what the server serves of the demo', async (t) => {
    const { screens, blocks } = await compare('shop');
    assert.ok(screens >= 3 && blocks > 20);
    t.diagnostic(`${screens} screens, ${blocks} blocks`);
  });

  test('is what the server serves of any draft', async (t) => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    t.diagnostic(`SEED=${seed}`);
    let state = seed + 1;
    const below = (n) => ((state = (state * 48_271) % 2_147_483_647), state % n);
    const pick = (list) => list[below(list.length)];
    await server.graphql('mutation { frontendCreate(input: { slug: "random", name: "Random" }) { userErrors { message } } }');
    const support = (key, version, slots) => ({ key, version, slots, propsSchema: { type: 'object' } });
    const register = async (name, ...components) => {
      const { buildRegister } = await server.graphql('mutation ($input: BuildRegisterInput!) { buildRegister(input: $input) { userErrors { message } } }', { input: { frontend: 'random', name, components } });
      assert.deepEqual(buildRegister.userErrors, []);
    };
    await register('1', support('box', '1.0', ['main', 'aside']), support('page', '1.0', ['children']));
    await register('2', support('box', '1.2', ['aside', 'main', 'foot']), support('box', '2.0', ['main']), support('text', '1.1', []));
    const keys = Array.from({ length: 24 }, (_, i) => `screen-${i}`);
    for (const [i, key] of keys.entries()) {
      const blocks = { root: { component: below(12) === 0 ? 'include' : pick(['page', 'box']), major: 1, props: {}, slots: {} } };
      if (blocks.root.component === 'include') blocks.root.props.screen = pick(keys);
      const places = [['root', 'children']];
      for (let n = below(14); n > 0; n--) {
        const [parent, slot] = pick(places);
        const component = pick(['box', 'box', 'text', 'include', 'unheard-of']);
        const block = `b${n}`;
        const props = component === 'include' ? { screen: pick([...keys, 'nobody', '']) } : pick([{}, { text: 'Grüße \u202E' }, { constructor: 'x', list: [1, { a: true }] }]);
        blocks[block] = { component, major: 1 + below(3), props, slots: {} };
        (blocks[parent].slots[slot] ??= []).push(block);
        for (const name of ['main', 'aside', 'foot', 'zone', 'alpha']) places.push([block, name]);
      }
      const { screenCreate } = await server.graphql('mutation ($input: ScreenCreateInput!) { screenCreate(input: $input) { userErrors { message } } }', {
        input: { frontend: 'random', key, title: `Screen ${i}`, path: below(3) === 0 ? null : `/${key}/:id`, body: { format: 1, root: 'root', blocks } },
      });
      assert.deepEqual(screenCreate.userErrors, [], JSON.stringify(blocks));
    }
    const { blocks } = await compare('random');
    assert.ok(blocks > 50);
    t.diagnostic(`${keys.length} screens, ${blocks} blocks`);
  });
});
