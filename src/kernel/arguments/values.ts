import type { Argument } from '../argument.ts'
import { UserError } from '../errors.ts'
import { digitsOf, parseExact } from '../exact-json.ts'
import { asText } from './as-text.ts'

const PAIR = /\s*([\w.-]{1,64})=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)/y

/** Named values: a JSON object, or `depth=3 on="the logs" fast=true`. Left out: none. */
export function values(
  describe: string,
  { max = 1_000, called = 'The arguments' }: { readonly max?: number; readonly called?: string } = {},
): Argument<Readonly<Record<string, unknown>>> {
  return {
    describe,
    shape: { type: 'string', maxLength: max },
    required: false,
    async read(raw) {
      const typed = asText(raw).trim()
      const read = typed.length > max ? undefined : typed.startsWith('{') ? parsed(typed, JSON.parse) : pairs(typed)
      if (isObject(read)) return read
      throw new UserError(`${called} must read name=value name="two words", or be a JSON object. Nothing was done.`)
    },
  }
}

/** `depth=3 on="the logs"`, read; undefined where it is not written so. */
export function pairs(typed: string): Readonly<Record<string, unknown>> | undefined {
  const found: (readonly [string, unknown])[] = []
  PAIR.lastIndex = 0
  for (let end = 0; end < typed.length; end = PAIR.lastIndex) {
    const [, name, value] = PAIR.exec(typed) ?? []
    if (name === undefined || value === undefined) return undefined
    found.push([name, meant(value)])
  }
  return Object.fromEntries(found)
}

/** Numbers, true, false, null and what stands in quotes are what JSON says; anything else is text, and so is a number of too many digits (an id). */
function meant(text: string): unknown {
  const value = parsed(text, parseExact)
  return digitsOf(value) ?? value ?? (text === 'null' ? null : text)
}

function parsed(text: string, read: (text: string) => unknown): unknown {
  try {
    return read(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
