// The app's own files, kept at install and replaced as a whole by the next version.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

/** Serves the listed files and, for every address of the app, its one page. The API always goes to the network. */
export function serveOffline(files: { url: string; revision: string | null }[]): void {
  precacheAndRoute(files)
  cleanupOutdatedCaches()
  registerRoute(
    new NavigationRoute(createHandlerBoundToURL('/'), {
      denylist: [/^\/api\//, /^\/(healthz|readyz|metrics)$/],
    }),
  )
}
