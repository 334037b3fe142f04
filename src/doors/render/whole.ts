import type { Report } from '#src/kernel/report.ts'
import { columnsOf, pad } from './columns.ts'
import { plain, plainLine } from './plain.ts'

/** Where a cell is longer, the rest of its row moves right. */
const widestColumn = 60

/** All of a report as plain text: the file beside a message that could show only part of it. */
export function whole({ title, sentence, facts = [], table, document }: Report): string {
  const parts = [plainLine(title), plain(sentence), facts.map(({ label, value }) => `${plainLine(label)}: ${plain(value)}`).join('\n')]
  if (table) parts.push(wide([table.head, ...table.rows]))
  if (document) parts.push(plain(document.markdown))
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function wide(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(plainLine))
  const widths: number[] = []
  for (const row of cells) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, Math.min(columnsOf(cell.slice(0, widestColumn)), widestColumn))
  }
  return cells
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, 'right'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
