// The guides, followed to the letter: their files and commands are taken out of the pages, so that they cannot drift. Only
// addresses are exchanged, for those of a server on a free port. Node modules come from the registry that npm is set to.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { clock, Server, startBrowser, stopwatch, until } from '../harness.mjs';

const MOST_LINES = 15;

let browser;
let server;
let folder;
let preview;
let previewUrl;

const freePort = () => new Promise((resolve) => {
  const socket = createServer().listen(0, '127.0.0.1', () => {
    const { port } = socket.address();
    socket.close(() => resolve(port));
  });
});

before(async () => {
  browser = await startBrowser();
  server = await Server.start();
  folder = await mkdtemp(path.join(tmpdir(), 'sonata-guide-'));
  previewUrl = `http://127.0.0.1:${await freePort()}`;
  await mkdir(path.join(folder, 'bin'));
  await symlink(process.env.BIN, path.join(folder, 'bin/sonata'));
});
after(async () => {
  await browser?.close();
  preview?.kill();
  await server?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const mine = (text) => text.replaceAll('http://127.0.0.1:8080', server.url).replaceAll('http://localhost:4173', previewUrl);

/** The blocks of a guide in order: files to write, commands to run, and what is said behind the language. */
async function read(name) {
  const page = mine(await readFile(new URL(`../../../docs/guides/${name}`, import.meta.url), 'utf8'));
  return [...page.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language, info, text]) => ({ language, info, text }));
}

// What npm finds in the environment of a running script must not reach the commands of the guide.
const environment = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|SONATA_|NODE_)/i.test(name) || /^npm_config_(registry|cache|userconfig)$/i.test(name))),
  PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
  npm_config_yes: 'true', npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false', NO_COLOR: '1',
});

/** Runs commands as one would type them, in the app once there is one, and answers what they printed. */
function shell(commands, cwd) {
  try {
    return execFileSync('bash', ['-euo', 'pipefail', '-c', commands], { cwd, env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 });
  } catch (error) {
    throw new Error(`${commands}\n${error.stdout}\n${error.stderr}`);
  }
}

/** Follows blocks of a guide until one with the given word behind its language. Answers the lines of code it had one write. */
async function follow(blocks, cwd, stop) {
  let printed = '';
  let lines = 0;
  for (let block = blocks[0]; block && block.info !== stop; blocks.shift(), block = blocks[0]) {
    if (block.language === 'sh') {
      printed += shell(block.text, cwd);
      const moved = /^cd (\S+)$/m.exec(block.text);
      if (moved) cwd = path.join(cwd, moved[1]);
    } else if (block.info) {
      await writeFile(path.join(cwd, block.info), block.text);
      lines += block.text.split('\n').filter((line) => line.trim()).length;
    }
  }
  assert.doesNotMatch(printed, /"message"/, 'a call was refused');
  return { cwd, printed, lines };
}

const strict = (cwd) => shell('npx tsc -p tsconfig.app.json --strict --noUncheckedIndexedAccess --noEmit', cwd);

async function visit(at) {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && ![server.url, previewUrl].includes(origin)) faults.push(`asked ${request.url()}`);
  });
  await page.goto(previewUrl + at);
  await page.evaluate(() => (window.notReloaded = true));
  return { page, faults };
}

async function setProps(key, block, patch) {
  const { frontend } = await server.graphql('{ frontend(slug: "mine") { screens { edges { node { id key version } } } } }');
  const { id, version } = frontend.screens.edges.map(({ node }) => node).find((screen) => screen.key === key);
  const { screenEdit } = await server.graphql('mutation ($input: ScreenEditInput!) { screenEdit(input: $input) { userErrors { message } } }', { input: { screen: id, expectedVersion: version, ops: [{ setProps: { key: block, patch } }] } });
  assert.deepEqual(screenEdit.userErrors, []);
}

async function publish() {
  const { releasePublish } = await server.graphql('mutation { releasePublish(input: {frontend: "mine", title: "Another"}) { release { number } userErrors { message } } }');
  assert.deepEqual(releasePublish.userErrors, []);
}

let app;

test('own-frontend.md leads to an own component on a published screen', async (t) => {
  const began = clock();
  const blocks = await read('own-frontend.md');
  const { cwd, printed, lines } = await follow(blocks, folder, 'background');
  app = cwd;
  t.diagnostic(`followed in ${Math.round((clock() - began) / 1_000)} s, with ${lines} lines of own code`);
  assert.ok(lines <= MOST_LINES, `the guide asks for ${lines} lines`);
  assert.match(printed, /wrote sonata\.manifest\.json: 2 components: notice 1\.0, page 1\.0/);
  assert.match(printed, /registered 1\.0 of mine/);
  strict(app);

  assert.equal(blocks[0]?.text, 'npm run preview\n');
  preview = spawn(path.join(app, 'node_modules/.bin/vite'), ['preview', '--host', '127.0.0.1', '--port', new URL(previewUrl).port, '--strictPort'], { cwd: app, env: environment(), stdio: 'ignore' });
  await until(() => fetch(previewUrl).then((answer) => answer.ok, () => false), 'the app');

  const { page, faults } = await visit('/');
  await page.locator('h1', { hasText: 'Hello from Sonata' }).waitFor();
  assert.equal(await page.locator('[data-block="welcome"] p').textContent(), 'Nobody deployed this.');
  // A change after a publish, without a reload.
  await setProps('home', 'welcome', { title: 'Changed by a designer' });
  const arrived = await stopwatch(page, 'h1', 'Changed by a designer');
  const sent = clock();
  await publish();
  t.diagnostic(`a publish was shown after ${Math.round((await arrived()) - sent)} ms`);
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  assert.deepEqual(faults, []);

  // The server stops; the page is opened anew.
  await server.stop('SIGTERM');
  await page.reload();
  await page.locator('h1', { hasText: 'Changed by a designer' }).waitFor();
  await server.start();
  await page.close();
});

test('one-route.md leads to one route that is Sonata\'s', async () => {
  assert.ok(app, 'the first guide failed');
  const blocks = await read('one-route.md');
  const { printed } = await follow(blocks, app, 'published');
  assert.match(printed, /3 components: notice 1\.0, page 1\.0, price 1\.0/);
  strict(app);

  const { page, faults } = await visit('/');
  await page.locator('h1', { hasText: 'The shop as it always was' }).waitFor();
  await page.getByRole('link', { name: 'Summer' }).click();
  await page.locator('h1', { hasText: 'Summer is coming' }).waitFor();
  await follow(blocks, app);
  await page.locator('h1', { hasText: 'All lamps, all summer' }).waitFor();
  assert.equal(await page.locator('[data-block="tag"] .price').textContent(), '€49.00');
  await page.getByRole('link', { name: 'Shop' }).click();
  await page.locator('h1', { hasText: 'The shop as it always was' }).waitFor();
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  assert.deepEqual(faults, []);
  await page.close();
});
