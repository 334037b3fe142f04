import type { Table } from '#src/kernel/report.ts'
import { comfort } from './limits.ts'
import { clip } from './plain.ts'
import { tableLines } from './table.ts'

export interface CodeBlock {
  readonly text: string
  /** True where all of the table is in it, uncut. */
  readonly complete: boolean
}

type Lines = readonly string[]

/** A head of more lines would take the place of what it names. */
const tallestHead = 4

/** A table as a code block of at most 15 lines and 1,000 characters; what is left out is said beside it. */
export function codeBlock({ head, rows, keep, dense }: Table): CodeBlock {
  // Each row takes a line or more: nothing beyond these can be shown, nor widen a column.
  const most = comfort.tableLines
  const near = keep === 'last' ? rows.slice(-most) : rows.slice(0, most)
  const blocks = tableLines({ head, rows: near, ...(dense && { dense }) })
  const allNames = blocks.slice(0, blocks.length - near.length).flat()
  const names = allNames.length > tallestHead ? [] : allNames
  const inOrder = blocks.slice(blocks.length - near.length)
  const shown = keep === 'last' ? fitting(names, inOrder.toReversed()).toReversed() : fitting(names, inOrder)
  const left = rows.length - shown.length
  // Of a single row that is too large by itself, the beginning.
  const lines = shown.length > 0 ? shown.flat() : (keep === 'last' ? inOrder.at(-1)! : inOrder[0]!).slice(0, most - names.length)
  const block = fenced([...names, ...lines])
  // What a dense table cuts is in the file.
  const isCut = dense === true && shown.some((lines, at) => isShorter(lines, near[at]!))
  if (left === 0) return { text: block, complete: !isCut }
  const more = `${left} ${keep === 'last' ? 'earlier' : 'more'} ${left === 1 ? 'row' : 'rows'} in the file`
  return { text: keep === 'last' ? `${more}, then:\n${block}` : `${block}\n…and ${more}.`, complete: false }
}

/** As many blocks, from the first, as there is room for below the names of the columns. */
function fitting(names: Lines, blocks: readonly Lines[]): readonly Lines[] {
  let lines = names.length
  let characters = names.join('\n').length
  const end = blocks.findIndex((block) => {
    lines += block.length
    characters += block.join('\n').length + 1
    return lines > comfort.tableLines || characters > comfort.tableCharacters
  })
  return end === -1 ? blocks : blocks.slice(0, end)
}

/** A cell lost its end that had one. */
function isShorter(lines: Lines, row: readonly string[]): boolean {
  return count(lines.join(''), '…') > count(row.join(''), '…')
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1
}

/** A zero-width space between backticks: three in a row would close the block. */
function fenced(lines: Lines): string {
  const text = clip(lines.join('\n'), comfort.tableCharacters)
  return `\`\`\`\n${text.replaceAll(/`(?=`)/g, '`\u200b') || ' '}\n\`\`\``
}
