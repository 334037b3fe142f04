/** Proposed for ES2026, in V8 since 11.4. https://github.com/tc39/proposal-json-parse-with-source */
interface JsonWithSource {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown
  rawJSON(text: string): { readonly rawJSON: string }
  isRawJSON(value: unknown): value is { readonly rawJSON: string }
}
const json = JSON as unknown as JsonWithSource

/** A text without this has no number that JavaScript cannot hold. */
const SUSPECT = /[\d.]{16}|\d[eE][+-]?\d/
/** Whatever has no more digits than these comes out of a double as it went in. https://en.wikipedia.org/wiki/Double-precision_floating-point_format */
const MOST_DIGITS = 15
const LEAST_NORMAL = 2 ** -1022

/**
 * Reads JSON as `JSON.parse` does, but numbers that JavaScript cannot hold (1e999, more than some 15 digits) are kept as they were written:
 * `JSON.stringify` writes them so again, and `digitsOf` tells them. Throws SyntaxError, and RangeError for thousands of levels.
 */
export function parseExact(text: string): unknown {
  if (!SUSPECT.test(text)) return JSON.parse(text)
  return json.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && !holds(value, source) ? json.rawJSON(source) : value,
  )
}

/** How a number that JavaScript cannot hold was written; undefined for every other value. */
export function digitsOf(value: unknown): string | undefined {
  return json.isRawJSON(value) ? value.rawJSON : undefined
}

function holds(value: number, source: string): boolean {
  if (String(value) === source) return true
  const digits = source.replace(/e.*$/i, '').replaceAll(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
  if (digits === '') return true
  return digits.length <= MOST_DIGITS && Number.isFinite(value) && Math.abs(value) >= LEAST_NORMAL
}
