export * from './types.ts'
export { helplinesOf, htmlOf, item, library, search, type Found } from './library.svelte.ts'
