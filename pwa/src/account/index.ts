export * from './account.ts'
export { accountState } from './account.svelte.ts'
