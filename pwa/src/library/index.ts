export * from './types.ts'
export { helplinesOf, htmlOf, item, library, search } from './library.svelte.ts'
export type { Found } from './search.ts'
