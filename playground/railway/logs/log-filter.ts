import type { StoredLine } from './log-line.ts'

export type LineFilter = (line: StoredLine) => boolean

/**
 * Railway's filter syntax: words, "exact text", `@level:error`, `@service:<id>`, `@deployment:<id>`, `@replica:<id>`, any other
 * `@attribute:value`, `-` before one to exclude it, AND (also by mere juxtaposition), OR, parentheses.
 * https://docs.railway.com/guides/logs#filtering-logs. An empty filter takes everything.
 */
export function parseFilter(text: string | null | undefined): LineFilter {
  const tokens = [...(text ?? '').matchAll(token)].map((match) => match[0])
  let at = 0

  function either(): LineFilter {
    const sides = [all()]
    while (tokens[at] === 'OR') {
      at++
      sides.push(all())
    }
    return (line) => sides.some((side) => side(line))
  }

  function all(): LineFilter {
    const terms: LineFilter[] = []
    while (at < tokens.length && tokens[at] !== 'OR' && tokens[at] !== ')') {
      if (tokens[at] === 'AND') at++
      else terms.push(term())
    }
    return (line) => terms.every((term) => term(line))
  }

  function term(): LineFilter {
    const word = tokens[at++]!
    if (word === '-') {
      const negated = at < tokens.length ? term() : () => false
      return (line) => !negated(line)
    }
    if (word !== '(') return word.startsWith('@') ? attribute(word) : contains(unquote(word))
    const inside = either()
    if (tokens[at] === ')') at++
    return inside
  }

  const filters = [either()]
  while (at < tokens.length) {
    at++ // a closing parenthesis too many
    filters.push(either())
  }
  return (line) => filters.every((filter) => filter(line))
}

/** Parentheses, a minus before something, quoted text, an attribute, a word. */
const token = /[()]|-(?=\S)|@[\w.]+:(?:"[^"]*"|[^\s()]+)|"[^"]*"?|[^\s()]+/g

function contains(text: string): LineFilter {
  const wanted = text.toLowerCase()
  return (line) => line.message.toLowerCase().includes(wanted)
}

function attribute(word: string): LineFilter {
  const colon = word.indexOf(':')
  const name = word.slice(1, colon)
  const value = unquote(word.slice(colon + 1))
  return (line) => attributeOf(line, name) === value
}

function attributeOf(line: StoredLine, name: string): string | null | undefined {
  switch (name) {
    case 'level':
      return line.severity
    case 'service':
      return line.tags.serviceId
    case 'deployment':
      return line.tags.deploymentId
    case 'replica':
    case 'deploymentInstance':
      return line.tags.deploymentInstanceId
    default: {
      const value = line.attributes.find((one) => one.key === name)?.value
      return value?.startsWith('"') ? (JSON.parse(value) as string) : value
    }
  }
}

function unquote(word: string): string {
  return word.startsWith('"') ? word.slice(1).replace(/"$/, '') : word
}
