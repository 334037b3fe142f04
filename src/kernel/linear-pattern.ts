import { RE2JS, RE2JSSyntaxException } from 're2js'

export interface LinearPattern {
  /** Whether it is anywhere in the text. */
  isIn(text: string): boolean
  /** How much work a character of a text may be. */
  readonly steps: number
}

/** Why something is no pattern; goes on from “it”. */
export class PatternFault extends Error {
  override readonly name = 'PatternFault'
}

const mostSteps = 300

/**
 * A regular expression as RE2 has it (https://github.com/google/re2/wiki/Syntax), which takes time in proportion to the text and to itself,
 * whatever both say: nobody's pattern can hold the process up. Throws PatternFault.
 */
export function linearPattern(source: string, ignoreCase = false): LinearPattern {
  const pattern = compiled(source, ignoreCase)
  const steps = pattern.programSize()
  if (steps > mostSteps) throw new PatternFault('is too much: make it shorter, or its repetitions fewer')
  return { isIn: (text) => pattern.test(text), steps }
}

function compiled(source: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error
    const why = error.message.replace(/^error parsing regexp: /, '')
    throw new PatternFault(`cannot be read: ${why} (as in RE2, it may not look ahead or behind, nor refer back)`)
  }
}
