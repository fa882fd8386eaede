export * from './plan.ts'
export * from './push.svelte.ts'
