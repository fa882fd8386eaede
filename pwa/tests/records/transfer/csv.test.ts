import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseCsv, writeCsv } from '../../../src/records/transfer/csv.ts'

const rows = (text: string) => [...parseCsv(text)].map(({ cells }) => cells)

it('reads quotes, doubled quotes, line breaks of every kind and a byte order mark', () => {
  expect(rows('\uFEFFa,b\r\n"x, ""y""","two\nlines"\nplain,\rlast,"q"')).toEqual([
    ['a', 'b'],
    ['x, "y"', 'two\nlines'],
    ['plain', ''],
    ['last', 'q'],
  ])
})

it('knows the line that each row begins on', () => {
  expect([...parseCsv('a\n\n"b\nb"\nc')].map(({ line }) => line)).toEqual([1, 3, 5])
})

it('understands semicolons and tabs', () => {
  expect(rows('a;b;c\n1;2,5;3')).toEqual([
    ['a', 'b', 'c'],
    ['1', '2,5', '3'],
  ])
  expect(rows('a\tb\n1\t2')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ])
})

it('takes broken quotes as they are and goes on', () => {
  expect(rows('a,b\n"x"y,1\n"never ends,2')).toEqual([
    ['a', 'b'],
    ['"x"y', '1'],
    ['"never ends', '2'],
  ])
})

it('reads back what it writes', () => {
  const cell = fc.string().filter((text) => !/^[=+\-@\t\r\n]/.test(text))
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1 })
  const head = ['one', 'two']
  fc.assert(
    fc.property(table, (body) => {
      expect(rows(writeCsv([head, ...body]))).toEqual([head, ...body])
    }),
  )
})

it('ends on any text whatever', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ';') }),
      (text) => void rows(text),
    ),
  )
})

it('writes nothing that a spreadsheet would run', () => {
  expect(writeCsv([['=1+1', '@x', 'fine', -3]])).toBe("'=1+1,'@x,fine,-3\r\n")
})
