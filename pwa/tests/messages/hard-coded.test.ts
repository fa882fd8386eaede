import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const components = globSync('src/**/*.svelte', { cwd: new URL('../..', import.meta.url).pathname })

/** What is left of a component's markup without its scripts, tags and expressions. */
function wordsIn(source: string): string[] {
  let markup = source
    .replace(/<!--[\s\S]*?-->|<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>/g, '')
    .replace(/=>/g, '')
  for (let before = ''; before !== markup;) {
    before = markup
    markup = markup.replace(/\{[^{}]*\}/g, '')
  }
  const said = /(?:aria-label|placeholder|title|alt|label)="([^"]*)"/g
  const attributes = [...markup.matchAll(said)].map(([, text = '']) => text)
  const texts = markup.replace(/<[^>]*>/g, '\n').split('\n')
  return [...attributes, ...texts].filter((text) => /\p{L}{2}/u.test(text)).map((text) => text.trim())
}

test.each(components)('%s holds no words of its own', (file) => {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  expect(wordsIn(source)).toEqual([])
})
