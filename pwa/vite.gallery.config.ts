import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { messages } from './tools/messages-plugin.ts'

/** The gallery is a page of its own in a folder of its own: nothing of it is part of the app. */
export default defineConfig({
  root: 'gallery',
  publicDir: '../public',
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } }), messages()],
  // Where the gallery is served must not show in its pictures.
  define: { 'location.host': '"heartwood.example"', 'location.origin': '"https://heartwood.example"' },
  build: {
    target: 'es2023',
    outDir: '../dist-gallery',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // One file of styles, so that their order is the app's whatever is loaded first.
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1000,
  },
})
