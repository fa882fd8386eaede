// After the app is built: lists dist/, gives each file without a hash in its name a revision, and bundles
// src/sw.ts to dist/sw.js with that list inside.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { build, type Plugin } from 'vite'

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

function revisionOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('base64url').slice(0, 5)
}

/** As src/sw/offline.ts names them. */
function precacheList(outDir: string, skip: RegExp): string[] {
  const files = filesIn(outDir).filter((file) => file !== 'sw.js' && !skip.test(file))
  // The page is listed as '/': a static server may redirect /index.html there.
  return [
    `/?${revisionOf(join(outDir, 'index.html'))}`,
    ...files.map((file) =>
      file.startsWith('assets/') ? `/${file}` : `/${file}?${revisionOf(join(outDir, file))}`,
    ),
  ]
}

/** Vite plugin that adds dist/sw.js. `skip` names the files that are not kept for offline use. */
export function serviceWorker({ skip }: { skip: RegExp }): Plugin {
  let root = ''
  let outDir = ''
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root
      outDir = resolve(root, config.build.outDir)
    },
    async closeBundle(error?: Error) {
      if (error) return
      await build({
        configFile: false,
        root,
        publicDir: false,
        logLevel: 'warn',
        define: { __PRECACHE__: JSON.stringify(precacheList(outDir, skip)) },
        build: {
          target: 'es2023',
          outDir,
          emptyOutDir: false,
          rolldownOptions: {
            input: join(root, 'src/sw.ts'),
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      })
    },
  }
}
