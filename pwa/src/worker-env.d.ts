/** Filled in by tools/sw-plugin.ts: the files of the built app. */
declare const __PRECACHE__: string[]
