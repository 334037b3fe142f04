import { channels } from '#src/kernel/channels.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Streams } from '#src/streams/streams.ts'
import type { Principal } from '#src/tokens/tokens.ts'
import type { Counts } from '../counts.ts'
import { type Filter, filterOf, legacyFilter } from '../filter.ts'
import type { Hub, Listener } from '../hub.ts'
import type { StreamingLimits } from '../limits.ts'
import type { SubscriptionRequest } from '../messages/control-message.ts'
import type { Form, FramedEntry } from '../messages/framed-entry.ts'
import { createReplay, type Replay } from '../replay.ts'
import type { Outlet } from './outlet.ts'
import { createTurnstile } from './turnstile.ts'

export interface SubscriptionsDeps {
  readonly hub: Hub
  readonly streams: Pick<Streams, 'read'>
  readonly limits: StreamingLimits
  readonly counts: Counts
  readonly log: Log
}

/** What one client gets: changed by its `subscribe`, ended with it. */
export interface Subscribing {
  readonly filter: Filter | undefined
  /** As if it had asked for nothing. */
  plainly(): void
  /** Answers at once what was made of it, then replays, then goes on live. */
  to(request: SubscriptionRequest, principal: Principal, admin: boolean): void
  stop(): void
}

export interface Subscriptions {
  of(outlet: Outlet): Subscribing
}

export function createSubscriptions({ hub, streams, limits, counts, log }: SubscriptionsDeps): Subscriptions {
  const inTurn = createTurnstile({ most: limits.replays, mostOfOne: limits.replaysOfSubject })

  function subscribing(outlet: Outlet): Subscribing {
    let filter: Filter | undefined
    /** Until the live reader has passed it. */
    let replay: Replay | undefined
    let isReplaying = false
    let current = new AbortController()

    const listener: Listener = {
      deliver(batch, form) {
        if (!replay) return outlet.deliver(batch, form)
        const current = replay
        hand(isReplaying ? batch.entries.filter((entry) => !current.hold(entry)) : current.unread(batch.entries), form)
        if (!isReplaying && current.passed) replay = undefined
      },
      gap(channel, lost) {
        if (filter?.form === 'enveloped') outlet.say({ type: 'gap', reason: 'lost', channel, ...(lost !== undefined && { lost }) })
      },
    }

    function hand(entries: readonly FramedEntry[], form: Form): void {
      if (entries.length > 0) outlet.deliver({ entries, bytes: Buffer.concat(entries.map((entry) => entry.frame(form))) }, form)
    }

    function begin(next: Filter): AbortSignal {
      current.abort()
      current = new AbortController()
      replay = undefined
      isReplaying = false
      filter = next
      hub.join(listener, next)
      return current.signal
    }

    async function catchUp(subject: string, wanted: Filter, after: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
      // Its turn ends with the reading: how long the client then takes is its own affair.
      const read: Streams['read'] = (channel, range) => inTurn(subject, signal, () => streams.read(channel, range))
      const own = createReplay({ read, outlet, filter: wanted, after, limits, counts, signal })
      replay = own
      isReplaying = true
      const replayed = await own.run().catch((err: unknown) => {
        if (!signal.aborted && !(err instanceof UpstreamError)) log.error({ err }, 'a replay failed')
        return undefined
      })
      if (signal.aborted) return
      isReplaying = false
      hand(own.unread(own.held), wanted.form)
      if (replayed === undefined) outlet.say({ type: 'gap', reason: 'unavailable', channels: [...after.keys()] })
      else outlet.say({ type: 'live', replayed })
    }

    return {
      get filter() {
        return filter
      },
      plainly: () => void begin(legacyFilter),
      to(request, { role, subject }, admin) {
        const wanted = filterOf(request, role, admin ? ['*'] : [channels.consciousnessStream])
        if (typeof wanted === 'string') return outlet.say({ type: 'error', detail: wanted })
        const after = beginnings(request.after, wanted)
        const signal = begin(wanted)
        outlet.say({ type: 'subscribed', channels: [...wanted.channels], agents: wanted.agents ? [...wanted.agents] : null })
        if (after.size > 0) void catchUp(subject, wanted, after, signal)
      },
      stop() {
        current.abort()
        hub.leave(listener)
        filter = undefined
      },
    }
  }
  return { of: subscribing }
}

/** Of the channels that are wanted; one id is good for all of them, as all are made of the same time. */
function beginnings(after: SubscriptionRequest['after'], { channels: wanted }: Filter): ReadonlyMap<string, string> {
  if (after === undefined) return new Map()
  if (typeof after === 'string') return new Map([...wanted].map((channel) => [channel, after]))
  return new Map(Object.entries(after).filter(([channel]) => wanted.has(channel)))
}
