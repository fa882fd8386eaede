// The app's own files, kept at install and replaced as a whole by the next version. Each is named by its address and,
// where the address does not change with the content, its revision: '/fonts/figtree.woff2?VhFbT'. So a version takes
// over what has not changed, and two versions can stand side by side.

const CACHE = 'heartwood-app'
const PAGE = '/'
/** Addresses of the server's own that are no places of the app. */
const NOT_OURS = /^\/(api|api-viewer|healthz|readyz|metrics)(\/|$)/

/** Downloads what is not there yet. Cut off, it goes on where it was; the version is installed only when all is there. */
export async function keepFiles(files: string[]): Promise<void> {
  const cache = await caches.open(CACHE)
  await Promise.all(
    files.map(async (file) => {
      if (!(await cache.match(file))) await cache.put(file, await download(file))
    }),
  )
}

async function download(file: string): Promise<Response> {
  const [address = '', revision] = file.split('?')
  // A file without a hash in its name may be an old one in the browser's own cache.
  const response = await fetch(address, {
    cache: revision ? 'reload' : 'default',
    credentials: 'same-origin',
  })
  if (!response.ok) throw new Error(`${file}: ${response.status}`)
  // A page that was redirected may not answer a navigation.
  return response.redirected ? new Response(response.body, { headers: response.headers }) : response
}

/** Drops the files of former versions, once no page uses them any more. */
export async function dropOldFiles(files: string[]): Promise<void> {
  const cache = await caches.open(CACHE)
  const wanted = new Set(files.map((file) => new URL(file, location.origin).href))
  const old = (await cache.keys()).filter(({ url }) => !wanted.has(url))
  await Promise.all(old.map((request) => cache.delete(request)))
}

/** Answers from the kept files: every place of the app by its one page. null where the network has to answer. */
export function answerFrom(files: string[], request: Request): Promise<Response> | null {
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin || NOT_OURS.test(pathname)) return null
  const asked = request.mode === 'navigate' ? PAGE : pathname
  const file = files.find((name) => name.split('?')[0] === asked)
  return file ? kept(file, request) : null
}

async function kept(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(file)) ?? fetch(request)
}
