export * from './account.ts'
export { accountState } from './account.svelte.ts'
export { exportCsv, exportEverything, fileName } from '../records/transfer/export.ts'
