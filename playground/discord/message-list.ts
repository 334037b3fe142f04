import type { Message } from './model.ts'
import { present } from './present.ts'
import { formError } from './schemas/form-errors.ts'
import type { World } from './world.ts'

interface Query {
  readonly limit?: string | undefined
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly around?: string | undefined
}

/** A channel's messages newest first, with those ephemeral ones that are this viewer's. Refuses 50035 for a limit outside 1 to 100. */
export function listMessages(world: World, channel: string, viewer: string | undefined, query: Query): Message[] {
  const limit = Number(query.limit ?? 50)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw formError(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.')
  const newest = [...(world.messages.get(channel)?.values() ?? [])]
    .filter(({ visibleTo }) => visibleTo === undefined || visibleTo === viewer)
    .map(({ message }) => message)
    .reverse()
  return pick(newest, query, limit).map((message) => present(message, world))
}

function pick(newest: readonly Message[], { before, after, around }: Query, limit: number): readonly Message[] {
  if (before) return newest.filter(({ id }) => BigInt(id) < BigInt(before)).slice(0, limit)
  if (after) return newest.filter(({ id }) => BigInt(id) > BigInt(after)).slice(-limit)
  if (!around) return newest.slice(0, limit)
  const at = newest.findIndex(({ id }) => BigInt(id) <= BigInt(around))
  const from = Math.max(0, at - Math.floor(limit / 2))
  return newest.slice(from, from + limit)
}
