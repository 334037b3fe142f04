import { isDeeperThan } from '#src/kernel/levels.ts'
import { readJson } from '#src/kernel/read-json.ts'
import type { StreamEntry } from './streams.ts'

/** A row as XRANGE and XREAD answer it: its id, then fields and values in turn. */
export type StreamRow = readonly [id: string, fields: readonly string[]]

export interface StoredEntry extends StreamEntry {
  /** It was not published through Helix: a bridge appended it. */
  readonly foreign: boolean
}

/** Reads a row; undefined for one that no Helix process wrote. */
export function storedEntry(channel: string, [id, fields]: StreamRow): StoredEntry | undefined {
  const field = (name: string) => fields[fields.findIndex((each, at) => at % 2 === 0 && each === name) + 1]
  const text = fields.includes('json') ? field('json') : undefined
  const message = text === undefined ? undefined : jsonObject(text)
  const number = fields.includes('n') ? Number(field('n')) : Number.NaN
  if (text === undefined || message === undefined || !Number.isSafeInteger(number)) return undefined
  return { id, channel, message, text, number, foreign: fields.includes('foreign') }
}

/** What is nested deeper can be read, and not be written again: JSON.stringify would exhaust the stack. */
const DEEPEST = 256

/** The object that a text holds; undefined where it is no JSON, no object, or nested without end. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = readJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  // Each level opens and closes: a short text cannot be deep, and most are short.
  if (text.length > DEEPEST * 2 && isDeeperThan(DEEPEST, value)) return undefined
  return value as Record<string, unknown>
}

/** By so much the numbers leap where foreign messages may have been lost, as nobody heard them: how many is not known. */
export const LEAP = 1_000_000

/** What is missing between the entries of two numbers of a channel, `lost` where its number is known; undefined where nothing is. */
export function gapBetween(before: number, next: number): { readonly lost: number | undefined } | undefined {
  const missing = next - before - 1
  if (missing === 0) return undefined
  // A Redis that lost its memory counts anew.
  return { lost: missing > 0 && missing < LEAP ? missing : undefined }
}

/** Which of two ids Redis gave first: negative, zero or positive, as sorting wants it. */
export function compareIds(a: string, b: string): number {
  const [aTime = 0, aSequence = 0] = a.split('-').map(Number)
  const [bTime = 0, bSequence = 0] = b.split('-').map(Number)
  return aTime - bTime || aSequence - bSequence
}
