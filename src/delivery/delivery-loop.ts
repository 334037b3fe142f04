import type { Store } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import { type Leased, nextDue, takeDue } from './lease.ts'
import { news } from './outbox.ts'

export interface DeliveryLoopParts {
  readonly store: Store
  readonly deliver: (leased: Leased) => Promise<void>
  readonly clock: Clock
  readonly log: Log
}

/** How often the outbox is looked at without being told, and how long a look that failed is waited out, in ms. */
const pollMs = 5_000
const soonMs = 25
const afterFailureMs = 1_000
/** Messages that one process delivers at the same moment. */
const atOnce = 8

/** Delivers what is due: woken by NOTIFY, by the next message's time, and now and then by itself. */
export function createDeliveryLoop({ store, deliver, clock, log }: DeliveryLoopParts) {
  const underWay = new Set<Promise<void>>()
  let ear: { stop(): Promise<void> } | undefined
  const loop = createLoop(
    () =>
      look().catch((error: Error) => {
        log.warn({ reason: error.message }, 'the outbox cannot be read')
        return afterFailureMs
      }),
    clock,
  )

  /** Begins all deliveries there is room for; answers when to look again, in ms. */
  async function look(): Promise<number> {
    const room = atOnce - underWay.size
    if (room <= 0) return pollMs // The next that ends wakes the loop.
    for (const leased of await takeDue(store, clock.now(), room)) {
      const one = deliver(leased)
        .catch((error: Error) => log.warn({ reason: error.message, message: leased.id }, 'a delivery could not be written down'))
        .finally(() => {
          underWay.delete(one)
          loop.wake()
        })
      underWay.add(one)
    }
    const due = await nextDue(store)
    return due ? Math.max(soonMs, Math.min(due.getTime() - clock.now().getTime(), pollMs)) : pollMs
  }

  return {
    async start(): Promise<void> {
      ear ??= await store.listen(news, loop.wake)
      loop.start()
    },
    async stop(): Promise<void> {
      await ear?.stop()
      await loop.stop()
      await Promise.allSettled(underWay)
    },
  }
}
