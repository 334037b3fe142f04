import type { DiscordMessages, MessageBody } from '#src/adapters/discord/discord.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'
import { createDeliver } from './deliver.ts'
import type { Delivery } from './delivery.ts'
import { createDeliveryLoop } from './delivery-loop.ts'
import { createOutbox } from './outbox.ts'

export interface DeliveryParts {
  readonly store: Store
  readonly messages: DiscordMessages
  readonly render: (report: Report, place: Place) => Promise<MessageBody>
  readonly clock: Clock
  readonly log: Log
}

/** The outbox with both its ends: whoever writes it, and (between start and stop) who delivers. */
export function createDelivery({ store, messages, render, clock, log }: DeliveryParts): Delivery {
  const outbox = createOutbox(store, clock)
  const loop = createDeliveryLoop({ store, deliver: createDeliver({ store, messages, render, clock, log }), clock, log })
  return { ...outbox, start: loop.start, stop: loop.stop }
}
