import type { Streams } from '#src/streams/streams.ts'
import { type AcceptedEvent, messageOf, placeOf } from '../event-message.ts'
import type { Handled } from '../work/lane.ts'

/** Existing clients read the lists, and read far back in none; who wants more asks `/api/events`. */
const MOST_LISTED = 1_000
/** Nobody is told twice within so long, however often a process dies between telling and noting it down. */
const ONCE_SECONDS = 3_600

/** Puts an event on its channel, its stream and its list, in one step and once for its id. Throws UpstreamError where Redis did not say that it has it. */
export async function tellRedis(streams: Pick<Streams, 'publish'>, event: AcceptedEvent): Promise<Handled> {
  const { channel, list } = placeOf[event.kind]
  const id = await streams.publish(channel, messageOf(event), {
    once: { key: `zapier:${event.id}`, seconds: ONCE_SECONDS },
    list: { key: list, most: MOST_LISTED },
  })
  return { state: 'done', outcome: { sentence: `Told on ${channel} as ${id}.` } }
}
