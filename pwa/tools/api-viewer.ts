// Puts the viewer of the API's description into dist/api-viewer, so that /api/docs needs no other origin.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js']
const START = `SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
})
`

/** Vite plugin that copies the viewer; the service worker does not keep it for offline use. */
export function apiViewer(): Plugin {
  let outDir = ''
  return {
    name: 'api-viewer',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir, 'api-viewer')
    },
    closeBundle(error?: Error) {
      if (error) return
      const source = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
      mkdirSync(outDir, { recursive: true })
      for (const file of FILES) copyFileSync(join(source, file), join(outDir, file))
      writeFileSync(join(outDir, 'start.js'), START)
    },
  }
}
