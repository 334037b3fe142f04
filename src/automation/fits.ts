type Arguments = Readonly<Record<string, unknown>>

/** Where the event fills in a value: `{{payload.service}}`. */
const HOLE = /\{\{[^{}]*\}\}/g

/**
 * Whether a call's arguments are the ones that were confirmed: the same names with the same values. Where a person confirmed a template,
 * what the event fills in may be anything; the rest of the text may not.
 */
export function fits(confirmed: Arguments, called: Arguments): boolean {
  const names = new Set([...Object.keys(confirmed), ...Object.keys(called)])
  return [...names].every((name) => fitsValue(confirmed[name], called[name]))
}

function fitsValue(confirmed: unknown, called: unknown): boolean {
  if (typeof confirmed !== 'string') return confirmed === called
  const literals = confirmed.split(HOLE)
  if (literals.length === 1) return confirmed === called
  const isFilled = typeof called === 'string' || typeof called === 'number' || typeof called === 'boolean'
  return isFilled && isTextWith(literals, String(called))
}

/** Whether a text is these parts in this order, the first at its beginning and the last at its end, with anything between them. */
function isTextWith([first = '', ...rest]: readonly string[], text: string): boolean {
  const last = rest.pop() ?? ''
  const end = text.length - last.length
  if (!text.startsWith(first) || !text.endsWith(last) || first.length > end) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}
