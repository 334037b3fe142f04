/** JSON of which each value has one form: records become sorted lists of pairs, and what is undefined is left out, as on the wire. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return { list: value.map(canonical) }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, canonical(each)])
}
