// Comma-separated values (RFC 4180), as spreadsheets and other apps write them.

/** What a spreadsheet may take for a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n]/

export interface CsvRow {
  /** The line that it begins on, from 1. */
  line: number
  cells: string[]
}

/**
 * The rows of a table, one at a time. Line breaks of every kind, quoted cells with line breaks and doubled quotes, a
 * byte order mark, and semicolons or tabs for commas are understood. Empty lines are left out.
 */
export function* parseCsv(text: string): Generator<CsvRow> {
  const body = text.replace(/^\uFEFF/, '')
  const cut = separatorOf(body)
  const cell = new RegExp(
    `(?:"([^"]*(?:""[^"]*)*)"|([^"${cut}\\r\\n][^${cut}\\r\\n]*|))(${cut}|\\r\\n|\\n|\\r|$)`,
    'y',
  )
  let [cells, line, begins]: [string[], number, number] = [[], 1, 1]
  while (cell.lastIndex < body.length) {
    const at = cell.lastIndex
    const found = cell.exec(body) ?? brokenCell(cell, body, at, cut)
    const [whole, quoted, plain = '', end = ''] = found
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0
    if (end === cut) continue
    if (cells.length > 1 || cells[0]) yield { line: begins, cells }
    ;[cells, begins] = [[], line]
  }
  if (cells.length) yield { line: begins, cells: [...cells, ''] }
}

/** A quote where none may stand, or one that never ends: the cell is taken as it is, up to the next separator. */
function brokenCell(cell: RegExp, body: string, at: number, cut: string): RegExpExecArray {
  const plain = new RegExp(`()([^${cut}\\r\\n]*)(${cut}|\\r\\n|\\n|\\r|$)`, 'y')
  plain.lastIndex = at
  const found = plain.exec(body) as RegExpExecArray
  cell.lastIndex = plain.lastIndex
  return Object.assign(found, { 1: undefined })
}

function separatorOf(body: string): string {
  const head = /^[^\r\n]*/.exec(body)?.[0] ?? ''
  const count = (cut: string) => head.split(cut).length
  return [',', ';', '\t'].reduce((best, cut) => (count(cut) > count(best) ? cut : best))
}

/** A table as text; cells that a spreadsheet would run as a formula get an apostrophe before them. */
export function writeCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')
}

function writeCell(cell: string | number): string {
  const text = typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
