import { type TimestampStyle, timestampStyles } from './timestamp.ts'

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'underline' | 'strike' | 'spoiler'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly kind: 'user' | 'role' | 'channel'; readonly id: string }
  | { readonly kind: 'everyone'; readonly text: string }
  | { readonly kind: 'command'; readonly name: string; readonly id: string }
  | { readonly kind: 'timestamp'; readonly at: number; readonly style: TimestampStyle }

interface Rule {
  /** Sticky: it is tried exactly where reading stands. */
  readonly pattern: RegExp
  read(match: RegExpExecArray, depth: number): Inline
}

const text = (value: string): Inline => ({ kind: 'text', text: value })

function span(kind: 'strong' | 'emphasis' | 'underline' | 'strike' | 'spoiler', pattern: RegExp): Rule {
  return { pattern, read: (match, depth) => ({ kind, children: parseInline(match[1] ?? '', depth + 1) }) }
}

function mention(kind: 'user' | 'role' | 'channel', pattern: RegExp): Rule {
  return { pattern, read: (match) => ({ kind, id: match[1] ?? '' }) }
}

function link(pattern: RegExp): Rule {
  return { pattern, read: (match) => ({ kind: 'link', url: match[1] ?? '', children: [text(match[1] ?? '')] }) }
}

/** In the order tried. Links are http and https alone: no other scheme can be followed from a message. */
const rules: readonly Rule[] = [
  { pattern: /\\([^\w\s])/y, read: (match) => text(match[1] ?? '') },
  {
    pattern: /(?<!`)(`{1,2})(?!`)(.*?[^`])\1(?!`)/sy,
    read: (match) => ({ kind: 'code', text: (match[2] ?? '').replace(/^ (.+) $/, '$1') }),
  },
  { pattern: /<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, read: readTimestamp },
  mention('user', /<@!?(\d{1,20})>/y),
  mention('role', /<@&(\d{1,20})>/y),
  mention('channel', /<#(\d{1,20})>/y),
  { pattern: /<\/([^:<>\n]{1,100}):(\d{1,20})>/y, read: (match) => ({ kind: 'command', name: match[1] ?? '', id: match[2] ?? '' }) },
  { pattern: /<a?:(\w{2,32}):\d{1,20}>/y, read: (match) => text(`:${match[1]}:`) },
  { pattern: /@(?:everyone|here)\b/y, read: (match) => ({ kind: 'everyone', text: match[0] }) },
  {
    pattern: /\[([^[\]\n]{1,1000})\]\(<?(https?:\/\/[^\s<>()]+)>?(?: "[^"\n]*")?\)/y,
    read: (match, depth) => ({ kind: 'link', url: match[2] ?? '', children: parseInline(match[1] ?? '', depth + 1) }),
  },
  link(/<(https?:\/\/[^\s<>]+)>/y),
  link(/(https?:\/\/[^\s<]+[^\s<.,:;"'`)\]*_~|])/y),
  span('strong', /\*\*(?!\*)(.+?)\*\*(?!\*)/sy),
  span('underline', /__(.+?)__(?!_)/sy),
  span('emphasis', /\*(?![\s*])([^*]*[^\s*])\*(?!\*)/y),
  span('emphasis', /(?<!\w)_(?!_)([^_]+)_(?!\w)/y),
  span('strike', /~~(.+?)~~/sy),
  span('spoiler', /\|\|(.+?)\|\|/sy),
]

const deepest = 8
const special = /[\\`<@[*_~|h]/

/** Reads the marks within a line. Every character of the source that is no mark is in the result. Never throws. */
export function parseInline(source: string, depth = 0): readonly Inline[] {
  const found: Inline[] = []
  let plain = ''
  let position = 0
  while (position < source.length) {
    const next = depth < deepest && special.test(source[position] ?? '') ? readAt(source, position, depth) : undefined
    if (next === undefined) {
      plain += source[position]
      position += 1
      continue
    }
    if (next.inline.kind === 'text') plain += next.inline.text
    else {
      if (plain) found.push(text(plain))
      plain = ''
      found.push(next.inline)
    }
    position = next.end
  }
  if (plain) found.push(text(plain))
  return found
}

function readAt(source: string, position: number, depth: number): { inline: Inline; end: number } | undefined {
  for (const rule of rules) {
    rule.pattern.lastIndex = position
    const match = rule.pattern.exec(source)
    // Read before going deeper: the patterns are shared, and their lastIndex with them.
    if (match) return { end: rule.pattern.lastIndex, inline: rule.read(match, depth) }
  }
  return undefined
}

function readTimestamp(match: RegExpExecArray): Inline {
  const style = timestampStyles.find((known) => known === match[2]) ?? 'f'
  return { kind: 'timestamp', at: Number(match[1]) * 1_000, style }
}
