import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { Log } from '#src/kernel/log.ts'

const CHANNEL = 'zapier_wake'

/** Tells the workers of every process that there is something to do. A hint and no more: without Redis they look by themselves. */
export interface WakeSignal {
  give(): void
  stop(): void
}

export function createWakeSignal({ client }: Pick<RedisConnection, 'client'>, onWake: () => void, log: Log): WakeSignal {
  const ear = client.duplicate()
  ear.on('error', (error) => log.debug({ reason: error.message }, 'the wake signal cannot be heard'))
  ear.on('message', onWake)
  // Subscribed anew by itself after each outage.
  ear.subscribe(CHANNEL).catch((error: Error) => log.debug({ reason: error.message }, 'the wake signal cannot be heard yet'))
  return {
    give() {
      if (client.status !== 'ready') return
      client.publish(CHANNEL, '').catch((error: Error) => log.debug({ reason: error.message }, 'the wake signal was not given'))
    },
    stop: () => ear.disconnect(),
  }
}
