import type { z } from 'zod'
import type { Fault } from '#playground/emulator.ts'

export type Faults = Readonly<Record<string, Fault>>

/** What `clear` undoes. */
export type Undo = Set<() => void>

export function fault<Body>(describe: string, schema: z.ZodType<Body>, act: (body: Body) => unknown): Fault {
  return { describe, schema: schema as z.ZodType<unknown>, inject: async (body) => act(schema.parse(body)) ?? {} }
}

/** What was asked for is not there: the playground answers 400 with this sentence. */
export function notThere(sentence: string): Error {
  return Object.assign(new Error(sentence), { statusCode: 400 })
}
