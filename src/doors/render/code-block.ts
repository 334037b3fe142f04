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
export function codeBlock(table: Table): CodeBlock {
  const blocks = tableLines(table)
  const hasHead = blocks.length > table.rows.length
  const shown: string[] = []
  let rows = 0
  for (const block of blocks) {
    const joined = [...shown, ...block]
    if (joined.length > comfort.tableLines || joined.join('\n').length > comfort.tableCharacters) break
    shown.push(...block)
    rows += 1
  }
  const left = blocks.length - rows
  if (rows === 0 && blocks[0]) shown.push(...blocks[0].slice(0, comfort.tableLines))
  const text = clip(shown.join('\n'), comfort.tableCharacters)
  // A zero-width space between backticks: three in a row would close the block.
  const fenced = `\`\`\`\n${text.replaceAll(/`(?=`)/g, '`\u200b') || ' '}\n\`\`\``
  if (left === 0) return { text: fenced, complete: true }
  const rowsLeft = Math.max(1, left - (rows === 0 && hasHead ? 1 : 0))
  return { text: `${fenced}\n…and ${rowsLeft} more ${rowsLeft === 1 ? 'row' : 'rows'} in the file.`, complete: false }
}
