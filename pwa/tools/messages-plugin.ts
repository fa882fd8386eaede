// The words of the interface as a file of data, beside the program: a language is loaded, not compiled in.
import type { Plugin } from 'vite'
import { en } from '../src/messages/en.ts'

/** For tests: a third longer and with marks, so that what is hard-coded or cut off can be seen. `PSEUDO_LOCALE=1`. */
const pseudo = (text: string) =>
  `[${text.replace(/[aeo](?![^{]*\})/g, (letter) => `${letter}${letter}\u0301`)}]`

const written = JSON.stringify(en, (_key, value: unknown) =>
  typeof value === 'string' && process.env['PSEUDO_LOCALE'] ? pseudo(value) : value,
)

const ID = 'heartwood:messages'
const RESOLVED = `\0${ID}`

/** Resolves `heartwood:messages` to the catalogue; in a build it is a hashed JSON file of its own. */
export function messages(): Plugin {
  let building = false
  return {
    name: 'heartwood-messages',
    configResolved: (config) => {
      building = config.command === 'build'
    },
    resolveId: (id) => (id === ID ? RESOLVED : null),
    load(id) {
      if (id !== RESOLVED) return null
      if (!building) return `export default ${written}`
      const file = this.emitFile({ type: 'asset', name: 'en.json', source: written })
      return `export default await (await fetch(import.meta.ROLLUP_FILE_URL_${file})).json()`
    },
    // The words are needed for the first screen: ask for them while the program is still on its way.
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((name) => /en-[\w-]+\.json$/.test(name))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'fetch', href: `/${name}`, crossorigin: '' },
            injectTo: 'head' as const,
          })),
    },
  }
}
