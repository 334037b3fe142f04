import type { Table } from '#src/kernel/report.ts'
import { columnsOf, cut, longestPart, pad, shareColumns, wrap } from './columns.ts'
import { comfort } from './limits.ts'
import { clip, plainLine } from './plain.ts'

const gaps = [2, 1]
/** Parts of a cell up to here are not broken to save a table from becoming a list. */
const unbroken = 16
const number = /^[-+]?[\d.,]+ ?(%|[a-zµ]{1,3}|[KMGT]i?B)?$|^[-–—]?$/i

type Row = readonly string[]

/**
 * A table as blocks of lines of at most 40 columns: a phone shows no more without breaking them. Cells too long for their column go
 * on in the next line, or are cut in a dense table; a table with too many columns becomes a list. The first block is the head; a list has none.
 */
export function tableLines({ head, rows, dense: isDense }: Table): readonly (readonly string[])[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), head.length)
  const [names = [], ...cells] = [head, ...rows].map((row) =>
    Array.from({ length: count }, (_, column) => clip(plainLine(row[column] ?? ''), comfort.tableCharacters)),
  )
  const dense = isDense === true
  for (const gap of dense ? [1] : gaps) {
    const widths = widthsFor([names, ...cells], gap)
    if (widths) return sideBySide(names, cells, { widths, gap, dense })
  }
  return cells.map((row) => listed(names, row))
}

function widthsFor(cells: readonly Row[], gap: number): readonly number[] | undefined {
  const widest = (measure: (cell: string) => number, most: number) =>
    cells[0]!.map((_, column) =>
      Math.min(
        most,
        cells.reduce((width, row) => Math.max(width, measure(row[column]!)), 1),
      ),
    )
  const natural = widest(columnsOf, comfort.tableColumns)
  return shareColumns(natural, widest(longestPart, unbroken), comfort.tableColumns - gap * (natural.length - 1))
}

interface Layout {
  readonly widths: readonly number[]
  readonly gap: number
  readonly dense: boolean
}

function sideBySide(names: Row, cells: readonly Row[], { widths, gap, dense }: Layout): readonly (readonly string[])[] {
  const between = ' '.repeat(gap)
  const sides = widths.map((_, column) => (cells.every((row) => number.test(row[column]!)) ? 'left' : 'right'))
  const block = (row: Row) => {
    const wrapped = row.map((cell, column) => (dense ? [cut(cell, widths[column]!)] : wrap(cell, widths[column]!)))
    const height = wrapped.reduce((most, lines) => Math.max(most, lines.length), 1)
    return Array.from({ length: height }, (_, line) =>
      wrapped
        .map((lines, column) => pad(lines[line] ?? '', widths[column]!, sides[column]!))
        .join(between)
        .trimEnd(),
    )
  }
  const rule = widths.map((width) => '─'.repeat(width)).join(between)
  const rows = cells.map(block)
  return names.some((name) => name !== '') ? [[...block(names), rule], ...rows] : rows
}

/** The first cell, and the others below it with their names, as many in a line as there is room for. */
function listed(names: Row, row: Row): readonly string[] {
  const lines = [...wrap(row[0] ?? '', comfort.tableColumns)]
  const indent = '  '
  let line = ''
  for (const [column, cell] of row.entries()) {
    if (column === 0 || cell === '') continue
    const text = names[column] ? `${names[column]}: ${cell}` : cell
    const joined = line === '' ? `${indent}${text}` : `${line}, ${text}`
    if (columnsOf(joined) <= comfort.tableColumns) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const wrapped = wrap(text, comfort.tableColumns - 2 * indent.length).map((part, at) => (at === 0 ? indent : indent + indent) + part)
    lines.push(...wrapped.slice(0, -1))
    line = wrapped.at(-1)!
  }
  return line === '' ? lines : [...lines, line]
}
