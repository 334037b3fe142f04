import { matchesGlob } from '#src/kernel/glob.ts'
import { linearPattern } from '#src/kernel/linear-pattern.ts'

/** What a rule looks for in lines of a log. */
export interface LogPattern {
  isIn(line: string): boolean
  /** Texts that every such line has: what Railway can be asked for. Empty where that is nothing. */
  readonly words: readonly string[]
  /** What it costs to look at a line, in steps of some 30 ns. */
  work(line: string): number
}

/** Of a longer line the beginning is looked at. */
const longestLine = 2_000
const quoted = /^(?:"([^"]*)"|'([^']*)'|[“„]([^“”]*)[“”]|[‘‚]([^‘’]*)[‘’]|«([^«»]*)»)$/
const expression = /^\/(.+)\/(i?)$/s

/**
 * `/a regular expression/`, with `i` behind it where capitals do not matter; or text that a line must have, in which `*` stands for anything.
 * Text is compared exactly: whether Railway's own filter tells capitals apart is written nowhere. Throws PatternFault.
 */
export function logPattern(written: string): LogPattern {
  const [, source, flag] = expression.exec(written) ?? []
  if (source !== undefined) {
    const pattern = linearPattern(source, flag === 'i')
    return {
      words: [],
      isIn: (line) => pattern.isIn(line.slice(0, longestLine)),
      work: ({ length }) => pattern.steps * Math.min(length, longestLine),
    }
  }
  const glob = `*${written}*`
  // What Railway's filter would read as its own signs is left to us.
  const words = written.split(/[*"\\]/).map((word) => word.trim())
  return { words: words.filter(Boolean), isIn: (line) => matchesGlob(glob, line.slice(0, longestLine)), work: () => longestLine / 20 }
}

/** Without the one pair of quotes around it, which people and command lines write to hold a text together. Where more of them are inside, they are the text's own. */
export function unquoted(written: string): string {
  return (
    quoted
      .exec(written)
      ?.slice(1)
      .find((text) => text !== undefined) ?? written
  )
}
