// The guides for clients, followed to the letter: their files and commands are taken out of the pages. Only addresses are
// exchanged, and packages are those of the lockfile. At first nothing is enforced; at the end nothing but what the guide
// registered runs, and the guide's own program runs again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Server } from '../../test/harness.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const MODE = 'mutation($input: SafelistSetInput!) { safelistSet(input: $input) { userErrors { message } } }';

for (const name of ['apollo', 'urql', 'relay', 'fetch']) {
  describe(`the guide for ${name}`, () => {
    let server;
    let folder;
    let blocks;
    let run;

    before(async () => {
      server = await Server.start();
      folder = await mkdtemp(path.join(tmpdir(), `sonata-${name}-`));
      await symlink(path.join(here, 'node_modules'), path.join(folder, 'node_modules'));
      await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
      await mkdir(path.join(folder, 'bin'));
      await symlink(process.env.BIN, path.join(folder, 'bin/sonata'));
      const page = await readFile(new URL(`../../../docs/guides/clients/${name}.md`, import.meta.url), 'utf8');
      const mine = page.replaceAll('127.0.0.1:8080', new URL(server.url).host);
      blocks = [...mine.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language, file, text]) => ({ language, file, text }));
    });
    after(async () => {
      await server?.remove();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    const environment = () => ({
      ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(npm_|SONATA_|NODE_)/i.test(key))),
      PATH: `${path.join(folder, 'bin')}:${path.join(folder, 'node_modules/.bin')}:${process.env.PATH}`, NO_COLOR: '1',
      // Browsers and newer versions of Node have one.
      ...(typeof WebSocket === 'undefined' ? { NODE_OPTIONS: '--experimental-websocket --no-warnings' } : {}),
    });
    const shell = async (commands) => {
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands], { cwd: folder, env: environment(), timeout: 120_000 });
      return stdout;
    };

    test('its packages are those that are tried here', async () => {
      const { devDependencies } = JSON.parse(await readFile(path.join(here, 'package.json'), 'utf8'));
      for (const { text } of blocks.filter(({ language }) => language === 'sh')) {
        for (const line of text.split('\n').filter((one) => one.startsWith('npm install '))) {
          for (const wanted of line.split(' ').slice(2).filter((word) => !word.startsWith('--'))) assert.ok(devDependencies[wanted], `${wanted} is not tried`);
        }
      }
    });

    test('it works as it stands', async () => {
      let printed = '';
      for (const { language, file, text } of blocks) {
        if (file) {
          await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
          await writeFile(path.join(folder, file), text);
        } else if (language === 'sh') {
          const commands = text.replaceAll(/^npm install .*$/gm, '').replaceAll('sonata documents push ', `sonata documents push --server ${server.url} `);
          run = commands.split('\n').findLast((line) => line.startsWith('node ')) ?? run;
          printed = await shell(commands);
        } else {
          assert.ok(printed.endsWith(text), `prints\n${printed}\nthe guide says\n${text}`);
        }
      }
      assert.ok(run, 'the guide runs something');
    });

    test('it still does when nothing else may, and nothing else does', async () => {
      const { safelistSet } = await server.graphql(MODE, { input: { frontend: 'shop', mode: 'ENFORCE' } });
      assert.deepEqual(safelistSet.userErrors, []);
      const said = blocks.findLast(({ language }) => language === 'text').text;
      assert.ok((await shell(run)).endsWith(said));
      const answer = await fetch(`${server.url}/graphql`, {
        method: 'POST', headers: { 'content-type': 'application/json', 'graphql-client-name': 'shop' },
        body: JSON.stringify({ query: 'query Other { viewer { credential } }' }),
      });
      assert.equal(answer.status, 400);
      assert.equal((await answer.json()).errors[0].extensions.code, 'DOCUMENT_UNKNOWN');
    });
  });
}
