// After the app is built: puts its page with what a first visit sees already in it into dist/first/.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { svelte, type Options } from '@sveltejs/vite-plugin-svelte'
import { createServer, type Plugin } from 'vite'
import { messages } from './messages-plugin.ts'

interface Parts {
  head: string
  body: string
}

/** By name, as src/first-pages.ts draws them. */
type Drawn = Record<string, Parts>

/** The font of a text, asked for with the page: changed under somebody's eyes, it would move the lines. */
const FONT = '<link rel="preload" as="font" type="font/woff2" href="/fonts/literata.woff2" crossorigin />'

const TEXTS = new Set(['readings', 'guides'])

/** The pages whose screen is in the program's first file; that of the others is in `tabs`. */
const FIRST = new Set(['welcome', 'help'])

/** Draws the pages with the app's own parts. */
async function drawn(root: string, compilerOptions: Options['compilerOptions']): Promise<Drawn> {
  // All that the parts ask of a browser while they are drawn.
  Object.assign(globalThis, { location: { pathname: '/', search: '' }, history: { state: null } })
  const server = await createServer({
    configFile: false,
    root,
    logLevel: 'warn',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [svelte({ configFile: false, compilerOptions: { ...compilerOptions, dev: false } }), messages()],
  })
  try {
    const entry = (await server.ssrLoadModule('/src/first-pages.ts')) as { firstPages: () => Promise<Drawn> }
    return await entry.firstPages()
  } finally {
    await server.close()
  }
}

/** The built files whose names begin with one of `names`, say 'assets/rest-H8S0lg.css'. */
function built(outDir: string, kind: 'css' | 'js', ...names: string[]): string[] {
  const files = readdirSync(join(outDir, 'assets')).filter((file) => file.endsWith(`.${kind}`))
  return names.flatMap((name) =>
    files.filter((file) => file.startsWith(`${name}-`)).map((file) => `assets/${file}`),
  )
}

/** With its style in it: on a slow network, one way there and back less before the first words. */
function styled(page: string, root: string, outDir: string, names: string[]): string {
  const own = readFileSync(join(root, 'src/style/first-visit.css'), 'utf8')
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .trim()
  const files = built(outDir, 'css', ...names).map((file) => readFileSync(join(outDir, file), 'utf8').trim())
  return page.replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${own}${files.join('')}</style>`)
}

/** A page whose screen is in files besides the first one, which are asked for with it; their style is in it too. */
function withTabs(page: string, outDir: string): string {
  const link = (attributes: string, file: string) =>
    `  <link rel="${attributes}" crossorigin href="/${file}" />\n  `
  const links = [
    ...built(outDir, 'js', 'tabs', 'parts').map((file) => link('modulepreload', file)),
    ...built(outDir, 'css', 'tabs').map((file) => link('preload" as="style', file)),
  ]
  return page.replace('</head>', () => `${links.join('')}</head>`)
}

const filled = (page: string, { head, body }: Parts): string =>
  page
    .replace(/<title>.*<\/title>/, () => head)
    .replace('<div id="app"></div>', () => `<div id="app">${body}</div>[[ arrived ]]`)

/** A text also brings its font and its summary. */
const filledWithText = (page: string, parts: Parts): string =>
  filled(page, parts)
    .replace('</head>', () => `  ${FONT}\n  </head>`)
    .replace(/(?<=name="description" content=")[^"]*/, '[[ text.summary ]]')

/** Vite plugin; `compilerOptions` are those of the app, so that the names of its styles agree. */
export function firstPagesPlugin(compilerOptions: Options['compilerOptions']): Plugin {
  let root = ''
  let outDir = ''
  return {
    name: 'first-pages',
    apply: 'build',
    configResolved(config) {
      root = config.root
      outDir = resolve(root, config.build.outDir)
    },
    async closeBundle(error?: Error) {
      if (error) return
      const bare = readFileSync(join(outDir, 'index.html'), 'utf8')
      const first = styled(bare, root, outDir, ['first'])
      const tabs = withTabs(styled(bare, root, outDir, ['first', 'tabs']), outDir)
      mkdirSync(join(outDir, 'first'), { recursive: true })
      for (const [name, parts] of Object.entries(await drawn(root, compilerOptions))) {
        const fill = TEXTS.has(name) ? filledWithText : filled
        writeFileSync(join(outDir, 'first', `${name}.html`), fill(FIRST.has(name) ? first : tabs, parts))
      }
    },
  }
}
