import type { Updateable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { UpstreamFault } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Leased } from './lease.ts'
import { codes, isOfChannel } from './refusals.ts'
import { clearRefused, isRefused, type Refused, recordRefused, systemChannel } from './refused.ts'
import type { createTarget } from './target.ts'

export interface WayOutParts {
  readonly store: Store
  readonly target: ReturnType<typeof createTarget>
  readonly clock: Clock
  readonly log: Log
}

/** What must be seen and can be shown nowhere is tried again so often, and for so long, in ms. */
const againMs = 5 * 60_000
const longestMs = 86_400_000

/** What becomes of a message that Discord refuses to show where it belongs. */
export function createWayOut({ store, target, clock, log }: WayOutParts) {
  return {
    /** Counts the refusal and answers what its row is from now on. */
    async find(leased: Leased, reason: string, fault: UpstreamFault): Promise<Updateable<Database['messages']>> {
      const isDeleted = leased.message !== undefined && fault.code === codes.unknownMessage
      if (!isDeleted) await recordRefused(store.db, await about(leased, leased.channel), worded(leased, reason, fault), clock.now())
      const failures = leased.failures + 1
      const way = leased.important ? await around(leased, fault) : undefined
      if (!way) return { gone: reason, failures }
      log.info({ subject: leased.subject, channel: leased.channel }, 'a message that must be seen is shown elsewhere, or later')
      return { ...way, failures }
    },
    /** The channel that it was meant for, while that refuses messages; a note of it elsewhere would be wrong otherwise. */
    async stillMeantFor({ meantFor, channel, place: { guild } }: Leased): Promise<string | undefined> {
      if (meantFor === undefined || meantFor === channel) return undefined
      return (await isRefused(store.db, { guild, channel: meantFor, what: 'message' })) ? meantFor : undefined
    },
    /** Something is shown in that channel: what was refused there is over. */
    async clear(leased: Leased, channel: string): Promise<void> {
      const taken = leased.message === undefined ? 'message' : 'edit'
      await clearRefused(store.db, await about(leased, channel), taken)
      if (leased.channel !== channel && leased.threadOf === undefined) {
        await clearRefused(store.db, await about(leased, leased.channel), taken)
      }
    },
  }

  async function about({ place: { guild }, threadOf }: Leased, channel: string): Promise<Refused> {
    if (threadOf === undefined) return { guild, channel, what: 'message' }
    return { guild, channel: (await target.parentOf(threadOf))?.channel ?? systemChannel, what: 'thread' }
  }

  async function around(leased: Leased, fault: UpstreamFault): Promise<Updateable<Database['messages']> | undefined> {
    const { channel, message, meantFor, threadOf } = leased
    const anew = { message: null, renewals: leased.renewals + 1 }
    if (threadOf !== undefined) {
      const parent = await target.parentOf(threadOf)
      return { ...anew, thread_of: null, channel: parent?.channel ?? systemChannel }
    }
    if (fault.code === codes.unknownMessage && message !== undefined) return { ...anew, mentions: '[]' }
    if (!isOfChannel(fault)) return undefined
    if (channel !== systemChannel && meantFor === undefined) return { ...anew, thread: null, channel: systemChannel, meant_for: channel }
    const now = clock.now().getTime()
    if (now - leased.revisedAt.getTime() > longestMs) return undefined
    // Where it was meant to be counts first, every time.
    return { due_at: new Date(now + againMs), ...(meantFor !== undefined && { channel: meantFor, meant_for: null }) }
  }
}

function worded({ threadOf }: Leased, reason: string, { code }: UpstreamFault): string {
  if (threadOf === undefined || code !== codes.missingPermissions) return reason
  return 'Helix may not use threads there: give it Create Public Threads and Send Messages in Threads.'
}
