import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SOURCES = join(import.meta.dirname, '../../src')
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.(css|svelte)$/.test(file),
)

/** Sides that a page written from right to left does not have where they are named. */
const PHYSICAL =
  /^\s*((margin|padding|border)-(left|right)|left|right|text-align:\s*(left|right)|float:\s*(left|right))/

const stylesIn = (file: string): string => {
  const text = readFileSync(join(SOURCES, file), 'utf8')
  return file.endsWith('.css') ? text : (/<style>([^]*)<\/style>/.exec(text)?.[1] ?? '')
}

test.each(files)('%s names no left or right, so that a page can be turned round', (file) => {
  const found = stylesIn(file)
    .replace(/\[dir='rtl'\][^{]*\{[^}]*\}/g, '')
    .split('\n')
    .filter((line) => PHYSICAL.test(line) && !line.includes('right 20px') && !line.includes('right 14px'))
  expect(found).toEqual([])
})
