import type { Table } from '#src/kernel/report.ts'
import { comfort } from './limits.ts'
import { clip } from './plain.ts'
import { tableLines } from './table.ts'

export interface CodeBlock {
  readonly text: string
  /** True where all of the table is in it. */
  readonly complete: boolean
}

/** A table as a code block of at most 15 lines and 1,000 characters; what is left out is said below it. */
export function codeBlock({ head, rows }: Table): CodeBlock {
  // Each row takes a line or more: nothing beyond these can be shown, nor widen a column.
  const blocks = tableLines({ head, rows: rows.slice(0, comfort.tableLines) })
  const heads = blocks.length - Math.min(rows.length, comfort.tableLines)
  const shown: string[] = []
  let taken = 0
  for (const block of blocks) {
    const joined = [...shown, ...block]
    if (joined.length > comfort.tableLines || joined.join('\n').length > comfort.tableCharacters) break
    shown.push(...block)
    taken += 1
  }
  const left = rows.length - Math.max(0, taken - heads)
  if (left === 0) return { text: fenced(shown), complete: true }
  // Of a first row that is too large by itself, the beginning.
  if (taken <= heads) shown.push(...blocks[taken]!.slice(0, comfort.tableLines - shown.length))
  return { text: `${fenced(shown)}\n…and ${left} more ${left === 1 ? 'row' : 'rows'} in the file.`, complete: false }
}

/** A zero-width space between backticks: three in a row would close the block. */
function fenced(lines: readonly string[]): string {
  const text = clip(lines.join('\n'), comfort.tableCharacters)
  return `\`\`\`\n${text.replaceAll(/`(?=`)/g, '`\u200b') || ' '}\n\`\`\``
}
