// The words of the interface as files of data, beside the program: a language is loaded, not compiled in. The words of
// rare screens are a file of their own, loaded with these.
import type { Plugin } from 'vite'
import { account } from '../src/messages/en/account.ts'
import { en } from '../src/messages/en.ts'

/** For tests: a third longer and with marks, so that what is hard-coded or cut off can be seen. `PSEUDO_LOCALE=1`. */
const pseudo = (text: string) =>
  `[${text.replace(/[aeo](?![^{]*\})/g, (letter) => `${letter}${letter}\u0301`)}]`

const written = (words: object) =>
  JSON.stringify(words, (_key, value: unknown) =>
    typeof value === 'string' && process.env['PSEUDO_LOCALE'] ? pseudo(value) : value,
  )

/** By the name that is imported: the name of the file, and what is in it. */
const CATALOGUES: Readonly<Record<string, { name: string; source: string }>> = {
  'heartwood:messages': { name: 'en.json', source: written(en) },
  'heartwood:messages/account': { name: 'account.json', source: written(account) },
}

/** Resolves `heartwood:messages` to the catalogue; in a build it is a hashed JSON file of its own. */
export function messages(): Plugin {
  let building = false
  return {
    name: 'heartwood-messages',
    configResolved: (config) => {
      building = config.command === 'build'
    },
    resolveId: (id) => (id in CATALOGUES ? `\0${id}` : null),
    load(id) {
      const catalogue = CATALOGUES[id.slice(1)]
      if (!id.startsWith('\0') || !catalogue) return null
      if (!building) return `export default ${catalogue.source}`
      const file = this.emitFile({ type: 'asset', ...catalogue })
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
