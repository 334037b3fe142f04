import type { DiscordGatewayAdapterCreator, DiscordGatewayAdapterImplementerMethods } from '@discordjs/voice'
import type { Clock } from '#src/kernel/clock.ts'

export interface Pace {
  readonly adapter: DiscordGatewayAdapterCreator
  /** Until Discord may be asked again. */
  nextInMs(): number
  /** The connection is ready. */
  settled(): void
}

const FIRST_MS = 500
const LONGEST_MS = 15_000
/** A connection that breaks sooner than that again is still the same trouble. */
const SETTLED_MS = 10_000

/**
 * @discordjs/voice asks the gateway for a channel again in the tick in which a connection fails. With a voice server that is down that would be
 * a hundred times a minute, and the gateway closes the whole session for it. Refused here, it waits to be told.
 */
export function unhurried(create: DiscordGatewayAdapterCreator, clock: Clock): Pace {
  let waitMs = FIRST_MS
  let nextAt = 0
  let settledAt: number | undefined

  function mayJoin(): boolean {
    const now = clock.now().getTime()
    if (settledAt !== undefined && now - settledAt >= SETTLED_MS) waitMs = FIRST_MS
    settledAt = undefined
    if (now < nextAt) return false
    nextAt = now + waitMs
    waitMs = Math.min(waitMs * 2, LONGEST_MS)
    return true
  }

  function paced(methods: DiscordGatewayAdapterImplementerMethods): DiscordGatewayAdapterImplementerMethods {
    return {
      sendPayload: (payload: { d: { channel_id: string | null } }) =>
        (payload.d.channel_id === null || mayJoin()) && methods.sendPayload(payload),
      destroy: () => methods.destroy(),
    }
  }

  return {
    adapter: (methods) => paced(create(methods)),
    nextInMs: () => Math.max(nextAt - clock.now().getTime(), FIRST_MS),
    settled() {
      settledAt = clock.now().getTime()
    },
  }
}
