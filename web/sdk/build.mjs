// Builds the SDK: the package as the server hands it out, and one file for pages without a bundler. Two runs write the same
// bytes. What a page pays for it is measured and has a limit.
import { gzipSync } from 'fflate';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { tar } from './tar.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Most bytes, compressed, that a page loads for an entry: without React, and without what is loaded only where it is needed. */
const BUDGETS = { index: 5_500, react: 2_500 };

/** The files of the package by name, as they are published. */
export async function packageFiles() {
  const out = await mkdtemp(path.join(tmpdir(), 'sonata-sdk-'));
  try {
    const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', here, '--outDir', out], { stdio: ['ignore', 'inherit', 'inherit'] });
    const files = new Map();
    for (const name of (await readdir(out)).sort()) files.set(`dist/${name}`, await readFile(path.join(out, name)));
    for (const name of ['LICENSE', 'README.md', 'package.json', 'bin/sonata-manifest.js']) files.set(name, await readFile(path.join(here, name)));
    return files;
  } finally {
    await rm(out, { recursive: true });
  }
}

const bundle = (name, output) => build({
  configFile: false,
  root: here,
  publicDir: false,
  logLevel: 'warn',
  build: {
    write: false,
    target: 'es2022',
    reportCompressedSize: false,
    // As a library: without the helper that Vite puts around what is loaded later.
    lib: { entry: { [name]: path.join(here, 'src', name === 'react' ? 'react.tsx' : `${name}.ts`) }, formats: ['es'] },
    rolldownOptions: {
      external: [/^react(\/|$)/],
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', minify: true, ...output },
    },
  },
});

/** Compressed bytes of an entry with everything that it imports at once. */
export async function weigh(name) {
  const [{ output }] = await bundle(name, {});
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const atOnce = new Set();
  const open = [`${name}.js`];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (atOnce.has(file) || !chunks.has(file)) continue;
    atOnce.add(file);
    open.push(...chunks.get(file).imports);
  }
  return [...atOnce].reduce((sum, file) => sum + gzipSync(new TextEncoder().encode(chunks.get(file).code), { level: 9, mtime: 0 }).length, 0);
}

/** Writes sonata-sdk.tgz and sonata.js into `folder`; fails when an entry is above its budget. */
export async function buildSdk(folder) {
  await mkdir(folder, { recursive: true });
  const archive = tar([...(await packageFiles())].map(([name, bytes]) => ({ name: `package/${name}`, bytes, executable: name.startsWith('bin/') })));
  await writeFile(path.join(folder, 'sonata-sdk.tgz'), gzipSync(archive, { level: 9, mtime: 0 }));
  const [{ output }] = await bundle('index', { codeSplitting: false });
  await writeFile(path.join(folder, 'sonata.js'), output[0].code);
  for (const [name, most] of Object.entries(BUDGETS)) {
    const size = await weigh(name);
    console.log(`@sonata/sdk ${name.padEnd(32)} ${String(size).padStart(9)} gz of at most ${most}`);
    if (size > most) throw new Error(`@sonata/sdk: the entry ${name} weighs ${size} bytes compressed, more than ${most}`);
  }
}
