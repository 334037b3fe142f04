import { EventEmitter, once } from 'node:events'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { healthChannel, healthUpdate } from '../src/signals/health-message.ts'

const story = z.discriminatedUnion('type', [healthUpdate, z.looseObject({ type: z.literal('health_turned') })])

/** What the bot's health cycle says of itself on Redis. */
export interface HealthEar {
  /** Resolves with the next look, whatever it finds. */
  look(): Promise<unknown>
  /** Resolves with the next look that finds every service well, and how long after the look before it that was, in ms. */
  calmLook(): Promise<number>
  close(): void
}

/** Hears the looks of one environment. */
export async function hearHealth(redisUrl: string, environment: string): Promise<HealthEar> {
  const redis = new Redis(redisUrl)
  const looks = new EventEmitter<{ look: [afterMs: number, isCalm: boolean] }>()
  let before = Number.NaN
  redis.on('message', (_channel, text) => {
    const told = story.parse(JSON.parse(text))
    if (told.type !== 'health_update' || told.environment !== environment) return
    const now = performance.now()
    looks.emit('look', now - before, Object.keys(told.counts).join() === 'healthy')
    before = now
  })
  await redis.subscribe(healthChannel)
  return {
    look: () => once(looks, 'look'),
    async calmLook() {
      for (;;) {
        const [afterMs, isCalm] = await once(looks, 'look')
        if (isCalm) return afterMs
      }
    },
    close: () => redis.disconnect(),
  }
}
