#!/usr/bin/env node
// Writes the manifest of a frontend's components: what `sonata build register` reads.
import { access, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { manifestOf } from '../dist/components.js';

const USAGE = `usage: sonata-manifest <module> [-o sonata.manifest.json]

  <module>      the file that exports the app's components, for instance src/blocks.tsx:
                definitions made with defineComponent, or lists of them
  -o, --out     where the manifest is written; sonata.manifest.json when omitted, - for standard output

The module is loaded through the app's own Vite, with its configuration; without Vite, by Node.`;

/** A failure that is explained in a sentence. */
class Refused extends Error {}

/** The app's own Vite, or undefined when it has none. */
async function appsVite() {
  let file;
  try {
    file = createRequire(path.join(process.cwd(), 'package.json')).resolve('vite');
  } catch {
    return undefined;
  }
  // Resolved as CommonJS would; the module beside it is what `import` gets.
  const { createServer } = await import(pathToFileURL(file.replace(/index\.cjs$/, 'dist/node/index.js')).href);
  return createServer;
}

async function load(file) {
  const createServer = await appsVite();
  if (!createServer) {
    if (/\.[cm]?js$/.test(file)) return import(pathToFileURL(file).href);
    throw new Refused('there is no Vite in this folder to read TypeScript with: run this where the app\'s package.json is, `npm install --save-dev vite`, or give a .js file');
  }
  const server = await createServer({ server: { middlewareMode: true, hmr: false, ws: false, watch: null }, appType: 'custom', optimizeDeps: { noDiscovery: true, include: [] }, logLevel: 'silent' });
  try {
    return await server.ssrLoadModule(file);
  } finally {
    await server.close();
  }
}

async function main() {
  let values;
  let positionals;
  try {
    ({ values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string', short: 'o', default: 'sonata.manifest.json' }, help: { type: 'boolean', short: 'h' } } }));
  } catch (error) {
    throw new Refused(`${error.message}\n\n${USAGE}`);
  }
  if (values.help) return console.log(USAGE);
  if (positionals.length !== 1) throw new Refused(USAGE);
  const [module] = positionals;
  const file = path.resolve(module);
  await access(file).catch(() => {
    throw new Refused(`there is no file ${module}`);
  });

  let exported;
  try {
    exported = await load(file);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`${module} cannot be loaded: ${error?.message ?? error}`);
  }
  let manifest;
  try {
    manifest = manifestOf({ ...exported });
  } catch (error) {
    throw new Refused(error.message);
  }
  if (manifest.components.length === 0) throw new Refused(`${module} exports no component: export what defineComponent returns`);
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  if (values.out === '-') return process.stdout.write(text);
  await writeFile(values.out, text);
  const n = manifest.components.length;
  console.log(`wrote ${values.out}: ${n} component${n === 1 ? '' : 's'}: ${manifest.components.map((c) => `${c.key} ${c.version}`).join(', ')}`);
}

main().catch((error) => {
  console.error(`sonata-manifest: ${error instanceof Refused ? error.message : (error?.stack ?? error)}`);
  process.exitCode = 1;
});
