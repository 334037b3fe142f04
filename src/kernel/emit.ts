import type { Capabilities } from '#src/capabilities.ts'
import type { Event } from './event.ts'
import type { Log } from './log.ts'

/**
 * Tells every event file that listens to a name. Never throws or rejects: what fails is logged and handed to the event's `onGaveUp`. Resolves
 * when all of them are done: true where none failed.
 */
export type Emit = (name: string, payload: unknown) => Promise<boolean>

export function createEmit(events: readonly Event[], capabilities: Capabilities, log: Log): Emit {
  async function give(event: Event, payload: unknown): Promise<boolean> {
    const given = Object.fromEntries(event.needs.map((need) => [need, capabilities[need]])) as unknown as Capabilities
    try {
      await event.run(payload, given)
      return true
    } catch (error) {
      log.error({ err: error, event: event.on }, 'an event could not be handled')
      await event.onGaveUp(payload, error, given)
      return false
    }
  }

  async function tell(event: Event, payload: unknown): Promise<boolean> {
    const parsed = event.schema.safeParse(payload)
    if (!parsed.success) {
      const issues = parsed.error.issues.map(({ path, message }) => ({ path, message }))
      log.error({ event: event.on, issues }, 'an event has the wrong shape')
      return false
    }
    if (event.when && !event.when(parsed.data)) return true
    return give(event, parsed.data).catch((error: unknown) => {
      log.error({ err: error, event: event.on }, 'an event could not even be given up')
      return false
    })
  }

  return async (name, payload) => {
    const told = await Promise.all(events.filter(({ on }) => on === name).map((event) => tell(event, payload)))
    return told.every(Boolean)
  }
}
