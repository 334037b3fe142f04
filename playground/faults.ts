import { z } from 'zod'
import type { Emulator, Fault } from './emulator.ts'
import { problemsOf } from './read-body.ts'

export type Faults = ReadonlyMap<string, Fault>

/** Every fault by its full name: an emulator's carry its name before theirs (`discord.drop-gateway`). */
export function collectFaults(emulators: readonly Emulator[], own: Readonly<Record<string, Fault>>): Faults {
  const ofEmulators = emulators.flatMap(({ name, faults }) =>
    Object.entries(faults).map(([fault, it]) => [`${name}.${fault}`, it] as const),
  )
  return new Map([...ofEmulators, ...Object.entries(own)])
}

/** What the page shows: a button for each, with the fields of its form. */
export function listFaults(faults: Faults) {
  return [...faults].map(([fault, { describe, schema }]) => ({ fault, describe, schema: z.toJSONSchema(schema, { io: 'input' }) }))
}

const named = z.looseObject({ fault: z.string() })

export type Injection = { readonly ok: true; readonly done: unknown } | { readonly ok: false; readonly sentence: string }

/** Reads `{fault, …}` and injects it. What cannot be read is said in a sentence, and nothing happens. */
export async function injectFault(faults: Faults, body: unknown): Promise<Injection> {
  const asked = named.safeParse(body)
  if (!asked.success) return { ok: false, sentence: 'Say which fault: a JSON object with "fault" and what that fault needs.' }
  const { fault: name, ...rest } = asked.data
  const fault = faults.get(name)
  if (!fault) return { ok: false, sentence: `There is no fault called ${JSON.stringify(name)}. Nothing was done.` }
  const read = fault.schema.safeParse(rest)
  if (!read.success) return { ok: false, sentence: `The fault ${name} was not injected. ${problemsOf(read.error)}.` }
  return { ok: true, done: await fault.inject(read.data) }
}
