import type { Updateable } from 'kysely'
import type { DiscordMessages, MessageBody } from '#src/adapters/discord/discord.ts'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { MessageRef, Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'
import { dressed, sentOn } from './dress.ts'
import type { Leased } from './lease.ts'
import { codes, type Refusal, refusalOf, waitMs } from './refusals.ts'
import { anew, isOld, renewal } from './renewal.ts'
import { createTarget } from './target.ts'
import { createWayOut } from './way-out.ts'

export interface DeliverParts {
  readonly store: Store
  readonly messages: DiscordMessages
  readonly render: (report: Report, place: Place) => Promise<MessageBody>
  readonly clock: Clock
  readonly log: Log
}

/** The least time between two edits of one message, in ms: Discord allows five in 5 s for all of a channel. */
export const betweenEditsMs = 1_000

/** Brings one message to its subject's newest revision. Edits are absolute: done twice, or in the place of older ones, they are right. */
export function createDeliver({ store, messages, render, clock, log }: DeliverParts) {
  const target = createTarget({ store, messages })
  const wayOut = createWayOut({ store, target, clock, log })

  return async function deliver(leased: Leased): Promise<void> {
    if (leased.message !== undefined && leased.retired !== undefined) return retire(leased, leased.message, leased.retired)
    const old = isOld(leased, clock)
    if (old && leased.message !== undefined && leased.oldEdits >= renewal.mostOldEdits) return void (await release(leased, anew(leased), 0))
    let ref: MessageRef
    try {
      const body = await render(leased.report, leased.place)
      ref = await send(leased, dressed(body, { ...leased, meantFor: await wayOut.stillMeantFor(leased) }))
    } catch (error) {
      return refused(leased, error, old)
    }
    // A creation that is tried again answers the message of the first try, with what it said then: it is edited next.
    const isOlder = leased.message === undefined && leased.lease > 1
    const created = leased.message === undefined && { channel: ref.channel, made_at: clock.now() }
    const edited = old && { old_edits: leased.oldEdits + 1 }
    const written = { ...created, ...edited, message: ref.message, shown: isOlder ? 0 : leased.revision, failures: 0 }
    const kept = await release(leased, written, old ? renewal.betweenOldEditsMs : betweenEditsMs)
    // Another took over while this answer was on its way: which of the two stands is not known, so it is shown once more.
    if (!kept)
      await store.db
        .updateTable('messages')
        .set({ shown: 0, ...created, message: ref.message })
        .where('id', '=', leased.id)
        .execute()
    await wayOut.clear(leased, ref.channel)
  }

  async function send(leased: Leased, body: MessageBody): Promise<MessageRef> {
    const { channel, message } = leased
    if (message === undefined) return target.post(leased, body)
    await messages.edit({ channel, message }, body)
    return { channel, message }
  }

  /** Sends the readers of the message before on to the one that stands. Where a thread hangs on it, it must stay. */
  async function retire(leased: Leased, message: string, retired: string): Promise<void> {
    const { channel, place, thread } = leased
    const before = { channel, message: retired }
    try {
      if (thread === undefined) await messages.remove(before)
      else await messages.edit(before, sentOn(place.guild, channel, message))
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      if (refusalOf(error.fault) === 'later') return postpone(leased, error)
    }
    await release(leased, { retired: null, failures: 0 }, 0)
  }

  async function refused(leased: Leased, error: unknown, old: boolean): Promise<void> {
    const fault = error instanceof UpstreamError ? error.fault : undefined
    const refusal: Refusal = fault ? refusalOf(fault) : 'skip'
    const reason = error instanceof Error ? error.message : String(error)
    const about = { subject: leased.subject, channel: leased.channel, message: leased.message, reason }
    switch (refusal) {
      case 'gone':
        log.warn(about, 'a message can no longer be kept up to date')
        await release(leased, await wayOut.find(leased, reason, fault!), 0)
        return
      case 'skip':
        // This report cannot be shown, and would not be at the next try: a newer one may.
        log.error({ ...about, err: error, revision: leased.revision }, 'a report could not be shown')
        await release(leased, { shown: leased.revision, failures: leased.failures + 1 }, betweenEditsMs)
        return
      case 'later':
        if (fault && isTooOld(leased, fault, old)) await release(leased, anew(leased), 0)
        else await postpone(leased, error)
    }
  }

  async function postpone(leased: Leased, error: unknown): Promise<void> {
    const failures = leased.failures + 1
    const { subject, channel, message } = leased
    const reason = error instanceof Error ? error.message : String(error)
    log.info({ subject, channel, message, reason, failures }, 'a message is delivered later')
    await release(leased, { failures }, waitMs(failures, error instanceof UpstreamError ? error.fault.retryAfterMs : undefined))
  }

  /** False where the lease is another's by now: nothing was written then. */
  async function release({ id, lease }: Leased, written: Written, thenMs: number): Promise<boolean> {
    const { numUpdatedRows } = await store.db
      .updateTable('messages')
      .set({ due_at: new Date(clock.now().getTime() + thenMs), ...written, leased_until: null, sent_at: clock.now() })
      .where('id', '=', id)
      .where('lease', '=', lease)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }
}

/** Whatever Helix holds it to be, Discord knows how old it is. Answers to interactions stay where they were asked for. */
function isTooOld({ madeAt }: Leased, { status, code }: UpstreamFault, old: boolean): boolean {
  return madeAt !== undefined && status === 429 && (old || code === codes.oldEdits)
}

type Written = Updateable<Database['messages']>
