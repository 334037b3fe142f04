import { createHash } from 'node:crypto'

/** The same UUID for the same name, always: what is seeded keeps its ids. */
export function fixedId(name: string): string {
  const hex = createHash('sha256').update(`helix playground ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The same 40 hexadecimal digits for the same name. */
export function fixedSha(name: string): string {
  return createHash('sha1').update(`helix playground ${name}`).digest('hex')
}
