import type { Table } from '#src/kernel/report.ts'
import { columnsOf, pad, shareColumns, wrap } from './columns.ts'
import { comfort } from './limits.ts'
import { plainLine } from './plain.ts'

const gap = 2
const narrowest = 7
const number = /^[-+]?[\d.,]+ ?(%|[a-zµ]{1,3}|[KMGT]i?B)?$|^[-–—]?$/i

/**
 * A table as lines of at most 40 columns: a phone shows no more without breaking them. Cells too long for their column go on in the
 * next line; a table with too many columns becomes a list, a row under the other. The first line (or none, in a list) is the head.
 */
export function tableLines({ head, rows }: Table): readonly (readonly string[])[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), head.length)
  const cells = [head, ...rows].map((row) => Array.from({ length: count }, (_, column) => plainLine(row[column] ?? '')))
  const natural = Array.from({ length: count }, (_, column) => widest(cells.map((row) => columnsOf(row[column]!))))
  const widths = shareColumns(natural, gap, narrowest)
  if (!widths) return cells.slice(1).map((row) => listed(cells[0]!, row))
  const sides = widths.map((_, column) => (rows.length > 0 && cells.slice(1).every((row) => number.test(row[column]!)) ? 'left' : 'right'))
  const blocks = cells.map((row) => sideBySide(row, widths, sides))
  return head.some((name) => plainLine(name) !== '') ? [[...blocks[0]!, rule(widths)], ...blocks.slice(1)] : blocks.slice(1)
}

function sideBySide(row: readonly string[], widths: readonly number[], sides: readonly ('left' | 'right')[]): readonly string[] {
  const wrapped = row.map((cell, column) => wrap(cell, widths[column]!))
  const height = Math.max(1, ...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, column) => pad(lines[line] ?? '', widths[column]!, sides[column]!))
      .join(' '.repeat(gap))
      .trimEnd(),
  )
}

function listed(head: readonly string[], row: readonly string[]): readonly string[] {
  return row.flatMap((cell, column) => {
    const name = head[column] ?? ''
    const text = column === 0 || name === '' ? cell : `${name}: ${cell}`
    const indent = column === 0 ? '' : '  '
    return wrap(text, comfort.tableColumns - indent.length - 2).map((line, at) => (at === 0 ? indent : `${indent}  `) + line)
  })
}

function widest(columns: readonly number[]): number {
  return Math.min(
    comfort.tableColumns,
    columns.reduce((most, each) => Math.max(most, each), 1),
  )
}

function rule(widths: readonly number[]): string {
  return widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap))
}
