import { comfort } from './limits.ts'

const wide = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
const invisible = /^[\p{Mn}\p{Cf}]$/u

/** How many columns a text takes in a code block: wide characters take two, combining ones none. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += invisible.test(character) ? 0 : wide.test(character) ? 2 : 1
  return columns
}

export function pad(text: string, columns: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, columns - columnsOf(text)))
  return side === 'left' ? space + text : text + space
}

/** Lines of at most so many columns, broken at spaces where there are any. At least one line. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (columnsOf(joined) <= columns) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const parts = chop(word, columns)
    lines.push(...parts.slice(0, -1))
    line = parts.at(-1) ?? ''
  }
  return [...lines, line]
}

function chop(word: string, columns: number): readonly string[] {
  const parts = ['']
  for (const character of word) {
    const last = parts.length - 1
    if (parts[last] !== '' && columnsOf(parts[last]! + character) > columns) parts.push(character)
    else parts[last] += character
  }
  return parts
}

/** Widths of the columns so that they fit side by side: the widest gives way first. Undefined where that cannot be. */
export function shareColumns(natural: readonly number[], gap: number, narrowest: number): readonly number[] | undefined {
  const widths = [...natural]
  const room = comfort.tableColumns - gap * (widths.length - 1)
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= narrowest) return undefined
    widths[widest]! -= 1
  }
  return widths
}
