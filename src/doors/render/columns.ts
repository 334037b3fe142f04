const ascii = /^[ -~]*$/
const wide = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
/** Turns the sign before it into an emoji, which is wide. */
const emojiSign = '\ufe0f'
const invisible = /^[\p{Mn}\p{Cf}]$/u

/** How many columns a text takes in a code block: wide characters take two, combining ones none. */
export function columnsOf(text: string): number {
  if (ascii.test(text)) return text.length
  let columns = 0
  for (const character of text) {
    if (character === emojiSign) columns += 1
    else if (!invisible.test(character)) columns += wide.test(character) ? 2 : 1
  }
  return columns
}

export function pad(text: string, columns: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, columns - columnsOf(text)))
  return side === 'left' ? space + text : text + space
}

/** Where a line may break: at spaces (not behind a sign such as ✅), and behind what joins the parts of a name (`websocket-` `streaming`). */
const parts = /(?:\p{Extended_Pictographic}\ufe0f? )?(?:[^\s\-_/]*[-_/]+|[^\s\-_/]+)/gu

interface Part {
  readonly text: string
  readonly spaced: boolean
}

function partsOf(text: string): readonly Part[] {
  return [...text.matchAll(parts)].map(({ 0: part, index }) => ({ text: part, spaced: /\s/.test(text[index - 1] ?? '') }))
}

/** Lines of at most so many columns. A part that is longer by itself is broken anywhere. At least one line. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines = ['']
  for (const { text: part, spaced } of partsOf(text)) {
    const last = lines.at(-1)!
    const joined = last === '' ? part : last + (spaced ? ' ' : '') + part
    if (columnsOf(joined) <= columns) lines[lines.length - 1] = joined
    else lines.push(...chop(part, columns))
  }
  return lines.length > 1 && lines[0] === '' ? lines.slice(1) : lines
}

/** The beginning of a text, closed with "…" where it needs more than so many columns. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  let kept = ''
  for (const character of text) {
    if (columnsOf(kept + character) > columns - 1) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** The columns that a text needs so that no part of it is broken. */
export function longestPart(text: string): number {
  return partsOf(text).reduce((most, part) => Math.max(most, columnsOf(part.text)), 1)
}

function chop(word: string, columns: number): readonly string[] {
  const chopped = ['']
  for (const character of word) {
    const last = chopped.length - 1
    if (chopped[last] !== '' && columnsOf(chopped[last]! + character) > columns) chopped.push(character)
    else chopped[last] += character
  }
  return chopped
}

/** Widths that fit into `room`: of the columns that can give way, the widest does so first. Undefined where that is not enough. */
export function shareColumns(natural: readonly number[], least: readonly number[], room: number): readonly number[] | undefined {
  const widths = [...natural]
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over -= 1) {
    const givable = widths.map((width, column) => (width > least[column]! ? width : 0))
    const most = Math.max(...givable)
    if (most === 0) return undefined
    widths[givable.indexOf(most)]! -= 1
  }
  return widths
}
