import type { Capabilities } from '#src/capabilities.ts'
import type { Event } from './event.ts'
import type { Log } from './log.ts'

/** Tells every event file that listens to a name. Never throws: what fails is logged and handed to the event's `onGaveUp`. */
export type Emit = (name: string, payload: unknown) => void

export function createEmit(events: readonly Event[], capabilities: Capabilities, log: Log): Emit {
  async function give(event: Event, payload: unknown): Promise<void> {
    const given = Object.fromEntries(event.needs.map((need) => [need, capabilities[need]])) as unknown as Capabilities
    try {
      await event.run(payload, given)
    } catch (error) {
      log.error({ err: error, event: event.on }, 'an event could not be handled')
      await event.onGaveUp(payload, error, given)
    }
  }
  return (name, payload) => {
    for (const event of events.filter(({ on }) => on === name)) {
      const parsed = event.schema.safeParse(payload)
      if (!parsed.success) {
        log.error(
          { event: name, issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) },
          'an event has the wrong shape',
        )
        continue
      }
      if (event.when && !event.when(parsed.data)) continue
      give(event, parsed.data).catch((error: unknown) => log.error({ err: error, event: name }, 'an event could not even be given up'))
    }
  }
}
