import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

// In development the Vite server answers the same addresses as the binary does.
const sameAddresses = {
  name: 'same-addresses',
  configureServer(server) {
    server.middlewares.use((req, _res, next) => {
      const url = new URL(req.url, 'http://localhost');
      const plain = !url.pathname.includes('.') && !url.pathname.includes('@');
      if (url.pathname === '/') url.pathname = '/home/index.html';
      else if (url.pathname === '/favicon.svg') url.pathname = '/home/favicon.svg';
      else if (url.pathname === '/demo/renderer') url.pathname = '/demo/renderer.html';
      else if (plain && /^\/demo(\/|$)/.test(url.pathname)) url.pathname = '/demo/index.html';
      else if (plain && /^\/studio(\/|$)/.test(url.pathname)) url.pathname = '/studio/index.html';
      else if (plain && /^\/(graphiql|welcome)\/?$/.test(url.pathname)) url.pathname = `/${url.pathname.split('/')[1]}/index.html`;
      req.url = url.pathname + url.search;
      next();
    });
  },
};

// The pages that stand on the SDK import it by its name, as an app does that installed it.
export const alias = [{ find: /^@sonata\/sdk$/, replacement: `${here}sdk/src/index.ts` }, { find: /^@sonata\/sdk\/(\w+)$/, replacement: `${here}sdk/src/$1` }];

// One page per build, so that each stands alone under its own path. File names carry no hash: they are committed, and
// git stores small differences between files of one name. The server revalidates them by content instead.
export function page(name) {
  const inPage = (file) => `${name}/${file}`;
  return {
    configFile: false,
    root: here,
    base: '/',
    publicDir: false,
    logLevel: 'warn',
    plugins: [react()],
    resolve: { alias },
    // Workers are bundles of their own: their chunks need names that cannot meet those of the page.
    worker: { format: 'es', rolldownOptions: { output: { entryFileNames: inPage('[name].js'), chunkFileNames: inPage('worker.[name].js'), assetFileNames: inPage('worker.[name][extname]') } } },
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'es2022',
      sourcemap: false,
      reportCompressedSize: false,
      modulePreload: { polyfill: false },
      // Nothing becomes a data: URL, so that one policy fits all pages.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 8192,
      rolldownOptions: {
        // GraphiQL's own sources carry directives for a compiler that is not used here.
        onLog: (level, log, next) => log.code === 'MODULE_LEVEL_DIRECTIVE' || next(level, log),
        input: { [name]: fileURLToPath(new URL(`${name}/index.html`, import.meta.url)) },
        output: { entryFileNames: inPage('[name].js'), chunkFileNames: inPage('[name].js'), assetFileNames: inPage('[name][extname]') },
      },
    },
  };
}

/** One classic script with everything in it, for a page that cannot load modules. Its page and its style are plain files. */
export function script(name, file) {
  const { plugins, build, ...rest } = page(name);
  const output = { format: 'iife', entryFileNames: `${name}/${file}.js`, codeSplitting: false };
  return { ...rest, plugins, build: { ...build, rolldownOptions: { input: { [file]: `${here}${name}/${file}.tsx` }, output } } };
}

const sonata = process.env.SONATA_URL ?? 'http://localhost:8080';

export default defineConfig({
  root: here,
  publicDir: false,
  appType: 'mpa',
  plugins: [sameAddresses, react()],
  resolve: { alias },
  optimizeDeps: { entries: ['demo/index.html', 'graphiql/index.html', 'studio/index.html'] },
  server: {
    port: 5173,
    strictPort: true,
    // A development server signs in only who asks for it by its own name: another one shows that a proxy stands in front.
    proxy: { '/graphql': { target: sonata, ws: true, changeOrigin: true, headers: { origin: sonata } } },
  },
});
