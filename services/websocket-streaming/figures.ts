import type { RegisterFigures } from '#src/service/http-metrics.ts'
import type { Sessions } from './clients/sessions.ts'
import type { Counts } from './counts.ts'
import type { Hub } from './hub.ts'

export interface Measured {
  readonly counts: Counts
  readonly sessions: Sessions
  readonly hub: Hub
}

/** What `/metrics` says of the streaming beside what every service says. Read when it is asked, so that a delivery costs nothing more. */
export function streamingFigures({ counts, sessions, hub }: Measured): RegisterFigures {
  return ({ Counter, Gauge }, registry) => {
    const registers = [registry]
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    const counter = (name: string, help: string, read: () => number) =>
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset()
          this.inc(read())
        },
      })
    gauge('streaming_clients', 'Clients that are connected and known.', () => sessions.admitted)
    gauge('streaming_clients_waiting', 'Connections that have not said who they are.', () => sessions.all.size - sessions.admitted)
    gauge('streaming_clients_slow', 'Clients that cannot take what they get.', () => count(sessions, ({ slow }) => slow))
    gauge('streaming_filters', 'Different subscriptions.', () => hub.filters)
    gauge('streaming_lag_seconds', 'From Redis to the last connection: the longest since this was last asked.', () => {
      const { lagMs } = counts
      counts.lagMs = 0
      return lagMs / 1_000
    })
    counter('streaming_connections_total', 'Clients that were taken in.', () => counts.connected)
    counter('streaming_messages_total', 'Messages of the streams.', () => counts.entries)
    counter('streaming_deliveries_total', 'Messages handed to connections.', () => counts.deliveries)
    counter('streaming_delivered_bytes_total', 'Bytes handed to connections.', () => counts.deliveredBytes)
    counter('streaming_coalesced_total', 'Messages that slow clients did not get because a newer one came.', () => counts.coalesced)
    counter('streaming_replayed_total', 'Messages that were replayed.', () => counts.replayed)
    counter('streaming_gaps_total', 'Times when messages of a channel were found missing.', () => counts.gaps)
    new Counter({
      name: 'streaming_closed_total',
      help: 'Connections that ended, by the code.',
      labelNames: ['code'],
      registers,
      collect() {
        this.reset()
        for (const [code, number] of counts.closed) this.inc({ code }, number)
      },
    })
  }
}

function count(sessions: Sessions, test: (session: { readonly slow: boolean }) => boolean): number {
  let number = 0
  for (const session of sessions.all) if (test(session)) number += 1
  return number
}
