import { readJson } from '#src/kernel/read-json.ts'
import type { Message } from './shapes/shape.ts'
import { isObject } from './shapes/words.ts'
import type { Batch } from './stream-group.ts'

/**
 * The messages of a batch read at once, which is the least work. Where one of them is no JSON, or more than one value,
 * they are read one by one. What is no object is counted.
 */
export async function messagesOf(
  { json, delivered, odd, first, last }: Batch,
  textsOf: (first: string, last: string) => Promise<readonly string[]>,
): Promise<{ readonly messages: readonly Message[]; readonly unreadable: number }> {
  const many = delivered - odd
  if (many === 0) return { messages: [], unreadable: 0 }
  const all = valueIn(json)
  const values = Array.isArray(all) && all.length === many ? all : (await textsOf(first, last)).map(valueIn)
  const messages = values.filter(isObject)
  return { messages, unreadable: Math.max(0, many - messages.length) }
}

/** Undefined for what is no JSON, or nested without end. */
function valueIn(text: string): unknown {
  try {
    return readJson(text)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
