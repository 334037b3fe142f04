import { plain } from './plain.ts'

const url = /https?:\/\/[^\s<>()[\]{}*|~`\\"]+/y
const numbered = /^\s*\d+$/

/**
 * Text that Discord shows as it was written: its Markdown, mentions and emoji marks are escaped, addresses stay links (without a
 * preview). At most `max` UTF-16 units after escaping; cut text closes with "…", never inside an escape or an address.
 */
export function inert(raw: string, max: number): string {
  const text = plain(raw).trim()
  let shown = ''
  for (let at = 0; at < text.length; ) {
    const { written, length } = pieceAt(text, at)
    const last = at + length >= text.length
    if (shown.length + written.length + (last ? 0 : 1) > max) return `${shown.trimEnd()}…`
    shown += written
    at += length
  }
  return shown
}

function pieceAt(text: string, at: number): { readonly written: string; readonly length: number } {
  url.lastIndex = at
  const found = text[at] === 'h' ? url.exec(text)?.[0].replace(/[.,:;!?'_]+$/, '') : undefined
  if (found !== undefined && found.length > 'https://'.length) return { written: `<${found}>`, length: found.length }
  const character = String.fromCodePoint(text.codePointAt(at)!)
  return { written: isMarkup(text, at) ? `\\${character}` : character, length: character.length }
}

/** Escapes no more than needed: notifications and screen readers may say the backslash. */
function isMarkup(text: string, at: number): boolean {
  const before = text[at - 1] ?? '\n'
  const after = text[at + 1] ?? '\n'
  switch (text[at]) {
    case '\\':
    case '*':
    case '`':
    case '[':
    case ']':
      return true
    case '_':
      // snake_case stays as it is, here and at Discord.
      return !(/[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after))
    case '~':
    case '|':
      return before === text[at] || after === text[at]
    case '<':
      return /[@#:/!A-Za-z]/.test(after)
    case '@':
      return /^@(everyone|here)/.test(text.slice(at, at + 9))
    case '#':
    case '>':
    case '-':
    case '+':
      return startsLine(text, at) && /[\s#>\-+]/.test(after)
    case '.':
    case ')':
      return /\s/.test(after) && numbered.test(text.slice(text.lastIndexOf('\n', at) + 1, at))
    default:
      return false
  }
}

function startsLine(text: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && text[before] !== '\n' && /[\s#>\-+]/.test(text[before]!)) before -= 1
  return before < 0 || text[before] === '\n'
}
