import type { DiscordMessages, MessageBody } from '#src/adapters/discord/discord.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { MessageRef, Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Leased } from './lease.ts'
import { type Refusal, refusalOf, waitMs } from './refusals.ts'

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
  return async function deliver(leased: Leased): Promise<void> {
    let ref: MessageRef
    try {
      ref = await send(leased, await render(leased.report, leased.place))
    } catch (error) {
      return refused(leased, error)
    }
    // A creation that is tried again answers the message of the first try, with what it said then: it is edited next.
    const isOlder = leased.message === undefined && leased.lease > 1
    const kept = await release(leased, { message: ref.message, shown: isOlder ? 0 : leased.revision, failures: 0 }, betweenEditsMs)
    // Another took over while this answer was on its way: which of the two stands is not known, so it is shown once more.
    if (!kept) await store.db.updateTable('messages').set({ shown: 0, message: ref.message }).where('id', '=', leased.id).execute()
  }

  async function send({ id, channel, message }: Leased, body: MessageBody): Promise<MessageRef> {
    if (message === undefined) return messages.create(channel, body, nonceOf(id))
    await messages.edit({ channel, message }, body)
    return { channel, message }
  }

  async function refused(leased: Leased, error: unknown): Promise<void> {
    const refusal: Refusal = error instanceof UpstreamError ? refusalOf(error.fault) : 'skip'
    const reason = error instanceof Error ? error.message : String(error)
    const about = { subject: leased.subject, channel: leased.channel, message: leased.message, reason }
    const failures = leased.failures + 1
    switch (refusal) {
      case 'gone':
        log.warn(about, 'a message can no longer be kept up to date')
        await release(leased, { gone: reason, failures }, 0)
        return
      case 'skip':
        // This report cannot be shown, and would not be at the next try: a newer one may.
        log.error({ ...about, err: error, revision: leased.revision }, 'a report could not be shown')
        await release(leased, { shown: leased.revision, failures }, betweenEditsMs)
        return
      case 'later':
        log.info({ ...about, failures }, 'a message is delivered later')
        await release(leased, { failures }, waitMs(failures, error instanceof UpstreamError ? error.fault.retryAfterMs : undefined))
    }
  }

  /** False where the lease is another's by now: nothing was written then. */
  async function release({ id, lease }: Leased, written: Written, thenMs: number): Promise<boolean> {
    const { numUpdatedRows } = await store.db
      .updateTable('messages')
      .set({ ...written, leased_until: null, due_at: new Date(clock.now().getTime() + thenMs) })
      .where('id', '=', id)
      .where('lease', '=', lease)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }
}

type Written = { readonly message?: string; readonly shown?: number; readonly failures?: number; readonly gone?: string }

/** The same for every try: Discord then answers with the message that stands already. At most 25 characters. */
function nonceOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
}
