import { svelte, type Options } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { apiViewer } from './tools/api-viewer.ts'
import { firstPagesPlugin } from './tools/first-pages-plugin.ts'
import { messages } from './tools/messages-plugin.ts'
import { serviceWorker } from './tools/sw-plugin.ts'

// Short class names and no support for the old syntax: both are bytes on every phone.
const compilerOptions: Options['compilerOptions'] = {
  runes: true,
  cssHash: ({ css, hash }) => `s${hash(css).slice(0, 4)}`,
}

export default defineConfig({
  plugins: [
    svelte({ compilerOptions }),
    messages(),
    apiViewer(),
    firstPagesPlugin(compilerOptions),
    serviceWorker({
      skip: /^(api-viewer|first)\/|\.(map|br|gz)$|-OFL\.txt$|screenshot-|splash-|apple-touch-icon|-512\.png$|^index\.html$/,
    }),
  ],
  build: {
    target: 'es2023',
    // No data: URLs, so the content security policy needs no `img-src data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What Today waits for is one file; what the bar leads to is two, with one style; the rest come after it. Cut into
    // smaller parts they compress worse.
    rolldownOptions: {
      output: {
        // Every character of a name is once more in the service worker's list, and does not compress.
        entryFileNames: 'assets/[name]-[hash:6].js',
        chunkFileNames: 'assets/[name]-[hash:6].js',
        assetFileNames: 'assets/[name]-[hash:6][extname]',
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'] },
            { name: 'tabs', test: /screens\/(read|rings|write)\/.*&type=style|components\/.*&type=style/ },
            { name: 'rest', test: /&type=style/ },
            { name: 'parts', test: /\/(components|insights|lib)\//, minShareCount: 2 },
            { name: 'shared', minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env['API'] ?? 'http://localhost:8000' } },
  test: {
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
    environment: 'node',
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    unstubGlobals: true,
  },
})
