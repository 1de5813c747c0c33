// Builds the pages into dist/. Two runs from one lockfile write the same bytes: dist/ is committed, and a check compares.
import { gzipSync } from 'fflate';
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { weigh } from './budgets.mjs';
import { documentsSent } from './documents.mjs';
import { buildSdk } from './sdk/build.mjs';
import { page, script } from './vite.config.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = path.join(here, 'dist');

// Text above this size is stored only compressed: the server unpacks it for the rare client that cannot.
const KEEP_PLAIN = 8 * 1024;
const TEXT = new Set(['.js', '.css']);

async function* walk(dir) {
  for (const entry of (await readdir(dir, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(at);
    else yield at;
  }
}

/** What the budgets need to know of a page: its chunks, what they import at once, and their styles. */
function chunksOf({ output }) {
  const sheets = new Map(output.filter(({ type, fileName }) => type === 'asset' && fileName.endsWith('.css')).map(({ fileName, source }) => [fileName, source]));
  return output.filter(({ type }) => type === 'chunk').map((chunk) => ({
    fileName: chunk.fileName,
    facade: chunk.facadeModuleId ?? '',
    modules: chunk.moduleIds ?? Object.keys(chunk.modules ?? {}),
    imports: chunk.imports,
    code: chunk.code,
    styles: [...(chunk.viteMetadata?.importedCss ?? [])].map((fileName) => sheets.get(fileName) ?? ''),
  }));
}

process.env.NODE_ENV = 'production';
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await cp(path.join(here, 'home'), path.join(dist, 'home'), { recursive: true });
const built = new Map();
for (const name of ['demo', 'graphiql', 'studio', 'welcome']) built.set(name, chunksOf(await build(page(name))));
await build(script('demo', 'renderer'));
for (const file of ['renderer.html', 'renderer.css']) await cp(path.join(here, 'demo', file), path.join(dist, 'demo', file));
await buildSdk(path.join(dist, 'sdk'));
await cp(path.join(here, 'demo/art'), path.join(dist, 'demo/art'), { recursive: true });
await writeFile(path.join(dist, 'documents.json'), `${JSON.stringify(await documentsSent(), null, 1)}\n`);

for await (const file of walk(dist)) {
  const { size } = await stat(file);
  let stored = size;
  if (TEXT.has(path.extname(file)) && size > KEEP_PLAIN) {
    // fflate, not node:zlib: the bytes must not depend on the version of Node. mtime 0 keeps the time out.
    const packed = gzipSync(await readFile(file), { level: 9, mtime: 0 });
    await writeFile(`${file}.gz`, packed);
    await rm(file);
    stored = packed.length;
  }
  console.log(`${path.relative(dist, file).padEnd(44)} ${String(size).padStart(9)}${stored === size ? '' : ` ${String(stored).padStart(9)} gz`}`);
}

const { lines, holds } = weigh(built);
console.log(lines.join('\n'));
if (!holds) process.exitCode = 1;
