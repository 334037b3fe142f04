import { type Inline, parseInline } from './inline.ts'

export type Block =
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly children: readonly Inline[] }
  | { readonly kind: 'small' | 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly ListItem[] }

export interface ListItem {
  readonly depth: number
  readonly children: readonly Inline[]
}

const fence = /```(?:([\w+#.-]+)\n)?\n?(.*?)\n?```/gs
const heading = /^(#{1,3}) +(.+)$/
const small = /^-# +(.+)$/
const quote = /^> ?(.*)$/
const item = /^( *)(?:[-*]|(\d{1,9})\.) +(.+)$/

/** Reads Discord's markdown (https://support.discord.com/hc/articles/210298617) into data, so that nothing is ever parsed as HTML. Never throws. */
export function parseMarkdown(source: string): readonly Block[] {
  const blocks: Block[] = []
  let end = 0
  for (const match of source.matchAll(fence)) {
    blocks.push(...parseLines(trimBreak(source.slice(end, match.index))))
    blocks.push({ kind: 'code', language: match[1] ?? '', text: match[2] ?? '' })
    end = match.index + match[0].length
  }
  blocks.push(...parseLines(trimBreak(source.slice(end))))
  return blocks
}

/** A code block stands on lines of its own: the break beside it is not text. */
function trimBreak(text: string): string {
  return text.replace(/^\n|\n$/g, '')
}

function parseLines(text: string): readonly Block[] {
  if (text === '') return []
  const blocks: Block[] = []
  let open: string[] = []
  const close = () => {
    if (open.length > 0) blocks.push({ kind: 'paragraph', children: parseInline(open.join('\n')) })
    open = []
  }
  for (const line of text.split('\n')) {
    const block = parseLine(line)
    if (block === undefined) {
      open.push(line)
      continue
    }
    close()
    const last = blocks.at(-1)
    const joined = last && joinBlocks(last, block)
    if (joined) blocks[blocks.length - 1] = joined
    else blocks.push(block)
  }
  close()
  return blocks
}

function parseLine(line: string): Block | undefined {
  const [, hashes, title] = heading.exec(line) ?? []
  if (hashes && title) return { kind: 'heading', level: hashes.length as 1 | 2 | 3, children: parseInline(title) }
  const [, note] = small.exec(line) ?? []
  if (note) return { kind: 'small', children: parseInline(note) }
  const quoted = quote.exec(line)
  if (quoted) return { kind: 'quote', lines: [parseInline(quoted[1] ?? '')] }
  const [, indent = '', number, content] = item.exec(line) ?? []
  if (content === undefined) return undefined
  const items = [{ depth: Math.min(5, Math.floor(indent.length / 2)), children: parseInline(content) }]
  return { kind: 'list', ordered: number !== undefined, start: Number(number ?? 1), items }
}

function joinBlocks(a: Block, b: Block): Block | undefined {
  if (a.kind === 'quote' && b.kind === 'quote') return { kind: 'quote', lines: [...a.lines, ...b.lines] }
  if (a.kind === 'list' && b.kind === 'list' && a.ordered === b.ordered) return { ...a, items: [...a.items, ...b.items] }
  return undefined
}
