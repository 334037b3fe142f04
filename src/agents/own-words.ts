import { z } from 'zod'

/** What an agent says of itself, as people read it. */
export interface OwnWords {
  readonly says: string | undefined
  /** When it said so, where it tells. */
  readonly at: Date | undefined
}

const LONGEST = 300
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const moment = z.coerce.date().catch(new Date(Number.NaN))

/** Any JSON: agents write what they like. Of an object the status comes first and the rest behind it: `busy (load 0.5)`. */
export function ownWords(said: unknown): OwnWords {
  if (!isObject(said)) return { says: said === undefined ? undefined : shortened(word(said)), at: undefined }
  const { status, timestamp, details, ...rest } = said
  const more = isObject(details) ? { ...rest, ...details } : { ...rest, ...(details !== undefined && { details }) }
  const others = Object.entries(more)
    .map(([name, value]) => `${name} ${word(value)}`)
    .join(', ')
  const own = status === undefined ? '' : word(status)
  const says = own !== '' && others !== '' ? `${own} (${others})` : own + others
  const at = moment.parse(timestamp)
  return { says: says === '' ? undefined : shortened(says), at: Number.isNaN(at.getTime()) ? undefined : at }
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
